import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { type CsvOptions, readCsv } from "../../connectors/http/csv.ts";
import { readJson, readNdjson } from "../../connectors/http/json.ts";
import { readStageChange } from "../../connectors/http/stage-change.ts";

const now = new Date("2026-11-23T12:00:00Z");

/** In pieces of a few bytes, so that every boundary is met. */
async function* inPieces(bytes: Buffer, size = 7): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}
const csv = (text: string | Buffer, options?: CsvOptions) =>
  Array.fromAsync(readCsv(inPieces(Buffer.from(text)), options));

const rows = [
  { row: 2, raw: { record_id: "1", stage: "Süß;neu", email: "a@x.io" } },
  { row: 3, raw: { record_id: "2", stage: 'say "hi"\nthere' } },
];
const table = (separator: string, end: string) =>
  ["record_id,stage,email", '1,"Süß;neu",a@x.io', '2,"say ""hi""\nthere",']
    .map((line) => line.replaceAll(",", separator))
    .join(end) + end;

describe("The same rows come out of", () => {
  test.each<[string, Buffer]>([
    ["commas and LF", Buffer.from(table(",", "\n"))],
    ["semicolons, CRLF and a byte order mark", Buffer.from(`\ufeff${table(";", "\r\n")}`)],
    ["tabs", Buffer.from(table("\t", "\n"))],
    ["no line end at the end", Buffer.from(table(",", "\n").trimEnd())],
    ["UTF-16LE with its mark", Buffer.from(`\ufeff${table("\t", "\r\n")}`, "utf16le")],
    ["UTF-16LE without", Buffer.from(table(",", "\n"), "utf16le")],
    ["UTF-16BE", Buffer.from(`\ufeff${table(",", "\n")}`, "utf16le").swap16()],
  ])("%s", async (_, bytes) => {
    expect(await csv(bytes)).toEqual(rows);
    expect(await Array.fromAsync(readCsv(inPieces(bytes, 1)))).toEqual(rows);
    expect(await Array.fromAsync(readCsv(Readable.from([bytes])))).toEqual(rows);
  });
});

test("Columns are renamed by the map first, whatever their case", async () => {
  const found = await csv("Kunde Nr;Phase;WANN\n7;neu;2026-11-23T09:00:00Z\n", {
    map: { "kunde nr": "record_id", Phase: "stage", wann: "occurred_at" },
  });
  expect(found).toEqual([{ row: 2, raw: { record_id: "7", stage: "neu", occurred_at: "2026-11-23T09:00:00Z" } }]);
});

test("Meta's upload names and blanks in headers are understood", async () => {
  const [first] = await csv(
    "Record ID,event_name,event_time,FN,gen,Lead ID\n7,won,2026-11-23T09:00:00Z,Ana,f,5100000470389255\n",
  );
  if (!first || !("raw" in first)) throw new Error("no row");
  expect(readStageChange(first.raw, now)).toMatchObject({
    item: {
      observation: { stageId: "won" },
      lead: { leadId: "5100000470389255", contact: { fn: ["Ana"], ge: ["f"] } },
    },
  });
});

test("An export of Meta's lead forms is read without its prefixes, each lead being its own record", async () => {
  const [first] = await csv(
    "id\tcreated_time\tad_id\tform_id\tis_organic\temail\tphone_number\tlead_status\n" +
      "l:5100000470389255\t2026-11-22T10:00:00+01:00\tag:1\tf:2\tfalse\ta@x.io\tp:+4917012345678\tCREATED\n",
  );
  if (!first || !("raw" in first)) throw new Error("no row");
  expect(readStageChange(first.raw, now)).toMatchObject({
    ignored: ["ad_id", "form_id", "is_organic"],
    item: {
      observation: {
        record: { id: "5100000470389255" },
        stageId: "CREATED",
        enteredAt: new Date("2026-11-22T09:00:00Z"),
      },
      lead: {
        leadId: "5100000470389255",
        contact: { ph: ["+4917012345678"] },
        createdAt: new Date("2026-11-22T09:00:00Z"),
      },
    },
  });
});

describe("A bad row is an error with its number:", () => {
  test("another number of columns, and the rows around it are read", async () => {
    expect(await csv("record_id,stage\n1,a\n2\n\n3,b,c\n4,d\n")).toEqual([
      { row: 2, raw: { record_id: "1", stage: "a" } },
      { row: 3, error: { code: "columns", message: expect.stringContaining("1 cells") } },
      { row: 5, error: { code: "columns", message: expect.stringContaining("3 cells") } },
      { row: 6, raw: { record_id: "4", stage: "d" } },
    ]);
  });

  test("text in another encoding", async () => {
    expect(await csv(Buffer.from("record_id,stage\n1,S\u00fc\u00df\n2,ok\n", "latin1"))).toMatchObject([
      { row: 2, error: { code: "encoding" } },
      { row: 3, raw: { stage: "ok" } },
    ]);
  });

  test("an unclosed quote, after which nothing is read", async () => {
    expect(await csv('record_id,stage\n1,a\n2,"b\n3,c\n')).toMatchObject([
      { row: 2, raw: { stage: "a" } },
      { row: 3, error: { code: "quote", message: expect.stringContaining("Nothing after it") } },
    ]);
  });

  test("an oversized row, without waiting for its end", async () => {
    let given = 0;
    async function* endless() {
      yield Buffer.from('record_id,stage\n1,a\n2,"');
      for (; ; given++) yield Buffer.alloc(10_000, "x");
    }
    expect(await Array.fromAsync(readCsv(endless()))).toMatchObject([
      { row: 2, raw: { stage: "a" } },
      { row: 3, error: { code: "too_large" } },
    ]);
    expect(given).toBeLessThan(10);
  });

  test("an empty file", async () => {
    expect(await csv("")).toMatchObject([{ row: 1, error: { code: "no_header" } }]);
    expect(await csv("\ufeff\n")).toMatchObject([{ row: 1, error: { code: "no_header" } }]);
  });

  test("more rows than allowed", async () => {
    expect(await csv("a\n1\n2\n3\n", { maxRows: 2 })).toMatchObject([
      { row: 2 },
      { row: 3 },
      { row: 4, error: { code: "too_many" } },
    ]);
  });
});

test("A file of any length is read as it comes, and reading it no further stops its source", async () => {
  let made = 0;
  let closed = false;
  async function* source() {
    try {
      yield Buffer.from("record_id,stage\n");
      for (; ; made++) yield Buffer.from(`${made},a\n`);
    } finally {
      closed = true;
    }
  }
  let read = 0;
  for await (const _ of readCsv(source())) if (++read === 10_000) break;
  expect(made).toBeLessThan(10_100);
  expect(closed).toBe(true);
});

test("Newline-delimited JSON is read line by line, a bad line being its own error", async () => {
  const text = '{"record_id":"1"}\r\n\n{"record_id": oops\n{"record_id":"ü"}';
  expect(await Array.fromAsync(readNdjson(inPieces(Buffer.from(text))))).toEqual([
    { row: 1, raw: { record_id: "1" } },
    { row: 3, error: { code: "not_json", message: "This is not valid JSON." } },
    { row: 4, raw: { record_id: "ü" } },
  ]);
  expect(await Array.fromAsync(readNdjson(inPieces(Buffer.alloc(70_000, "x"), 1_000)))).toMatchObject([
    { row: 1, error: { code: "too_large" } },
  ]);
});

test("A JSON file is a list or one stage change", async () => {
  const json = (text: string) => Array.fromAsync(readJson(inPieces(Buffer.from(text))));
  expect(await json('[{"a":1},{"a":2}]')).toEqual([
    { row: 1, raw: { a: 1 } },
    { row: 2, raw: { a: 2 } },
  ]);
  expect(await json('{"a":1}')).toEqual([{ row: 1, raw: { a: 1 } }]);
  expect(await json("[1,")).toMatchObject([{ row: 1, error: { code: "not_json" } }]);
});
