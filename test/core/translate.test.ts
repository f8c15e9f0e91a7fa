import { hash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { indexMapping, suggest } from "../../core/mapping.ts";
import { breach, serialise } from "../../core/meta/event.ts";
import { skips } from "../../core/problems.ts";
import { gate, rulesOf, type Setting, type Translation, translate } from "../../core/translate.ts";
import type { ConnectionId, Lead, MatchKey, StageChange, StageMapping } from "../../core/types.ts";

const now = new Date("2026-11-23T12:00:00Z");
const hour = 3_600_000;
const base: StageMapping = suggest([
  {
    id: "sales",
    label: "Sales",
    object: "deal",
    stages: [
      { id: "new", label: "New", outcome: "open", active: true },
      { id: "won", label: "Won", outcome: "won", active: true },
      { id: "lost", label: "Lost", outcome: "lost", active: true },
    ],
  },
]);
const setting: Setting = {
  tenant: {
    eventKey: "k",
    defaultCountry: "US",
    allowedKeys: ["em", "ph", "fn", "ln", "ct", "st", "zp", "country", "external_id"],
  },
  connection: { id: "con_1" as ConnectionId, sendFrom: new Date(now.getTime() - 7 * 24 * hour) },
  leadEventSource: "HubSpot",
  mapping: indexMapping(base),
};
const change: StageChange = {
  record: { object: "deal", id: "9911" },
  pipelineId: "sales",
  stageId: "won",
  enteredAt: new Date("2026-11-23T11:00:00.789Z"),
  timeQuality: "exact",
  entry: "t1",
  filled: false,
  before: "never",
};
const lead: Lead = {
  leadId: "12345678901234567",
  contact: { em: ["Ana@Example.com "] },
  createdAt: new Date("2026-11-20T08:00:00Z"),
  value: { amount: 1250.5, currency: "EUR" },
};
const reason = (translation: Translation): string => (translation.outcome === "skip" ? translation.reason : "sent");
const why = (c: Partial<StageChange>, l: Lead | undefined = lead, s: Setting = setting): string =>
  reason(translate({ ...change, ...c }, l, s, now));

test("a mapped change with a known person becomes exactly the payload of the specification", () => {
  const translation = translate(change, lead, setting, now);
  if (translation.outcome !== "send") throw new Error(translation.reason);
  expect(serialise(translation.event)).toBe(
    `{"event_name":"Won","event_time":1795431600,"event_id":"${translation.event.event_id}","action_source":"system_generated",` +
      `"user_data":{"lead_id":12345678901234567,"em":["${hash("sha256", "ana@example.com")}"]},` +
      `"custom_data":{"event_source":"crm","lead_event_source":"HubSpot"}}`,
  );
});

test("the id depends on the entry and on nothing that may change between two tries", () => {
  const id = (c: Partial<StageChange>, l: Lead = lead) => {
    const translation = translate({ ...change, ...c }, l, setting, now);
    return translation.outcome === "send" ? translation.event.event_id : "";
  };
  expect(id({})).toBe(id({}, { ...lead, contact: {}, leadId: "123456789012345" }));
  expect(
    new Set([id({}), id({ entry: "t2" }), id({ stageId: "new" }), id({ record: { object: "deal", id: "9912" } })]).size,
  ).toBe(4);
});

test("each rule has its reason", () => {
  expect(why({ stageId: "other" })).toBe("stage_not_mapped");
  expect(why({ stageId: "lost" })).toBe("stage_ignored");
  expect(why({ before: "entered" })).toBe("entered_again");
  expect(why({ before: "filled" })).toBe("sent_as_filled");
  expect(why({ enteredAt: new Date(0) })).toBe("implausible_time");
  expect(why({ enteredAt: new Date(now.getTime() + hour) })).toBe("in_future");
  expect(why({}, lead, { ...setting, connection: { id: setting.connection.id } })).toBe("not_live");
  expect(why({}, lead, { ...setting, connection: { ...setting.connection, sendFrom: now } })).toBe("before_live");
  expect(reason(translate(change, undefined, setting, now))).toBe("lead_not_found");
  expect(why({}, { ...lead, consent: false })).toBe("no_consent");
  expect(why({}, { ...lead, createdAt: now })).toBe("before_lead_created");
  expect(why({}, { contact: {} })).toBe("no_match_key");
  expect(why({}, { contact: { fn: ["Ana"], ln: ["Silva"] } })).toBe("no_match_key");
});

test("an event lives until seven days less one hour after its moment, to the second", () => {
  const aged = (ms: number) =>
    why(
      { enteredAt: new Date(now.getTime() - ms) },
      { ...lead, createdAt: new Date(0) },
      { ...setting, connection: { ...setting.connection, sendFrom: new Date(0) } },
    );
  expect(aged(7 * 24 * hour - hour)).toBe("sent");
  expect(aged(7 * 24 * hour - hour + 1)).toBe("too_old");
});

test("a re-entry is sent where the mapping asks for every entry", () => {
  const every = { ...base, rules: base.rules.map((rule) => ({ ...rule, entries: "every" as const })) };
  expect(why({ before: "entered" }, lead, { ...setting, mapping: indexMapping(every) })).toBe("sent");
});

test("the first stage may lie in the very second of the lead's creation", () => {
  expect(
    why(
      { enteredAt: new Date("2026-11-22T09:00:00.100Z") },
      { ...lead, createdAt: new Date("2026-11-22T09:00:00.900Z") },
    ),
  ).toBe("sent");
});

test("a rounded lead id is left out and counted, and the other keys serve", () => {
  const translation = translate(change, { ...lead, leadId: "1.23E+15" }, setting, now);
  expect(translation).toMatchObject({ outcome: "send", dropped: ["lead_id:spreadsheet_form"] });
  expect(translation.outcome === "send" && translation.event.user_data.lead_id).toBeUndefined();
});

test("contact data that the tenant does not allow never leaves", () => {
  const shy = { ...setting, tenant: { ...setting.tenant, allowedKeys: [] } };
  const translation = translate(change, lead, shy, now);
  expect(translation.outcome === "send" && Object.keys(translation.event.user_data)).toEqual(["lead_id"]);
});

test("value and currency go along only where the mapping says so", () => {
  const paid = { ...setting, mapping: indexMapping({ ...base, sendValue: true }) };
  const translation = translate(change, lead, paid, now);
  expect(translation.outcome === "send" && translation.event.custom_data).toMatchObject({
    value: 1250.5,
    currency: "EUR",
  });
});

test("a value that Meta would refuse is left out and counted, and the event goes without it", () => {
  const paid = { ...setting, mapping: indexMapping({ ...base, sendValue: true }) };
  const owed = { ...lead, value: { amount: -50, currency: "EUR" } };
  const translation = translate(change, owed, paid, now);
  expect(translation).toMatchObject({ outcome: "send", dropped: ["value:negative"] });
  expect(translation.outcome === "send" && translation.event.custom_data).not.toHaveProperty("value");
  expect(translate(change, owed, setting, now)).toMatchObject({ outcome: "send", dropped: [] });
});

test("whatever a CRM holds, the translation is either a valid event or a reason of the catalogue", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.constantFrom("a@b.co", "+1 617 555 1212", "l:123456789012345", "\u0000", "\ud800"),
  );
  const keys: readonly MatchKey[] = ["em", "ph", "fn", "ln", "ct", "st", "zp", "country", "db", "ge", "external_id"];
  const contact = fc.dictionary(fc.constantFrom(...keys), fc.array(text, { maxLength: 3 }));
  const arbitrary = fc.record({
    leadId: text,
    clickId: text,
    contact,
    at: fc.date({ min: new Date("2026-11-10T00:00:00Z"), max: new Date("2026-11-30T00:00:00Z"), noInvalidDate: true }),
  });
  fc.assert(
    fc.property(arbitrary, ({ leadId, clickId, contact: plain, at }) => {
      const all = { ...setting, tenant: { ...setting.tenant, allowedKeys: keys } };
      const translation = translate({ ...change, enteredAt: at }, { leadId, clickId, contact: plain }, all, now);
      if (translation.outcome === "skip") {
        expect(skips).toHaveProperty(translation.reason);
        return;
      }
      expect(breach(translation.event)).toBeUndefined();
      expect(JSON.parse(serialise(translation.event) ?? "").event_name).toBe("Won");
    }),
    { numRuns: 500 },
  );
});

test("the rules one by one say what the translation says: it stops at the first that fails", () => {
  const stages = fc.constantFrom("new", "won", "lost", "unheard-of");
  const person = fc.record(
    {
      leadId: fc.constantFrom("12345678901234567", "0", ""),
      consent: fc.boolean(),
      createdAt: fc.constantFrom(new Date(0), now),
      contact: fc.constantFrom({}, { em: ["ana@example.com"] }, { ph: ["nonsense"] }),
    },
    { requiredKeys: ["contact"] },
  );
  const changes = fc.record({
    stageId: stages,
    before: fc.constantFrom("never" as const, "entered" as const, "filled" as const),
    timeQuality: fc.constantFrom("exact" as const, "observed" as const),
    enteredAt: fc.constantFrom(...[-1, 1, 30, 167.5].map((h) => new Date(now.getTime() - h * hour)), new Date(0)),
  });
  const sendFrom = fc.constantFrom(undefined, new Date(0), new Date(now.getTime() - 24 * hour));
  const reached = new Set<string>();
  fc.assert(
    fc.property(changes, fc.option(person, { nil: undefined }), sendFrom, fc.boolean(), (part, who, from, first) => {
      const of = { ...change, ...part };
      const connection = { id: setting.connection.id, ...(from && { sendFrom: from }) };
      const here = { ...setting, connection, firstReading: first };
      const rules = rulesOf(of, who, here, now);
      const stop = rules.findIndex(({ answer }) => answer !== "ok");
      const failing = rules[stop];
      reached.add(failing?.rule ?? "sent");
      expect(reason(translate(of, who, here, now))).toBe(failing?.rule ?? "sent");
      if (failing) expect(failing.answer, "nothing is unreached before something fails").toBe("fails");
      const alone = gate(of, here, now);
      if (alone) expect(failing?.rule).toBe(alone);
      else expect(rules.slice(0, 10).every(({ answer }) => answer === "ok")).toBe(true);
    }),
    { numRuns: 3000 },
  );
  // Nothing that a CRM may hold breaks the specification here; a mapping can (below).
  expect([...reached].sort()).toEqual([...ruleNames.filter((rule) => rule !== "event_invalid"), "sent"].sort());
});
const ruleNames = rulesOf(change, lead, setting, now).map(({ rule }) => rule);

test("every reason of the catalogue is a rule here, save that a record or its person is gone", () => {
  expect(new Set([...ruleNames, "record_gone", "person_erased"])).toEqual(new Set(Object.keys(skips)));
});

test("after a rule that fails, those that can be judged without it still are", () => {
  const answers = (c: Partial<StageChange>, l: Lead | undefined = lead): Record<string, string> =>
    Object.fromEntries(rulesOf({ ...change, ...c }, l, setting, now).map(({ rule, answer }) => [rule, answer]));
  expect(answers({ stageId: "unheard-of", enteredAt: new Date(now.getTime() - 200 * hour) })).toMatchObject({
    stage_not_mapped: "fails",
    stage_ignored: "unreached",
    too_old: "fails",
    no_match_key: "ok",
    event_invalid: "unreached",
  });
  const nobody = rulesOf(change, undefined, setting, now);
  expect(nobody.find(({ rule }) => rule === "lead_not_found")?.answer).toBe("fails");
  expect(nobody.slice(-4).every(({ answer }) => answer === "unreached")).toBe(true);
  expect(answers({}, { contact: {} })).toMatchObject({ no_match_key: "fails", event_invalid: "unreached" });
});

test("what the mapping makes of it has to fit the specification too", () => {
  const endless = { ...base, rules: base.rules.map((rule) => ({ ...rule, eventName: "x".repeat(201) })) };
  expect(why({}, lead, { ...setting, mapping: indexMapping(endless) })).toBe("event_invalid");
});
