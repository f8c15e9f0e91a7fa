import { expect, test } from "vitest";
import { hrefOf, type Inspected, inspectedIn } from "../../server/console/inspected.ts";

test.each<Inspected>([
  { what: "delivery", dataset: "dst_1", seq: 17 },
  { what: "record", connection: "con_1", object: "deal", record: "99/11 & ä?#", at: "2026-11-23T09:00:00.000Z" },
  { what: "record", connection: "con_1", object: "lead", record: "00QWs000004kT2dMAE" },
  { what: "days", connection: "con_1" },
])("what lies open is found again in its address: %o", (inspected) => {
  expect(inspectedIn(new URL(hrefOf(inspected), "http://localhost").search)).toEqual(inspected);
});

test.each([
  "",
  "?seq=1",
  "?dataset=dst_1",
  "?dataset=dst_1&seq=0",
  "?dataset=dst_1&seq=1.5",
  "?dataset=d&seq=x",
  "?",
  "?days=",
  "?connection=c&object=o",
])("an address that names nothing whole opens nothing: %s", (search) => {
  expect(inspectedIn(search)).toBeUndefined();
});
