import { expect, test } from "vitest";
import { type Inspected, inspectedIn, showOf } from "../../server/console/inspector/inspected.ts";

test.each<Inspected>([
  { what: "delivery", dataset: "dst_1", seq: 17 },
  { what: "record", connection: "con_1", object: "deal", record: "99/11 & ä?#", at: "2026-11-23T09:00:00.000Z" },
  { what: "record", connection: "con_1", object: "lead", record: "00QWs000004kT2dMAE" },
  { what: "days", connection: "con_1" },
])("what lies open is found again in its address: %o", (inspected) => {
  const address = new URL("http://localhost/deliveries");
  address.searchParams.set("show", showOf(inspected));
  expect(inspectedIn(new URL(address.href).searchParams.get("show") ?? "")).toEqual(inspected);
});

test.each([
  "",
  "delivery",
  "delivery/dst_1",
  "delivery/dst_1/0",
  "delivery/dst_1/1.5",
  "delivery/d/x",
  "delivery//1",
  "days/",
  "record/c/o",
  "record/c/o/%E0%A4",
  "what/else",
])("an address that names nothing whole opens nothing: %s", (show) => {
  expect(inspectedIn(show)).toBeUndefined();
});
