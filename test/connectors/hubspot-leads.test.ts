import { afterEach, beforeEach, expect, test } from "vitest";
import { hubspot } from "../../connectors/hubspot/index.ts";
import type { RecordRef } from "../../core/types.ts";
import { openPortal, type Portal } from "./hubspot-world.ts";

let portal: Portal;
beforeEach(async () => {
  portal = await openPortal();
});
afterEach(() => portal.close());

const contact = (person: object, at?: string) =>
  portal.act<{ id: string }>("create", { object: "contact", stage: "lead", person, ...(at ? { at } : {}) });
const deal = async (input: object = {}): Promise<RecordRef> => {
  const { id } = await portal.act<{ id: string }>("create", { object: "deal", stage: "qualifiedtobuy", ...input });
  return { object: "deal", id };
};
const leadOf = async (record: RecordRef, config: object = {}) =>
  (await hubspot.leads(await portal.access(config), [record])).get(`${record.object}:${record.id}`);

test("of a deal's many contacts the one with a lead id is the lead, however many pages their list has", async () => {
  await portal.act("limits", { associationsPage: 2 });
  const others: string[] = [];
  for (let n = 0; n < 5; n += 1) others.push((await contact({ metaLeadId: n === 2 ? "0" : "" })).id);
  const known = (await contact({ metaLeadId: "12345678901234567" })).id;
  const lead = await leadOf(await deal({ contacts: [...others, known] }));
  expect(lead?.leadId).toBe("12345678901234567");
  expect(lead?.contact.external_id).toEqual([known]);
});

test("a list of associations that never ends is a fault, not a loop", async () => {
  const access = await portal.access();
  const record = await deal();
  const text = `{"results":[{"from":{"id":"${record.id}"},"to":[{"toObjectId":1,"associationTypes":[]}],"paging":{"next":{"after":"1"}}}]}`;
  access.intercept(({ url }) =>
    url.includes("/associations/") ? { status: 200, headers: { "content-type": "application/json" }, text } : undefined,
  );
  await expect(hubspot.leads(access, [record])).rejects.toMatchObject({ code: "crm_schema" });
});

test("a deal without a contact has no lead, and does not hide the others", async () => {
  const [alone, accompanied] = [await deal({ contacts: [] }), await deal()];
  const leads = await hubspot.leads(await portal.access(), [alone, accompanied]);
  expect([...leads.keys()]).toEqual([`deal:${accompanied.id}`]);
});

test("a click id brings the moment when it was first written", async () => {
  const { id } = await contact({ fbclid: "" }, "2026-11-01T08:00:00.000Z");
  const before = Date.now();
  await portal.act("write", { object: "contact", id, properties: { hs_facebook_click_id: "IwAR123" } });
  await portal.act("write", { object: "contact", id, properties: { city: "Boston" } });
  const lead = await leadOf({ object: "contact", id });
  expect(lead?.clickId).toBe("IwAR123");
  expect(lead?.clickSeenAt?.getTime()).toBeGreaterThanOrEqual(before);
  expect(lead?.createdAt).toEqual(new Date("2026-11-01T08:00:00.000Z"));
});

test("a deal's worth comes with its own currency, else the company's", async () => {
  const priced = await deal({ amount: "1999.90" });
  await portal.act("write", { ...priced, properties: { deal_currency_code: "EUR" } });
  expect((await leadOf(priced))?.value).toEqual({ amount: 1999.9, currency: "EUR" });
  await portal.act("write", { ...priced, properties: { deal_currency_code: "" } });
  expect((await leadOf(priced))?.value).toEqual({ amount: 1999.9, currency: "USD" });
  await portal.act("write", { ...priced, properties: { amount: "" } });
  expect(await leadOf(priced)).not.toHaveProperty("value");
});

test("what a record is worth comes from the property that the admin chose, of its own kind of record", async () => {
  const priced = await deal({ amount: "1999.90" });
  const { contacts: [id = ""] = [] } = await portal.act<{ contacts?: string[] }>("create", { object: "lead" });
  const person = { object: "contact", id };
  await portal.act("write", { ...priced, properties: { hs_acv: "1200.5" } });
  await portal.act("write", { ...person, properties: { lifetime_value: "88" } });
  const value = { deal: "hs_acv", contact: "lifetime_value" };
  expect((await leadOf(priced, { fields: { value } }))?.value).toEqual({ amount: 1200.5, currency: "USD" });
  expect((await leadOf(person, { fields: { value } }))?.value).toEqual({ amount: 88, currency: "USD" });
  expect(await leadOf(person)).not.toHaveProperty("value");
  await portal.act("write", { ...priced, properties: { hs_acv: "" } });
  expect(await leadOf(priced, { fields: { value } })).not.toHaveProperty("value");
});

test("a HubSpot lead is worth what its own property says; without one it is not even read", async () => {
  const { id } = await portal.act<{ id: string }>("create", { object: "lead" });
  const record = { object: "lead", id };
  await portal.act("write", { ...record, properties: { expected_value: "640" } });
  const config = { fields: { value: { lead: "expected_value" } } };
  expect((await leadOf(record, config))?.value).toEqual({ amount: 640, currency: "USD" });
  const access = await portal.access();
  await hubspot.leads(access, [record]);
  expect(access.requests.filter(({ path }) => path.includes("/leads/batch/read"))).toEqual([]);
});

test("one currency that the admin chose goes with every value, and what is in the account's is not called the deal's", async () => {
  const priced = await deal({ amount: "10" });
  await portal.act("write", { ...priced, properties: { deal_currency_code: "EUR" } });
  const converted = { fields: { value: { deal: "amount_in_home_currency" } } };
  expect((await leadOf(priced, { currency: "CHF" }))?.value).toEqual({ amount: 10, currency: "CHF" });
  expect((await leadOf(priced, converted))?.value).toEqual({ amount: 11, currency: "USD" });
});

test("the chosen property costs no request more than the amount does", async () => {
  const records = await Promise.all(Array.from({ length: 5 }, () => deal()));
  const requestsWith = async (config: object) => {
    const access = await portal.access(config);
    await hubspot.leads(access, records);
    return access.requests.length;
  };
  expect(await requestsWith({ fields: { value: { deal: "hs_tcv" } } })).toBe(await requestsWith({}));
});

test("the consent property and the hashed keys are the admin's choice", async () => {
  const { id } = await contact({});
  const record = { object: "contact", id };
  const config = { fields: { consent: "ads_consent", hashed: ["em"] } };
  await portal.act("write", { ...record, properties: { ads_consent: "false" } });
  expect((await leadOf(record, config))?.consent).toBe(false);
  await portal.act("write", { ...record, properties: { ads_consent: "true" } });
  expect(await leadOf(record, config)).toMatchObject({ consent: true, hashed: ["em"] });
  expect(await leadOf(record)).not.toHaveProperty("consent");
});

test("a property that does not exist is no fault: the check says so", async () => {
  const { id } = await contact({ metaLeadId: "123456789012345" });
  const config = { fields: { leadId: "renamed_lead_id" } };
  expect(await leadOf({ object: "contact", id }, config)).not.toHaveProperty("leadId");
  const report = await hubspot.check(await portal.access(config));
  expect(report.probes.find(({ name }) => name === "lead id property")).toMatchObject({
    ok: false,
    hint: /renamed_lead_id/,
  });
});

test("hundreds of people of all kinds are asked for in a handful of requests", async () => {
  const records = (await portal.truth()).map(({ record }) => record);
  const unique = [...new Map(records.map((record) => [`${record.object}:${record.id}`, record])).values()];
  expect(unique.length).toBeGreaterThan(400);
  const access = await portal.access();
  const leads = await hubspot.leads(access, unique);
  expect(leads.size).toBeGreaterThan(350);
  expect(access.requests.length).toBeLessThanOrEqual(12);
});
