/** The pages on which people sign in and agree at the simulated vendors: plain, without scripts, for keyboard and phone. */

const STYLE = `
:root { color-scheme: light dark; --ground: light-dark(#f4f5f7, #15181d); --sheet: light-dark(#fff, #1d2128);
  --ink: light-dark(#1b2230, #e8ebf0); --soft: light-dark(#525d6e, #a9b3c2); --line: light-dark(#c9d0da, #434c5a);
  --accent: light-dark(#1f5fd0, #8ab4ff); --on-accent: light-dark(#fff, #10151d); }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 28rem; margin: 0 auto; padding: 1.5rem; background: var(--sheet); border: 1px solid var(--line); border-radius: .75rem; }
h1 { font-size: 1.35rem; line-height: 1.25; margin: 0 0 .75rem; }
p, ul { margin: 0 0 1rem; } ul { padding-left: 1.25rem; }
.vendor { color: var(--soft); margin: 0 0 .5rem; }
form { display: grid; gap: 1rem; }
label { display: grid; gap: .25rem; } fieldset label { display: flex; gap: .5rem; align-items: baseline; }
fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: 0; padding: .5rem 1rem .75rem; display: grid; gap: .25rem; }
select { font: inherit; padding: .5rem; color: inherit; background: var(--sheet); border: 1px solid var(--line); border-radius: .5rem; width: 100%; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; }
button, .choice { font: inherit; padding: .6rem 1.1rem; border-radius: .5rem; border: 1px solid var(--line); background: transparent; color: inherit; cursor: pointer; }
button.main { background: var(--accent); color: var(--on-accent); border-color: transparent; font-weight: 600; }
.choices { list-style: none; padding: 0; display: grid; gap: .5rem; }
.choice { display: block; text-decoration: none; } .choice small { display: block; color: var(--soft); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

/** What such a page may load: nothing but its own style. Forms lead to other addresses, so no rule is given for them. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

/** `body` is HTML. */
export const signInPage = (vendor: string, title: string, body: string): string =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} · ${escapeHtml(vendor)} (simulated)</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><main><p class="vendor">${escapeHtml(vendor)} (simulated)</p><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`;

/** A form that leads on by GET, with the query it came with and what the person chose. */
export const form = (action: string, query: URLSearchParams, parts: readonly string[]): string =>
  `<form method="get" action="${escapeHtml(action)}">${[...query]
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join("")}${parts.join("")}</form>`;

/** The first one is what Enter does. */
export const buttons = (name: string, choices: readonly (readonly [value: string, label: string])[]): string =>
  `<div class="buttons">${choices
    .map(
      ([value, label], place) =>
        `<button type="submit" id="${escapeHtml(value)}" name="${escapeHtml(name)}" value="${escapeHtml(value)}"${place === 0 ? ' class="main"' : ""}>${escapeHtml(label)}</button>`,
    )
    .join("")}</div>`;

export interface Option {
  readonly value: string;
  readonly label: string;
}
export const select = (name: string, label: string, options: readonly Option[]): string =>
  `<label>${escapeHtml(label)}<select name="${escapeHtml(name)}">${options
    .map((option) => `<option value="${escapeHtml(option.value)}">${escapeHtml(option.label)}</option>`)
    .join("")}</select></label>`;

/** All are ticked to begin with. */
export const checkboxes = (name: string, legend: string, options: readonly Option[]): string =>
  `<fieldset><legend>${escapeHtml(legend)}</legend>${options
    .map(
      ({ value, label }) =>
        `<label><input type="checkbox" name="${escapeHtml(name)}" value="${escapeHtml(value)}" checked> <span>${escapeHtml(label)}</span></label>`,
    )
    .join("")}</fieldset>`;

export const links = (
  choices: readonly { readonly href: string; readonly label: string; readonly note: string }[],
): string =>
  `<ul class="choices">${choices
    .map(
      ({ href, label, note }) =>
        `<li><a class="choice" href="${escapeHtml(href)}">${escapeHtml(label)}<small>${escapeHtml(note)}</small></a></li>`,
    )
    .join("")}</ul>`;

export const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;
export const list = (items: readonly string[]): string =>
  `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join("")}</ul>`;

export const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** The query without what an earlier page's form added. */
export function without(query: URLSearchParams, ...names: readonly string[]): URLSearchParams {
  const left = new URLSearchParams(query);
  for (const name of names) left.delete(name);
  return left;
}
