import { expect, test } from "vitest";
import { matchKeys } from "../../core/meta/match-keys.ts";
import { differences, leadOfEvent, readEvent } from "../../core/meta/read-event.ts";
import { matchKeyNames } from "../../core/types.ts";

const [ana, eva] = ["a".repeat(64), "e".repeat(64)];
const payload = (user: string, more = ""): string =>
  `{"event_name":"Won","event_time":1795431600,"event_id":"${"1".repeat(32)}","action_source":"system_generated",` +
  `"user_data":{${user}},"custom_data":{"event_source":"crm","lead_event_source":"HubSpot"${more}}}`;

test("a lead id of 17 digits is read back to its last digit", () => {
  expect(readEvent(payload('"lead_id":12345678901234567')).user_data.lead_id).toBe("12345678901234567");
  expect(readEvent(payload(`"em":["${ana}"]`)).user_data.lead_id).toBeUndefined();
});

test("the person of an event gives the same keys again", () => {
  const lead = leadOfEvent(readEvent(payload(`"lead_id":12345678901234567,"em":["${ana}","${eva}"]`)));
  expect(lead).toMatchObject({ leadId: "12345678901234567", hashed: ["em"] });
  expect(matchKeys(lead, { allowedKeys: matchKeyNames })).toEqual({ keys: { em: [ana, eva] }, dropped: [] });
});

test("two events differ field by field, with hashes shortened and long numbers exact", () => {
  const before = payload(`"lead_id":12345678901234567,"em":["${ana}"],"ph":["${ana}"]`);
  const after = payload(`"lead_id":12345678901234568,"em":["${ana}","${eva}"]`, ',"value":12.5,"currency":"EUR"');
  expect(differences(before, after)).toEqual([
    { field: "user_data.lead_id", before: "12345678901234567", after: "12345678901234568" },
    { field: "user_data.em", before: "aaaaaaaa…", after: "aaaaaaaa…, eeeeeeee…" },
    { field: "user_data.ph", before: "aaaaaaaa…" },
    { field: "custom_data.value", after: "12.5" },
    { field: "custom_data.currency", after: "EUR" },
  ]);
  expect(differences(before, before)).toEqual([]);
});
