/** Light and dark by the reader's own setting; on a phone the contents stand above the text. */
export const style = `
:root { color-scheme: light dark; --ink: light-dark(#1b1e27, #e8eaf0); --dim: light-dark(#565c6b, #a3a9b8);
  --paper: light-dark(#fff, #14161c); --raised: light-dark(#f4f5f8, #1e2129); --line: light-dark(#d9dce4, #343946);
  --accent: light-dark(#2851c7, #8fb0ff); }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; font: 1rem/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  display: grid; grid-template-columns: 18rem minmax(0, 1fr); }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .25rem .5rem; z-index: 1; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem 1.25rem; border-right: 1px solid var(--line);
  font-size: .875rem; }
nav h2 { font-size: .875rem; margin: 1rem 0 .25rem; }
nav ul { margin: 0; padding: 0; list-style: none; }
nav li { padding: .125rem 0; }
nav li a { color: var(--dim); text-decoration: none; }
nav li a:hover { color: var(--accent); text-decoration: underline; }
main { padding: 1.5rem 2rem 6rem; max-width: 60rem; min-width: 0; }
h1 { font-size: 1.75rem; margin: 0 0 .5rem; }
main h2 { margin: 3rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { margin: 2.25rem 0 .25rem; font-size: 1.0625rem; }
.line { margin: 0; overflow-wrap: anywhere; }
.who { margin: 0 0 .5rem; color: var(--dim); font-size: .875rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .875em; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem; overflow: auto;
  margin: 0 0 .75rem; }
.GET, .POST { font-weight: 700; font-size: .8125rem; color: var(--accent); }
.table { overflow: auto; margin: 0 0 .75rem; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--dim); font-weight: 600; }
td i { color: var(--dim); }
summary { cursor: pointer; color: var(--accent); font-size: .875rem; padding: .25rem 0; }
@media (max-width: 48rem) {
  body { display: block; }
  nav { position: static; height: auto; border: 0; border-bottom: 1px solid var(--line); }
  nav ul { display: none; }
  nav h2 { display: inline-block; margin: .25rem .75rem 0 0; }
  main { padding: 1rem; }
}
`;
