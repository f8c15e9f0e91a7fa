import { parse } from "csv-parse";
import { type Columns, cells, columnsOf } from "./columns.ts";
import { decodeText } from "./text-stream.ts";

export interface RowError {
  readonly code: "columns" | "quote" | "too_large" | "too_many" | "encoding" | "no_header" | "not_json";
  readonly message: string;
}
export type Row<Raw> = { readonly row: number; readonly raw: Raw } | { readonly row: number; readonly error: RowError };

export interface CsvOptions {
  /** Column → field, before any alias: `{ "Kunde Nr": "record_id" }`. */
  readonly map?: Readonly<Record<string, string>>;
  /** Longest row in bytes, 64 KiB unless told. */
  readonly maxRowBytes?: number;
  /** Most rows, 200,000 unless told. */
  readonly maxRows?: number;
}

/** No header is longer; reading stops looking for its end here. */
const longestHeader = 65_536;

/**
 * Reads a CSV file row by row, never as a whole: delimiter `,` `;` or tab by its header, any line ending, quotes. `row` counts
 * as a spreadsheet does, the header being row 1. A row with another number of columns or broken text is an error of its own; an
 * unclosed quote or an oversized row ends the reading, since nobody can tell where the next row begins.
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  { map = {}, maxRowBytes = 65_536, maxRows = 200_000 }: CsvOptions = {},
): AsyncIterable<Row<Record<string, string>>> {
  const texts = decodeText(bytes)[Symbol.asyncIterator]();
  let text = "";
  let ended = false;
  while (!ended && text.length < longestHeader && !/[\r\n]/.test(text)) {
    const next = await texts.next();
    if (next.done) ended = true;
    else text += next.value;
  }
  if (text.trim() === "") return yield { row: 1, error: { code: "no_header", message: "The file is empty." } };

  // The parser's own stream drops what it had ready when it fails, so rows are taken from its callback.
  const ready: { row: number; record: string[] }[] = [];
  let failure: unknown;
  const parser = parse({
    delimiter: delimiterOf(text),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: maxRowBytes,
    on_record: (record: string[], { records, empty_lines }) => {
      ready.push({ row: records + empty_lines, record });
      return null;
    },
  });
  parser.on("error", (error) => {
    failure = error;
  });
  parser.resume();

  let columns: Columns | undefined;
  let rows = 0;
  try {
    for (let finished = false; !finished; ) {
      const last = ended;
      if (last) finished = true;
      const piece = text;
      await new Promise<void>((done) => (last ? parser.end(piece, () => done()) : parser.write(piece, () => done())));
      for (const { row, record } of ready.splice(0)) {
        if (!columns) {
          columns = columnsOf(record, map);
          continue;
        }
        if (++rows > maxRows)
          return yield { row, error: { code: "too_many", message: `Send at most ${maxRows} rows in one file.` } };
        yield { row, ...cells(record, columns) };
      }
      if (failure !== undefined)
        return yield { row: parser.info.records + parser.info.empty_lines + 1, error: rowError(failure) };
      if (finished) return;
      const next = await texts.next();
      text = next.done ? "" : next.value;
      ended = next.done === true;
    }
  } finally {
    parser.destroy();
    await texts.return?.();
  }
}

function delimiterOf(text: string): string {
  const header = (/^[^\r\n]*/.exec(text.trimStart())?.[0] ?? "").replace(/"[^"]*"/g, "");
  const count = (delimiter: string) => header.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

function rowError(failure: unknown): RowError {
  const code = failure instanceof Error && "code" in failure ? failure.code : undefined;
  if (code === "CSV_MAX_RECORD_SIZE")
    return {
      code: "too_large",
      message: "This row is too large, perhaps for a quote that is never closed. Nothing after it was read.",
    };
  if (code === "CSV_QUOTE_NOT_CLOSED")
    return { code: "quote", message: "A quote opened in this row is never closed. Nothing after it was read." };
  throw failure;
}
