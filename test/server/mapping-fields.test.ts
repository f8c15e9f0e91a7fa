import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../core/types.ts";
import {
  type LeadFieldsView,
  leadFieldsChecked,
  leadFieldsSaved,
  leadFieldsView,
} from "../../server/api/lead-fields.ts";
import { type MappingView, mappingView } from "../../server/api/mapping.ts";
import { listAudit } from "../../server/store/audit.ts";
import { findConnection } from "../../server/store/connections.ts";
import { forgetSecrets } from "../../server/store/secrets.ts";
import { type Live, openLive } from "./live-front.ts";

let live: Live;
let hubspot: Connection;
let salesforce: Connection;
beforeAll(async () => {
  live = await openLive();
  hubspot = await live.connect("hubspot");
  salesforce = await live.connect("salesforce");
});
afterAll(() => live.close());

const path = ({ id }: Connection) => `/api/v1/connections/${id}/lead-fields`;
async function look(connection: Connection): Promise<LeadFieldsView> {
  const { status, body } = await live.get(path(connection));
  expect([status, body]).toMatchObject([200, {}]);
  return leadFieldsView.parse(body);
}
const configOf = async ({ id }: Connection) => {
  const found = await live.store.web(live.tenant.id, (trx) => findConnection(trx, live.tenant.id, id));
  return found?.config;
};
const versionOf = async (connection: Connection): Promise<string> => (await look(connection)).version;
const have = ({ coverage }: Pick<LeadFieldsView, "coverage">, key: string) =>
  coverage?.keys.find((one) => one.key === key)?.have ?? 0;

describe("the fields that tell who a lead is", () => {
  test.each(["hubspot", "salesforce"] as const)(
    "of %s come with what the latest records hold, and nothing of a person",
    async (crm) => {
      const found = await look(crm === "hubspot" ? hubspot : salesforce);
      expect(found).toMatchObject({ choosable: true, crm: { answered: true } });
      expect(found.fields.some(({ suggests }) => suggests === "leadId")).toBe(true);
      expect(found.coverage?.people).toBeGreaterThan(50);
      expect(found.coverage?.records).toBeLessThanOrEqual(150);
      expect(have(found, "em")).toBeGreaterThan(0);
      expect(have(found, "lead_id")).toBeGreaterThan(0);
      expect(JSON.stringify(found)).not.toMatch(/@|\b[0-9a-f]{64}\b/);
    },
  );

  test("can be tried before they are chosen: what another field would give, and nothing is saved", async () => {
    const before = await configOf(hubspot);
    const { status, body } = await live.post(`${path(hubspot)}/check`, { leadId: "firstname", clickId: "city" });
    expect(status).toBe(200);
    const tried = leadFieldsChecked.parse(body);
    expect(have(tried, "lead_id")).toBe(0);
    expect(tried.coverage?.keys.find(({ key }) => key === "lead_id")?.unusable).toBeGreaterThan(0);
    expect(await configOf(hubspot)).toEqual(before);
  });

  test("are saved into the connector's config beside all else in it, and written down by name", async () => {
    const chosen = { leadId: "meta_lead_id", clickId: "hs_facebook_click_id", consent: "ads_consent" };
    const from = await versionOf(hubspot);
    const { status, body } = await live.post(path(hubspot), { from, ...chosen });
    expect(status).toBe(200);
    const saved = leadFieldsSaved.parse(body);
    expect(saved).toMatchObject({ chosen: { ...chosen, value: { deal: "amount" } } });
    expect(saved.version).not.toBe(from);
    expect(await configOf(hubspot)).toEqual({ fields: chosen });
    expect((await look(hubspot)).coverage?.consent).toBeDefined();
    const [entry] = await live.store.web(live.tenant.id, (trx) =>
      listAudit(trx, live.tenant.id, { limit: 1, what: "connection.fields" }),
    );
    expect(entry).toMatchObject({ what: "connection.fields", about: { id: hubspot.id, "is.consent": "ads_consent" } });
    // Saved again as it is: nothing is written.
    expect(await live.post(path(hubspot), { from, ...chosen })).toMatchObject({ status: 200, body: saved });
    const entries = await live.store.web(live.tenant.id, (trx) =>
      listAudit(trx, live.tenant.id, { limit: 10, what: "connection.fields" }),
    );
    expect(entries).toHaveLength(1);
  });

  test("are refused where the CRM has no such field, or its connector takes no such name", async () => {
    const from = await versionOf(hubspot);
    const refused = await live.post<{ detail: string }>(path(hubspot), { from, leadId: "no_such_property" });
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining("no field no_such_property")]);
    const hostile = await live.post<{ detail: string }>(path(salesforce), { from, leadId: "Id FROM User WHERE" });
    expect([hostile.status, hostile.body.detail]).toEqual([400, expect.stringContaining("fields.leadId")]);
    expect((await live.post(path(hubspot), { from, currency: "EURO" })).status).toBe(400);
  });
});

test("a currency is chosen where records name none", async () => {
  const from = await versionOf(salesforce);
  expect((await live.post(path(salesforce), { from, currency: "EUR" })).status).toBe(200);
  expect(await look(salesforce)).toMatchObject({ chosen: { currency: "EUR", leadId: "Meta_Lead_ID__c" } });
});

test("a CRM that lets nobody in leaves the page what was saved, and says why", async () => {
  const address = `/api/v1/connections/${salesforce.id}/mapping`;
  const before = mappingView.parse((await live.get(address)).body);
  expect(before.pipelines.map(({ object }) => object)).toEqual(["lead", "opportunity"]);
  await forgetSecrets(live.store.db, live.tenant.id, salesforce.id);
  const after: MappingView = mappingView.parse((await live.get(address)).body);
  expect(after.crm).toMatchObject({ answered: false, reason: { code: "crm_disconnected" } });
  const rows = ({ pipelines }: MappingView) =>
    pipelines.flatMap(({ stages }) => stages.map(({ label, rule, state }) => ({ label, rule, state })));
  expect(rows(after)).toEqual(rows(before));
  expect(await look(salesforce)).toMatchObject({ fields: [], crm: { answered: false } });
  expect((await look(salesforce)).coverage).toBeUndefined();
  const { status } = await live.post(address, { from: 1, rules: [], fillSkipped: false, sendValue: false });
  expect(status).toBe(200);
});
