/** What a cell holds. Absent is empty; an instant is ISO 8601 in UTC. */
export type CsvCell = string | number | Date | null | undefined;

/** Comes first in a file: without it Excel reads UTF-8 as something else. */
export const csvBom = "\uFEFF";

/**
 * One line of a CSV file (RFC 4180), its end included. Text is quoted, always, and can start no formula: labels are
 * other people's words, and a spreadsheet runs what begins with `=`, `+`, `-` or `@` (OWASP, "CSV Injection"; ASVS
 * 1.2.10).
 */
export const csvLine = (cells: readonly CsvCell[]): string => `${cells.map(written).join(",")}\r\n`;

function written(cell: CsvCell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return String(cell);
  if (typeof cell === "string") return `"${harmless(cell).replaceAll('"', '""')}"`;
  return `"${cell.toISOString()}"`;
}

/** Tabs, ends of lines and what cannot be seen: some programs begin a new cell there, quoted or not. */
const controls = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/g;
/**
 * Where a formula would begin: at a cell's start, and after `;`, which ends a cell where Excel is set to a language
 * with decimal commas. The wide forms count too: programs set to Japanese or Chinese read them as the plain ones.
 */
const formula = /(^|;)(?=[\s"]*[=+\-@＝＋－＠])/g;

const harmless = (text: string): string => text.replace(controls, " ").replace(formula, "$1'");
