import type { Row, RowError } from "./csv.ts";
import { decodeText } from "./text-stream.ts";

/** Largest `.json` file that is read; larger ones go as newline-delimited JSON. */
const largestArray = 50 * 1024 * 1024;
const longestLine = 65_536;
const tooLong: RowError = { code: "too_large", message: "Send at most 64 KiB in one line. Nothing after it was read." };

/** One stage change per line (`.ndjson`), never the whole file. A line that is no JSON is an error of its own. */
export async function* readNdjson(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Row<unknown>> {
  let row = 0;
  let rest = "";
  for await (const text of decodeText(bytes)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      row++;
      if (line.length > longestLine) return yield { row, error: tooLong };
      if (line.trim() !== "") yield { row, ...parseJson(line) };
    }
    if (rest.length > longestLine) return yield { row: row + 1, error: tooLong };
  }
  if (rest.trim() !== "") yield { row: row + 1, ...parseJson(rest) };
}

/** A list of stage changes, or one (`.json`). `row` counts from 1. */
export async function* readJson(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Row<unknown>> {
  const pieces: string[] = [];
  let size = 0;
  for await (const text of decodeText(bytes)) {
    pieces.push(text);
    size += text.length;
    if (size > largestArray)
      return yield { row: 1, error: { code: "too_large", message: "Send more than 50 MB as newline-delimited JSON." } };
  }
  const whole = parseJson(pieces.join(""));
  if ("error" in whole) return yield { row: 1, error: whole.error };
  const list: readonly unknown[] = Array.isArray(whole.raw) ? whole.raw : [whole.raw];
  for (const [index, raw] of list.entries()) yield { row: index + 1, raw };
}

type Parsed = { readonly raw: unknown } | { readonly error: RowError };

function parseJson(text: string): Parsed {
  try {
    return { raw: JSON.parse(text) };
  } catch {
    // The parser's own words quote the text, which may be personal data.
    return { error: { code: "not_json", message: "This is not valid JSON." } };
  }
}
