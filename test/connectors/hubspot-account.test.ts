import { afterEach, beforeEach, expect, test } from "vitest";
import { hubspot } from "../../connectors/hubspot/index.ts";
import { readAll } from "../conformance/reading.ts";
import { openPortal, type Portal } from "./hubspot-world.ts";

let portal: Portal;
beforeEach(async () => {
  portal = await openPortal();
});
afterEach(() => portal.close());

test("without the scope for deals the failure and the check name it", async () => {
  const access = await portal.access({}, ["oauth", "crm.objects.contacts.read"]);
  await expect(readAll(hubspot.baseline(access, undefined))).rejects.toMatchObject({
    code: "crm_forbidden",
    message: /crm\.objects\.deals\.read/,
  });
  const report = await hubspot.check(access);
  expect(report.ok).toBe(false);
  expect(report.probes.find(({ name }) => name === "deals")?.hint).toMatch(/crm\.objects\.deals\.read/);
});

test("outcomes come from the metadata, whatever the labels say", async () => {
  const pipelines = await hubspot.pipelines(await portal.access());
  const outcomes = new Map(pipelines.flatMap(({ stages }) => stages.map(({ id, outcome }) => [id, outcome])));
  for (const id of ["closedwon", "1167445773", "qualified-stage-id", "customer", "evangelist"])
    expect(outcomes.get(id), id).toBe("won");
  for (const id of ["closedlost", "1167445774", "unqualified-stage-id", "other"])
    expect(outcomes.get(id), id).toBe("lost");
  for (const id of ["contractsent", "198400771", "1841452734", "site-visit"]) expect(outcomes.get(id), id).toBe("open");
});

test("a stage keeps its id under another label", async () => {
  await portal.act("pipelines", { object: "deal", stage: "contractsent", label: "Papers out" });
  const pipelines = await hubspot.pipelines(await portal.access());
  const stages = pipelines.find(({ id }) => id === "default")?.stages;
  expect(stages?.find(({ id }) => id === "contractsent")?.label).toBe("Papers out");
});

test("fields are suggested by what their names say", async () => {
  const fields = await hubspot.fields(await portal.access());
  const suggested = Object.fromEntries(fields.flatMap(({ name, suggests }) => (suggests ? [[name, suggests]] : [])));
  expect(suggested).toMatchObject({ meta_lead_id: "leadId", hs_facebook_click_id: "clickId", ads_consent: "consent" });
});

test("uninstalling takes the app out once, and says what is left", async () => {
  const access = await portal.access();
  const first = await hubspot.uninstall(access);
  expect(first.removed).toHaveLength(1);
  expect(first.left[0]?.what).toMatch(/meta_lead_id/);
  const again = await hubspot.uninstall(access);
  expect(again.removed).toEqual([]);
  expect(again.left[0]?.howTo).toMatch(/Connected apps/);
});

test("numbers that are money can tell what a record is worth; counts and ids of HubSpot's own cannot", async () => {
  const fields = await hubspot.fields(await portal.access());
  const worth = fields.filter(({ tells }) => tells.includes("worth"));
  expect(worth.filter(({ object }) => object === "deal").map(({ name, suggests }) => [name, suggests])).toEqual([
    ["amount", "value"],
    ["hs_acv", "value"],
    ["hs_tcv", "value"],
    ["first_year_margin", "value"],
    ["contract_months", undefined],
    ["amount_in_home_currency", "value"],
  ]);
  expect(worth.filter(({ object }) => object !== "deal").map(({ object, name }) => `${object} ${name}`)).toEqual([
    "contact lifetime_value",
    "lead expected_value",
  ]);
  expect(fields.filter(({ tells }) => tells.includes("person")).every(({ object }) => object === "contact")).toBe(true);
});

test("a chosen value that the account does not have is named, and does not stop reading", async () => {
  const access = await portal.access({ fields: { value: { deal: "arr_2024" } } });
  const report = await hubspot.check(access);
  expect(report).toMatchObject({ ok: true });
  expect(report.probes.find(({ name }) => name === "deal value property")).toMatchObject({
    ok: false,
    hint: /arr_2024/,
  });
});
