import type { z } from "zod";

const mark = "data-probed";

/** Labels as somebody who means harm, or who only has a strange keyboard, writes them. What they would make carries `data-probed`. */
export const probes: readonly string[] = [
  `<script ${mark}>window.hacked=1</script>`,
  `<img ${mark} src=x onerror="window.hacked=1">`,
  `<img ${mark} src="/probed.png">`,
  `<svg ${mark} onload=window.hacked=1>`,
  `<svg ${mark}><script>window.hacked=1</script></svg>`,
  `<svg><animate ${mark} onbegin=window.hacked=1 attributeName=x dur=1s>`,
  `<math ${mark}><mtext><table><mglyph><style><img src=x onerror=window.hacked=1>`,
  `<iframe ${mark} src="javascript:window.parent.hacked=1"></iframe>`,
  `<iframe ${mark} srcdoc="<script>parent.hacked=1</script>"></iframe>`,
  `<object ${mark} data="/probed.html"></object>`,
  `<embed ${mark} src="/probed.swf">`,
  `<body ${mark} onload=window.hacked=1>`,
  `<details ${mark} open ontoggle=window.hacked=1>`,
  `<video ${mark} autoplay><source onerror=window.hacked=1></video>`,
  `<input ${mark} autofocus onfocus=window.hacked=1>`,
  `<select ${mark} autofocus onfocus=window.hacked=1>`,
  `<form ${mark} action="/probed"><button>Send`,
  `<base ${mark} href="//probed.invalid/">`,
  `<meta ${mark} http-equiv="refresh" content="0;url=//probed.invalid/">`,
  `<link ${mark} rel="stylesheet" href="//probed.invalid/x.css">`,
  `<style ${mark}>*{display:none}</style>`,
  `<a ${mark} href="javascript:window.hacked=1">here</a>`,
  `<b ${mark}>bold</b><!-- `,
  `"><script ${mark}>window.hacked=1</script>`,
  `' onmouseover='window.hacked=1' ${mark}='`,
  `\`-window.hacked=1-\``,
  `--></title></textarea></script><script ${mark}>window.hacked=1</script>`,
  `</bdi></td></tr></table><h1 ${mark}>Signed out</h1>`,
  `{{constructor.constructor("window.hacked=1")()}}`,
  `\${window.hacked=1} #{window.hacked=1} <%= window.hacked=1 %>`,
  `javascript:window.hacked=1//`,
  `data:text/html,<script ${mark}>window.hacked=1</script>`,
  `&lt;script&gt;window.hacked=1&lt;/script&gt; &#60;b&#62; %3Cscript%3E \\u003cscript\\u003e`,
  `=HYPERLINK("//probed.invalid","here") +1 -1 @SUM(1)`,
  `\u202Eesrever \u2066isolated\u2069 \u202Cand \u200Fback`,
  `null\u0000byte, \u0007bell, \u001B[31mred, zero\u200Bwidth \uFEFFmark`,
  `\u{1F468}\u200D\u{1F469}\u200D\u{1F467}\u200D\u{1F466} \u{1F1EA}\u{1F1FA} e${"\u0301".repeat(30)}`,
  `__proto__ constructor toString undefined NaN null true 0`,
  "W".repeat(200),
  "a label of many words ".repeat(12).trim(),
];

/** Several in one label, so that a page with a few labels sees them all. */
const labels: readonly string[] = Array.from({ length: 10 }, (_, n) =>
  probes.filter((_probe, place) => place % 10 === n).join(" "),
);

/** What our own server makes up, or what the address holds on to: nobody outside chooses it. */
const ours =
  /^(id|about|code|pausedCode|reason|connector|connectionId|connection|datasetId|dataset|startPath|payload|itWas|rebuilt|next|cursor|timeZone|currency|country)$/;

/** The answer with a hostile label wherever somebody outside writes one; the same words get the same label everywhere. */
export function hostile(answer: object, schema: z.ZodType): object {
  // Not a structured clone: that keeps one object in two places one.
  const whole = JSON.parse(JSON.stringify(answer)) as object;
  spoil(whole, () => schema.safeParse(whole).success);
  return whole;
}

function spoil(part: object, holds: () => boolean): void {
  const members = part as Record<string, unknown>;
  for (const [name, value] of Object.entries(members)) {
    if (typeof value === "object" && value !== null) spoil(value, holds);
    const chosen = !ours.test(name) || (name === "id" && ("object" in part || "label" in part));
    if (typeof value !== "string" || !chosen) continue;
    members[name] = labelFor(value, longest[name]);
    if (!holds()) members[name] = value;
  }
}

/** Ids are asked for again, and the API takes none that is longer. */
const longest: Readonly<Record<string, number>> = { object: 64, record: 256, id: 256 };

function labelFor(value: string, limit = Number.POSITIVE_INFINITY): string {
  const place = [...value].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7);
  const fitting = [...labels, ...(limit < Number.POSITIVE_INFINITY ? probes : [])].filter(
    (label) => label.length + value.length < limit,
  );
  return `${fitting[place % fitting.length] ?? ""} ${value}`;
}
