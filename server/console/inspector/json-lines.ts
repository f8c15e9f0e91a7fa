export interface JsonLine {
  /** How deep it stands. */
  readonly depth: number;
  readonly parts: readonly { readonly kind: "key" | "value" | "mark"; readonly text: string }[];
}

/** A key with its colon, a text, a mark, or whatever else lies between: numbers stay the texts that they are. */
const token = /"(?:[^"\\]|\\.)*"\s*:|"(?:[^"\\]|\\.)*"|[{}[\],]|[^\s"{}[\],]+|"/g;

/**
 * Lays a JSON text out in lines, for people. It is not parsed: a lead id is longer than a JavaScript number holds, and would
 * be shown as another. Objects open lines, lists do not. A text that is not JSON is shown as it is, more or less in lines.
 */
export function jsonLines(text: string): readonly JsonLine[] {
  const lines: { depth: number; parts: JsonLine["parts"][number][] }[] = [];
  const open: string[] = [];
  let line = { depth: 0, parts: [] as JsonLine["parts"][number][] };
  const depth = () => open.filter((mark) => mark === "{").length;
  const breakLine = () => {
    if (line.parts.length > 0) lines.push(line);
    line = { depth: depth(), parts: [] };
  };
  const put = (kind: "key" | "value" | "mark", put: string) => line.parts.push({ kind, text: put });

  for (const [found] of text.matchAll(token)) {
    if (found === "{" || found === "[") {
      put("mark", found);
      open.push(found);
      if (found === "{") breakLine();
    } else if (found === "}" || found === "]") {
      open.pop();
      if (found === "}") breakLine();
      put("mark", found);
    } else if (found === ",") {
      put("mark", open.at(-1) === "[" ? ", " : ",");
      if (open.at(-1) !== "[") breakLine();
    } else if (found.endsWith(":")) put("key", `${found.slice(0, -1).trimEnd()}: `);
    else put("value", found);
  }
  breakLine();
  return lines;
}
