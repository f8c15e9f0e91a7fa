import { afterAll, beforeAll, expect, test } from "vitest";
import { http } from "../../connectors/http/index.ts";
import { hubspot } from "../../connectors/hubspot/index.ts";
import { salesforce } from "../../connectors/salesforce/index.ts";
import { grantOf } from "../../server/access/access.ts";
import type { DeliveriesView } from "../../server/api/deliveries.ts";
import type { DeliveryDetail } from "../../server/api/record.ts";
import { type Customer, type Front, openFront } from "./front.ts";

const apiUrl = "https://acme.my.salesforce.com";
const lead = { object: "lead", id: "00Q000000000001AAA" };
const strange = [
  { object: "erased", id: "0123456789abcde" },
  { object: "deal", id: "../../evil" },
  { object: "lead", id: "../../evil" },
  { object: "toString", id: "1" },
];

test("HubSpot shows a record under the account's id", () => {
  const { recordUrl } = hubspot.manifest;
  const portal = { accountId: "4242" };
  const record = "https://app.hubspot.com/contacts/4242/record";
  expect(recordUrl?.(portal, { object: "deal", id: "9911" })).toBe(`${record}/0-3/9911`);
  expect(recordUrl?.(portal, { object: "contact", id: "7" })).toBe(`${record}/0-1/7`);
  for (const other of strange) expect(recordUrl?.(portal, other)).toBeUndefined();
});

test("Salesforce shows a record at the org's own address, and only there", () => {
  const { recordUrl } = salesforce.manifest;
  const org = { accountId: "00D000000000001AAA", apiUrl };
  expect(recordUrl?.(org, lead)).toBe(`${apiUrl}/${lead.id}`);
  expect(recordUrl?.({ accountId: org.accountId }, lead)).toBeUndefined();
  for (const other of strange) expect(recordUrl?.(org, other)).toBeUndefined();
});

let front: Front;
let acme: Customer;
beforeAll(async () => {
  // Records come by push, so that nobody has to be asked, and are shown as Salesforce would show them.
  const { recordUrl = () => undefined } = salesforce.manifest;
  const connector = { ...http, manifest: { ...http.manifest, recordUrl } };
  front = await openFront(({ api }) => ({ api: { ...api, connectors: new Map([["http", connector]]) } }));
  acme = await front.customer("Acme");
  const change = { pipeline: "sales", stage: "Won", occurred_at: "2026-11-23T08:40:00Z", lead_id: "510000470389201" };
  const body = JSON.stringify({ ...change, record_id: lead.id });
  const init = { method: "POST", headers: { authorization: acme.bearer }, body };
  expect((await fetch(`${front.url}/ingest/v1/stage-changes`, init)).status).toBe(202);
  await front.read();
});
afterAll(() => front.close());

test("an event's page leads to the record as long as the account's access tells where the account is", async () => {
  const ask = async <Answer>(path: string) => (await (await front.fetch(`/api/v1${path}`)).json()) as Answer;
  const [listed] = (await ask<DeliveriesView>("/deliveries")).deliveries;
  const page = () => ask<DeliveryDetail>(`/deliveries/${listed?.datasetId}/${listed?.seq}`);
  expect(await page()).not.toHaveProperty("crmUrl");
  const grant = { type: "client_credentials", clientId: "a", clientSecret: "b", apiUrl } as const;
  await front.workspace.tokens.store(grantOf(acme.connection), grant);
  expect(await page()).toMatchObject({ record: lead, crmUrl: `${apiUrl}/${lead.id}` });
  await front.store.pool.query("update secret set key_id = 'lost' where kind = 'grant'");
  const opened = await page();
  expect(opened).toMatchObject({ record: lead });
  expect(opened).not.toHaveProperty("crmUrl");
});
