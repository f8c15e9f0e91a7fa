import { hash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { hashLead } from "../../connectors/http/hash-lead.ts";
import { readStageChange, stageChange } from "../../connectors/http/stage-change.ts";
import { matchKeyNames } from "../../core/types.ts";

const now = new Date("2026-11-23T12:00:00Z");
const least = { record_id: "L-1", stage: "qualified", occurred_at: "2026-11-23T09:00:00Z" };
const item = (raw: unknown) => {
  const result = readStageChange(raw, now);
  if ("errors" in result) throw new Error(JSON.stringify(result.errors));
  return result.item;
};
const errors = (raw: unknown) => {
  const result = readStageChange(raw, now);
  return "errors" in result ? result.errors : [];
};

test("A full stage change is read into an observation and a lead", () => {
  expect(
    item({
      id: "evt_1",
      record_id: 4711,
      object: "deal",
      pipeline: "sales",
      stage: "won",
      occurred_at: "2026-11-23T10:00:00.250+01:00",
      lead_created_at: "2026-11-01T08:00:00Z",
      lead_id: "l:5100000470389255",
      contact: { email: ["a@x.io", "b@x.io"], phone: { sha256: "A".repeat(64) }, first_name: "Ana", zip: "01234" },
      fbclid: "IwAR0abcdefghijklmnop",
      value: "99.50",
      currency: "eur",
      consent: "yes",
    }),
  ).toEqual({
    id: "evt_1",
    observation: {
      record: { object: "deal", id: "4711" },
      pipelineId: "sales",
      stageId: "won",
      enteredAt: new Date("2026-11-23T09:00:00.250Z"),
      timeQuality: "exact",
    },
    lead: {
      leadId: "l:5100000470389255",
      contact: { em: ["a@x.io", "b@x.io"], ph: ["a".repeat(64)], fn: ["Ana"], zp: ["01234"] },
      hashed: ["ph"],
      clickId: "IwAR0abcdefghijklmnop",
      clickSeenAt: new Date("2026-11-01T08:00:00Z"),
      createdAt: new Date("2026-11-01T08:00:00Z"),
      value: { amount: 99.5, currency: "EUR" },
      consent: true,
    },
  });
});

test("Aliases and flat contact fields mean the same as their proper names", () => {
  const proper = item({
    ...least,
    lead_id: "5100000470389255",
    contact: { email: "a@x.io", last_name: "Ho", birth_date: "1990-01-02" },
  });
  const aliased = item({
    "Record ID": "L-1",
    stage_id: "qualified",
    entered_at: "2026-11-23T09:00:00+0000",
    meta_lead_id: "5100000470389255",
    em: "a@x.io",
    ln: "Ho",
    dob: "1990-01-02",
  });
  expect(aliased).toEqual(proper);
});

test("Without an id the same change always gets the same one, and another change another", () => {
  const first = item(least).id;
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(item({ ...least, occurred_at: "2026-11-23T10:00:00+01:00", email: "a@x.io" }).id).toBe(first);
  const others = [
    { record_id: "L-2" },
    { stage: "won" },
    { pipeline: "p" },
    { object: "deal" },
    { occurred_at: "2026-11-23T09:00:01Z" },
  ];
  expect(new Set([first, ...others.map((change) => item({ ...least, ...change }).id)]).size).toBe(6);
});

test("Fields that mean nothing to us are named, blank ones are left out", () => {
  const result = readStageChange(
    { ...least, emial: "a@x.io", contact: { shoe: 42, email: " " }, lead_id: "", value: null },
    now,
  );
  expect(result).toMatchObject({ ignored: ["emial", "contact.shoe"], item: { lead: { contact: {} } } });
});

describe("Every error names the field and says what to do:", () => {
  test.each<[string, unknown, string, string, RegExp]>([
    ["no object", [], "", "not_an_object", /JSON object/],
    ["no record", { ...least, record_id: undefined }, "record_id", "missing", /Give record_id/],
    ["no stage", { ...least, stage: "" }, "stage", "missing", /Give stage/],
    ["no time", { ...least, occurred_at: undefined }, "occurred_at", "missing", /RFC 3339/],
    ["milliseconds", { ...least, occurred_at: 1795424400000 }, "occurred_at", "wrong_type", /seconds or milliseconds/],
    ["milliseconds as text", { ...least, occurred_at: "1795424400000" }, "occurred_at", "number", /RFC 3339/],
    ["1970", { ...least, occurred_at: "1970-01-01T00:00:00Z" }, "occurred_at", "implausible_time", /before 2020/],
    ["the future", { ...least, occurred_at: "2026-11-23T12:10:01Z" }, "occurred_at", "in_future", /10 minutes/],
    ["a local time", { ...least, occurred_at: "2026-11-23T09:00:00" }, "occurred_at", "no_offset", /offset/],
    ["a day", { ...least, occurred_at: "2026-11-23" }, "occurred_at", "no_time", /time of day/],
    ["no such day", { ...least, occurred_at: "2026-02-30T09:00:00Z" }, "occurred_at", "not_a_time", /RFC 3339/],
    [
      "under an alias",
      { ...least, occurred_at: undefined, entered_at: "soon" },
      "entered_at",
      "not_a_time",
      /RFC 3339/,
    ],
    ["a lead id as number", { ...least, lead_id: 5100000470389255 }, "lead_id", "wrong_type", /quotes/],
    ["a bad id", { ...least, id: "a b" }, "id", "not_valid", /A-Z/],
    ["a record id beyond 2^53", { ...least, record_id: 2 ** 60 }, "record_id", "not_valid", /text/],
    ["a phone as number", { ...least, contact: { phone: 4917012345 } }, "contact.phone", "wrong_type", /quotes/],
    ["a zip as number", { ...least, zip: 1234 }, "zip", "wrong_type", /zeros/],
    ["no hash", { ...least, contact: { email: { sha256: "abc" } } }, "contact.email.sha256", "not_valid", /64/],
    ["plain and hashed", { ...least, email: ["a@x.io", { sha256: "a".repeat(64) }] }, "email", "mixed", /not both/],
    ["contact as text", { ...least, contact: "Ana" }, "contact", "wrong_type", /object/],
    ["value without currency", { ...least, value: 5 }, "currency", "missing", /EUR/],
    ["a negative value", { ...least, value: -5, currency: "EUR" }, "value", "not_valid", /0 or more/],
    ["a decimal comma", { ...least, value: "5,00", currency: "EUR" }, "value", "not_valid", /decimal point/],
    ["no such currency", { ...least, value: 5, currency: "EURO" }, "currency", "not_valid", /ISO 4217/],
    ["an unclear consent", { ...least, consent: "maybe" }, "consent", "not_yes_or_no", /true or false/],
    ["one field twice", { ...least, stage_id: "won" }, "stage_id", "twice", /once/],
    ["NUL", { ...least, stage: "a\0b" }, "stage", "nul", /NUL/],
    ["half a surrogate", { ...least, first_name: "\ud83d" }, "first_name", "broken_unicode", /Unicode/],
    ["a huge text", { ...least, city: "x".repeat(4_097) }, "city", "too_long", /4 KiB/],
    ["a name with NUL", { ...least, "a\0": 1 }, "", "bad_name", /name/],
  ])("%s", (_, raw, path, code, message) => {
    expect(errors(raw)).toEqual([{ path, code, message: expect.stringMatching(message) }]);
  });

  test("JSON that is 20 levels deep, or has a million parts, is refused without being walked to its end", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(20)}1${"}".repeat(20)}`);
    expect(errors({ ...least, extra: deep })).toEqual([
      { path: "extra.a.a.a.a", code: "too_deep", message: expect.stringContaining("5 levels") },
    ]);
    expect(errors({ ...least, extra: Array.from({ length: 1_000_000 }, () => 1) })[0]?.code).toBe("too_many_parts");
  });

  test("All wrong fields are named at once", () => {
    expect(
      errors({ occurred_at: "soon", value: 1 })
        .map(({ path }) => path)
        .sort(),
    ).toEqual(["occurred_at", "record_id", "stage"]);
  });
});

test("Any JSON value gives an item or errors, and an error never repeats what was sent", () => {
  const secret = "jane.secret@example.com";
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constant(secret),
    fc.constant({ sha256: secret }),
    fc.constant([secret, 1]),
  );
  const fields = fc.constantFrom(
    "id",
    "record_id",
    "stage",
    "occurred_at",
    "lead_id",
    "contact",
    "email",
    "click_id",
    "value",
    "currency",
    "consent",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        value,
        fc.dictionary(fields, value),
        fc.dictionary(fields, value).map((more) => ({ ...least, ...more })),
      ),
      (raw) => {
        const result = readStageChange(raw, now);
        if ("errors" in result) {
          expect(result.errors.length).toBeGreaterThan(0);
          expect(result.errors.map(({ message }) => message).join()).not.toContain("secret");
        } else expect(result.item.observation.record.id).not.toBe("");
      },
    ),
    { numRuns: 500 },
  );
});

test("What is stored of a pushed lead holds hashes only", () => {
  const { lead } = item({
    ...least,
    lead_id: "5100000470389255",
    email: "Jane@X.io",
    phone: "0170 1234567",
    country: "DE",
    last_name: "?",
  });
  const stored = hashLead(lead, { allowedKeys: matchKeyNames });
  expect(stored.lead).toEqual({
    leadId: "5100000470389255",
    contact: {
      em: [hash("sha256", "jane@x.io")],
      ph: [hash("sha256", "491701234567")],
      country: [hash("sha256", "de")],
    },
    hashed: expect.arrayContaining(["em", "ph", "country"]),
  });
  expect(stored.dropped).toEqual(["ln:not_a_name"]);
  expect(hashLead(stored.lead, { allowedKeys: matchKeyNames }).lead.contact).toEqual(stored.lead.contact);
});

test("The push format can be shown as JSON Schema", () => {
  const schema = z.toJSONSchema(stageChange, { io: "input" });
  expect(schema.required).toEqual(["record_id", "stage", "occurred_at"]);
  expect(schema.properties?.contact).toMatchObject({
    propertyNames: { enum: expect.arrayContaining(["email", "zip"]) },
  });
});
