import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection, RecordRef } from "../../core/types.ts";
import { type LeadFieldsView, leadFieldsChecked, leadFieldsView } from "../../server/api/lead-fields.ts";
import { type PreviewView, previewView } from "../../server/api/preview.ts";
import { listAudit } from "../../server/store/audit.ts";
import { changeConnection } from "../../server/store/connections.ts";
import { findMapping } from "../../server/store/mappings.ts";
import { type Live, openLive } from "./live-front.ts";

let live: Live;
let hubspot: Connection;
let salesforce: Connection;
beforeAll(async () => {
  live = await openLive();
  hubspot = await live.connect("hubspot");
  salesforce = await live.connect("salesforce");
  for (const { id } of [hubspot, salesforce]) {
    const saved = await live.store.web(live.tenant.id, (trx) => findMapping(trx, live.tenant.id, id));
    const asked = { from: saved?.mapping.version, rules: [], fillSkipped: true, sendValue: true };
    expect((await live.post(`/api/v1/connections/${id}/mapping`, asked)).status).toBe(200);
  }
});
afterAll(() => live.close());

const path = ({ id }: Connection) => `/api/v1/connections/${id}/lead-fields`;
const look = async (connection: Connection): Promise<LeadFieldsView> =>
  leadFieldsView.parse((await live.get(path(connection))).body);
const preview = async ({ id }: Connection, { object, id: record }: RecordRef): Promise<PreviewView> =>
  previewView.parse((await live.get(`/api/v1/connections/${id}/preview?object=${object}&record=${record}`)).body);
const lineOf = ({ origins }: PreviewView, line: string) =>
  origins.find((one) => one.path === `custom_data.${line}`)?.origin;
const sentOf = ({ entries }: PreviewView): unknown => JSON.parse(entries.at(-1)?.payload ?? "{}").custom_data;
/** Chooses on top of what is chosen. */
async function choose(connection: Connection, change: object) {
  const { version, chosen } = await look(connection);
  return await live.post<{ detail: string }>(path(connection), { from: version, ...chosen, ...change });
}
const deal = async (properties: object): Promise<RecordRef> => {
  const { id } = await live.act<{ id: string }>("hubspot", "create", { object: "deal" });
  await live.act("hubspot", "write", { object: "deal", id, properties });
  return { object: "deal", id };
};

test("the fields that can tell it come from the CRM's own schema, with how many of the latest records carry it", async () => {
  const found = await look(hubspot);
  const ofDeal = found.fields.filter(({ object, tells }) => object === "deal" && tells.includes("worth"));
  expect(ofDeal.map(({ name }) => name)).toEqual(expect.arrayContaining(["amount", "hs_acv", "first_year_margin"]));
  expect(found).toMatchObject({ chosen: { value: { deal: "amount" } }, standard: { deal: "amount" } });
  const [deals] = found.coverage?.worth ?? [];
  expect(deals).toMatchObject({ object: "deal", have: deals?.of, noCurrency: 0, unusable: 0 });
  expect(deals?.of).toBeGreaterThan(10);
});

test("another field is tried before it is saved: what is less than 0 or without a currency is told apart", async () => {
  const { chosen } = await look(hubspot);
  const tried = async (connection: Connection, draft: object) =>
    leadFieldsChecked.parse((await live.post(`${path(connection)}/check`, draft)).body).coverage?.worth ?? [];
  const [margin] = await tried(hubspot, { ...chosen, value: { deal: "first_year_margin" } });
  expect(margin?.unusable).toBeGreaterThan(0);
  expect(margin?.have).toBeLessThan(margin?.of ?? 0);
  const [none] = await tried(salesforce, {});
  expect(none).toMatchObject({ object: "opportunity", have: 0 });
  expect(none?.noCurrency).toBeGreaterThan(0);
  const [both] = await tried(salesforce, { currency: "EUR", value: { opportunity: "ExpectedRevenue" } });
  expect(both?.have).toBeGreaterThan(0);
});

test("the chosen field's value is what leaves, and the preview says from where", async () => {
  const record = await deal({ amount: "9000", hs_acv: "1200.5", deal_currency_code: "EUR" });
  const usual = await preview(hubspot, record);
  expect(sentOf(usual)).toMatchObject({ value: 9000, currency: "EUR" });
  expect(lineOf(usual, "value")).toMatchObject({ from: "field", of: "deal", names: ["amount"] });
  expect((await choose(hubspot, { value: { deal: "hs_acv" } })).status).toBe(200);
  const chosen = await preview(hubspot, record);
  expect(sentOf(chosen)).toMatchObject({ value: 1200.5, currency: "EUR" });
  expect(lineOf(chosen, "value")).toMatchObject({ from: "field", of: "deal", names: ["hs_acv"] });
  expect(lineOf(chosen, "currency")).toMatchObject({ names: ["deal_currency_code"], ofAccount: "companyCurrency" });
  expect((await choose(hubspot, { currency: "CHF" })).status).toBe(200);
  const fixed = await preview(hubspot, record);
  expect(sentOf(fixed)).toMatchObject({ value: 1200.5, currency: "CHF" });
  expect(lineOf(fixed, "currency")).toEqual({ from: "choice" });
  const [entry] = await live.store.web(live.tenant.id, (trx) =>
    listAudit(trx, live.tenant.id, { limit: 1, what: "connection.fields" }),
  );
  expect(entry?.about).toEqual({ id: hubspot.id, "is.currency": "CHF" });
});

test("a value that cannot be sent is left out by name, and the event goes without it", async () => {
  const shown = await preview(hubspot, await deal({ hs_acv: "-5" }));
  expect(shown.leftOut).toContain("value:negative");
  expect(sentOf(shown)).not.toHaveProperty("value");
});

test("of two who choose at the same moment one is told that the other was faster", async () => {
  const { version: from, chosen } = await look(salesforce);
  const answers = await Promise.all(
    ["ExpectedRevenue", "First_Year_Revenue__c"].map((opportunity) =>
      live.post<{ code: string; detail: string }>(path(salesforce), { from, ...chosen, value: { opportunity } }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const refused = answers.find(({ status }) => status === 409)?.body;
  expect(refused).toMatchObject({ code: "conflict", detail: expect.stringMatching(/chose other fields meanwhile/) });
  const deeds = await live.store.web(live.tenant.id, (trx) =>
    listAudit(trx, live.tenant.id, { limit: 9, what: "connection.fields" }),
  );
  expect(deeds.filter(({ about }) => about.id === salesforce.id)).toHaveLength(1);
});

test("a field that the CRM has no more stays chosen until somebody decides; a new choice must be a number of that record", async () => {
  const gone = { fields: { value: { deal: "arr_2024" } } };
  await changeConnection(live.store.db, live.tenant.id, hubspot.id, { config: gone });
  const found = await look(hubspot);
  expect(found.chosen.value).toEqual({ deal: "arr_2024" });
  expect(found.fields.some(({ name }) => name === "arr_2024")).toBe(false);
  expect(found.coverage?.worth).toMatchObject([{ object: "deal", have: 0 }]);
  expect((await choose(hubspot, { consent: "ads_consent" })).status).toBe(200);
  const { version: from, chosen } = await look(hubspot);
  const refusal = async (value: object) =>
    (await live.post<{ detail: string }>(path(hubspot), { from, ...chosen, value })).body.detail;
  for (const deal of ["dealname", "lifetime_value"])
    expect(await refusal({ deal })).toContain(`no number field ${deal}`);
  expect(await refusal({ company: "amount" })).toContain("fields.value");
});
