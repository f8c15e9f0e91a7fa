import { expect, test } from "vitest";
import { hubspot } from "../../connectors/hubspot/index.ts";
import { connectors } from "../../connectors/index.ts";
import { salesforce } from "../../connectors/salesforce/index.ts";
import type { RecordRef } from "../../core/types.ts";
import { matchKeyNames } from "../../core/types.ts";
import { createSource } from "../../server/access/source.ts";
import { type Live, openLive } from "../server/live-front.ts";

const fieldsOf = {
  hubspot: { leadId: "leadgen", clickId: "fbclid" },
  salesforce: { leadId: "Lead__c", clickId: "Click__c" },
};

test.each([
  ["hubspot", hubspot, "deal", "contact"],
  ["hubspot", hubspot, "contact", "contact"],
  ["salesforce", salesforce, "lead", "lead"],
  ["salesforce", salesforce, "opportunity", "opportunity"],
] as const)("%s names the fields that the admin chose", (name, connector, object, of) => {
  const { leadId, clickId } = fieldsOf[name];
  const sources = connector.sources?.(connector.config.parse({ fields: { leadId, clickId } }) as never, object);
  expect(sources?.lead_id).toEqual({ of, names: [leadId] });
  expect(sources?.fbc?.names).toEqual([clickId]);
});

test("the value's line names the field that the admin chose, and the currency's where that comes from", () => {
  const sourcesOf = (connector: typeof hubspot | typeof salesforce, config: object, object: string) => {
    const { value, currency } = connector.sources?.(connector.config.parse(config) as never, object) ?? {};
    return { value, currency };
  };
  const deal = { of: "deal", names: ["hs_acv"] };
  const chosen = { fields: { value: { deal: "hs_acv" } } };
  const own = { of: "deal", names: ["deal_currency_code"], ofAccount: "companyCurrency" };
  expect(sourcesOf(hubspot, chosen, "deal")).toEqual({ value: deal, currency: own });
  expect(sourcesOf(hubspot, { ...chosen, currency: "EUR" }, "deal")).toEqual({ value: deal, currency: undefined });
  expect(sourcesOf(hubspot, chosen, "contact")).toEqual({ value: undefined, currency: undefined });
  const home = { fields: { value: { deal: "amount_in_home_currency" } } };
  expect(sourcesOf(hubspot, home, "deal").currency).toEqual({ of: "deal", names: [], ofAccount: "companyCurrency" });
  expect(sourcesOf(salesforce, {}, "opportunity")).toEqual({
    value: { of: "opportunity", names: ["Amount"] },
    currency: { of: "opportunity", names: ["CurrencyIsoCode"] },
  });
  expect(sourcesOf(salesforce, {}, "lead")).toEqual({ value: undefined, currency: undefined });
});

test("an in-house CRM has no fields of its own to name: what it pushes says all", () => {
  expect(connectors.get("http")?.sources).toBeUndefined();
});

test("every key that a CRM gives of a person has its source", { timeout: 60_000 }, async () => {
  const live: Live = await openLive();
  try {
    for (const [crm, object] of [
      ["hubspot", "deal"],
      ["salesforce", "lead"],
    ] as const) {
      const connection = await live.connect(crm);
      const person = { metaLeadId: "510000470389201", email: "ana@example.com", phone: "+14155550100" };
      const made = await live.act<RecordRef>(crm, "create", { object: crm === "salesforce" ? "Lead" : object, person });
      const source = await createSource(live.tenant.id, connection.id, { ...live.parts.api, lookOnly: true });
      const record = { object, id: made.id };
      const lead = (await source.connector.leads(source.access, [record])).get(`${object}:${made.id}`);
      const given = [...matchKeyNames.filter((key) => lead?.contact[key]), ...(lead?.leadId ? ["lead_id"] : [])];
      expect(given.length, crm).toBeGreaterThan(3);
      const sources = Object.keys(source.connector.sources?.(source.access.config, object) ?? {});
      expect(
        given.filter((key) => !sources.includes(key)),
        crm,
      ).toEqual([]);
    }
  } finally {
    await live.close();
  }
});
