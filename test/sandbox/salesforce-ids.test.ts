import { expect, test } from "vitest";
import { countOf, makeId, readId, withChecksum } from "../../server/sandbox/salesforce/org/ids.ts";

test.each([
  ["001A0000006Vm9r", "001A0000006Vm9rIAC"],
  ["00D000000000062", "00D000000000062EAA"],
  ["0013000000000AB", "0013000000000ABAAY"],
])("the id %s has the long form %s", (short, long) => {
  expect(withChecksum(short)).toBe(long);
  expect(readId(short)).toBe(long);
  expect(readId(long)).toBe(long);
});

test("a wrong checksum or length is no id", () => {
  for (const text of ["", "001A0000006Vm9rIAB", "001A0000006Vm9", "001A0000006Vm9'"])
    expect(readId(text)).toBeUndefined();
});

test("later ids sort after earlier ones and carry their number", () => {
  const ids = [1, 9, 10, 61, 62, 3843, 3844, 1e9].map((count) => makeId("00Q", "3c", count));
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.map(countOf)).toEqual([1, 9, 10, 61, 62, 3843, 3844, 1e9]);
});
