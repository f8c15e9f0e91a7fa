/** One element: its name, and its text or the elements in it. */
export type Element = readonly [name: string, content: string | number | boolean | readonly Element[]];

/** A file of Salesforce's Metadata API. Elements come in the order of their names, as the vendor's own tool writes them. */
export const metadata = (type: string, elements: readonly Element[]): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<${type} xmlns="http://soap.sforce.com/2006/04/metadata">`,
    ...written(elements, 1),
    `</${type}>`,
    "",
  ].join("\n");

const written = (elements: readonly Element[], level: number): readonly string[] =>
  [...elements]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .flatMap(([name, content]) => {
      const indent = "    ".repeat(level);
      return typeof content === "object"
        ? [`${indent}<${name}>`, ...written(content, level + 1), `${indent}</${name}>`]
        : [`${indent}<${name}>${escaped(String(content))}</${name}>`];
    });

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escaped = (text: string): string => text.replace(/[&<>]/g, (character) => entities[character] ?? "");
