import { escaped } from "../html.ts";

/** An address of ours or a vendor's in the text becomes a link; what may end a sentence or a bracket does not belong to it. */
const link = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** The same words as HTML: paragraphs, line breaks, links. Everything else in the text is text. */
export function htmlOf(text: string): string {
  const paragraphs = text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${withLinks(paragraph).replaceAll("\n", "<br>\n")}</p>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 40em">
${paragraphs.join("\n")}
</body></html>
`;
}

function withLinks(text: string): string {
  const found = [...text.matchAll(link)];
  const starts = found.map((match) => match.index + match[0].length);
  const between = [0, ...starts].map((start, n) => escaped(text.slice(start, found[n]?.index)));
  return between
    .map((words, n) => {
      const address = found[n]?.[0];
      return address ? `${words}<a href="${escaped(address)}">${escaped(address)}</a>` : words;
    })
    .join("");
}
