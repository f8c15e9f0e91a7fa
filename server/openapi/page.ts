import { hash } from "node:crypto";
import { escaped } from "../html.ts";
import { type Chapter, chaptersOf, type Part, preface, type Told } from "./chapters.ts";
import type { ApiDocument } from "./document.ts";
import type { Field } from "./fields.ts";
import { style } from "./page-style.ts";

/** The page loads nothing, runs nothing and sends nothing: one style, known by its hash. */
export const referencePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${hash("sha256", style, "base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The document to read, at `/api/reference`. */
export function referencePage(document: ApiDocument): string {
  const chapters = chaptersOf(document);
  const secure = document.servers.some(({ url }) => url.startsWith("https:"));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(document.info.title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<nav aria-label="Operations">
<p><a href="/">Console</a> · <a href="/api/v1/openapi.json">openapi.json</a></p>
${chapters.map(contents).join("\n")}
</nav>
<main id="content">
<h1>${escaped(document.info.title)}</h1>
<p>${escaped(document.info.description)}</p>
${preface(secure)
  .map((text) => `<p>${inline(text)}</p>`)
  .join("\n")}
${chapters.map(chapter).join("\n")}
</main>
</body>
</html>
`;
}

const contents = ({ id, title, operations }: Chapter): string =>
  `<h2><a href="#${escaped(id)}">${escaped(title)}</a></h2>
<ul>${operations.map((one) => `<li><a href="#${escaped(one.id)}">${escaped(one.summary)}</a></li>`).join("")}</ul>`;

const chapter = ({ id, title, operations }: Chapter): string =>
  `<section aria-labelledby="${escaped(id)}">
<h2 id="${escaped(id)}">${escaped(title)}</h2>
${operations.map(operation).join("\n")}
</section>`;

const operation = (told: Told): string => `<article aria-labelledby="${escaped(told.id)}">
<h3 id="${escaped(told.id)}">${escaped(told.summary)}</h3>
<p class="line"><span class="${escaped(told.method)}">${escaped(told.method)}</span> <code>${escaped(told.path)}</code></p>
<p class="who">${escaped(told.who)}</p>
<pre tabindex="0" aria-label="Example"><code>${escaped(told.curl)}</code></pre>
${told.parameters.length > 0 ? table("Parameters", told.parameters) : ""}
${told.body ? part("Body", told.body) : ""}
${told.answer ? part(`Answer ${told.statuses}`, told.answer) : ""}
</article>`;

function part(title: string, { type, fields }: Part): string {
  const told = table(title, fields);
  if (fields.length === 0) return `<p>${escaped(title)}: <code>${escaped(type === "object" ? "{}" : type)}</code></p>`;
  return fields.length <= 8
    ? told
    : `<details><summary>${escaped(title)}, ${fields.length} fields</summary>${told}</details>`;
}

function table(title: string, fields: readonly Field[]): string {
  const described = fields.some(({ description }) => description !== "");
  const row = (cells: readonly string[]) => `<tr>${cells.slice(0, described ? 3 : 2).join("")}</tr>`;
  const head = [title, "Type", "Meaning"].map((text) => `<th scope="col">${escaped(text)}</th>`);
  const rows = fields.map(({ name, type, required, description }) =>
    row([
      `<td><code>${escaped(name)}</code>${required ? "" : " <i>optional</i>"}</td>`,
      `<td>${escaped(type)}</td>`,
      `<td>${inline(description)}</td>`,
    ]),
  );
  return `<div class="table" tabindex="0" role="region" aria-label="${escaped(title)}"><table>
<thead>${row(head)}</thead>
<tbody>${rows.join("")}</tbody>
</table></div>`;
}

/** Words with `code` in them. */
const inline = (text: string): string => escaped(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
