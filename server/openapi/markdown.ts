import { type Chapter, chaptersOf, type Part, preface, type Told } from "./chapters.ts";
import type { ApiDocument } from "./document.ts";
import type { Field } from "./fields.ts";

/** `docs/api.md` */
export const markdownOf = (document: ApiDocument): string =>
  `${[
    `# ${document.info.title}`,
    "Rendered from the routes and their schemas by `npm run render`. A running server tells the same at `/api/v1/openapi.json`" +
      " (OpenAPI 3.1) and, to read, at `/api/reference`.",
    ...preface(true),
    ...chaptersOf(document).flatMap(chapter),
  ].join("\n\n")}\n`;

const chapter = ({ title, operations }: Chapter): readonly string[] => [
  `## ${title}`,
  ...operations.flatMap(operation),
];

const operation = (told: Told): readonly string[] => [
  `### ${told.summary}`,
  `\`${told.method} ${told.path}\` · ${told.who}`,
  `\`\`\`sh\n${told.curl}\n\`\`\``,
  ...(told.parameters.length > 0 ? [table("Parameter", told.parameters)] : []),
  ...(told.body ? part("Body", told.body) : []),
  ...(told.answer ? part(`Answer ${told.statuses}`, told.answer) : []),
];

const part = (title: string, { type, fields }: Part): readonly string[] =>
  fields.length > 0 ? [table(title, fields)] : [`${title}: ${type === "object" ? "`{}`" : type}.`];

function table(title: string, fields: readonly Field[]): string {
  const described = fields.some(({ description }) => description !== "");
  const row = (...cells: readonly string[]) => `| ${cells.slice(0, described ? 3 : 2).join(" | ")} |`;
  return [
    row(title, "Type", "Meaning"),
    row("---", "---", "---"),
    ...fields.map(({ name, type, required, description }) =>
      row(`\`${name}\`${required ? "" : " (may be absent)"}`, cell(type), cell(description)),
    ),
  ].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
