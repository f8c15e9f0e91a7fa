import { fieldOf } from "./aliases.ts";
import type { RowError } from "./csv.ts";

export interface Columns {
  /** The field each column holds; a column that means nothing to us keeps its own name. */
  readonly names: readonly string[];
  /** A file as Meta's lead forms export it: one row per lead, cells with prefixes. */
  readonly metaExport: boolean;
}

/** Meta's lead export writes `l:` before lead ids, `p:` before phone numbers, `ag: as: c: f:` before ids of ads. */
const exportPrefix = /^(?:l|p|ag|as|c|f|z):/;

/** Reads the header row. `map` renames columns first, whatever their case. */
export function columnsOf(header: readonly string[], map: Readonly<Record<string, string>>): Columns {
  const key = (name: string) => name.trim().toLowerCase();
  const renames = new Map(Object.entries(map).map(([column, field]) => [key(column), field]));
  const sent = header.map((name) => name.replace(/^\ufeff/, "").trim());
  const known = new Set(sent.map(key));
  const metaExport = known.has("id") && known.has("created_time") && known.has("form_id");
  const names = sent.map((name) => {
    const renamed = renames.get(key(name));
    if (renamed !== undefined) return renamed;
    if (metaExport && key(name) === "id") return "lead_id";
    return fieldOf(name) === undefined ? name : key(name);
  });
  return { names, metaExport };
}

/** One row by column name; blank cells are left out. */
export function cells(
  record: readonly string[],
  { names, metaExport }: Columns,
): { readonly raw: Record<string, string> } | { readonly error: RowError } {
  if (record.length !== names.length) {
    const message = `This row has ${record.length} cells, the header has ${names.length}: check quotes and delimiters.`;
    return { error: { code: "columns", message } };
  }
  const raw: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const cell = record[index] ?? "";
    if (cell.includes("\ufffd"))
      return { error: { code: "encoding", message: "Save the file as UTF-8: this row is not." } };
    const value = (metaExport ? cell.replace(exportPrefix, "") : cell).trim();
    if (value !== "" && name !== "") raw[name] = value;
  }
  // An exported lead is its own record, and came into its first stage when it was made.
  if (metaExport && raw.lead_id !== undefined) {
    raw.record_id ??= raw.lead_id;
    if (
      raw.created_time !== undefined &&
      raw.occurred_at === undefined &&
      raw.entered_at === undefined &&
      raw.event_time === undefined
    )
      raw.occurred_at = raw.created_time;
  }
  return { raw };
}
