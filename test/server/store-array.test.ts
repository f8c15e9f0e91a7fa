import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { instantArray, plainArray, textArray } from "../../server/store/array.ts";
import type { Store } from "../../server/store/open.ts";
import { type TestDatabase, testDatabase } from "../postgres.ts";

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await testDatabase();
  store = await database.open();
});
afterAll(() => database.drop());

test("whatever text goes into an array comes out of PostgreSQL again", async () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("", "NULL", "null", '"', "\\", "a,b", "{}", "\n", "\t ", "'"),
  );
  const storable = text.filter((value) => value.isWellFormed() && !value.includes("\0"));
  await fc.assert(
    fc.asyncProperty(fc.array(storable, { maxLength: 8 }), async (values) => {
      const { rows } = await store.pool.query("select $1::text[] as back", [textArray(values)]);
      expect(rows[0].back).toEqual(values);
    }),
    { numRuns: 200 },
  );
});

test("numbers, truth values, nothing and instants do too", async () => {
  const at = new Date("2026-11-23T12:00:00.789Z");
  const { rows } = await store.pool.query(
    "select $1::bigint[] as numbers, $2::boolean[] as truths, $3::bigint[] as instants",
    [plainArray([1, null, 3]), plainArray([true, false]), instantArray([at])],
  );
  expect(rows[0].numbers.map((value: unknown) => (value === null ? null : Number(value)))).toEqual([1, null, 3]);
  expect(rows[0].truths).toEqual([true, false]);
  expect(Number(rows[0].instants[0])).toBe(at.getTime());
});
