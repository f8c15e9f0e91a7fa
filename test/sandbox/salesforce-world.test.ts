import { expect, test } from "vitest";
import { type Json, openSalesforce } from "./salesforce-rig.ts";

interface Entry extends Json {
  readonly object: string;
  readonly id: string;
  readonly pipeline: string;
  readonly stage: string;
  readonly enteredAt: string;
  readonly metaLeadId: string;
}
const DAY = 86_400_000;

test("the org has lived for 30 days: leads in several statuses, opportunities that mostly come from them", async () => {
  const { clock, rows } = await openSalesforce();
  const leads = await rows("SELECT Status, CreatedDate, Meta_Lead_ID__c, Email FROM Lead", "queryAll");
  expect(leads).toHaveLength(200);
  expect(new Set(leads.map(({ Status }) => Status)).size).toBe(5);
  for (const { CreatedDate } of leads) {
    const age = clock.at - Date.parse(`${String(CreatedDate).slice(0, 23)}Z`);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThanOrEqual(30 * DAY + 1000);
  }
  const fromAds = leads.filter(({ Meta_Lead_ID__c }) => /^\d{15,17}$/.test(String(Meta_Lead_ID__c)));
  expect(fromAds.length).toBeGreaterThan(170);
  const deals = await rows("SELECT StageName FROM Opportunity");
  const converted = await rows("SELECT Id FROM Lead WHERE ConvertedOpportunityId != null");
  expect(deals.length).toBeGreaterThan(60);
  expect(deals.length).toBeLessThan(130);
  expect(converted.length / deals.length).toBeGreaterThan(0.7);
  expect(new Set(deals.map(({ StageName }) => StageName)).size).toBeGreaterThanOrEqual(6);
});

test("the same seed gives the same org, another seed another", async () => {
  const now = () => new Date("2026-11-01T00:00:00Z");
  const names = async (seed: string) =>
    (await (await openSalesforce({ seed, now })).rows("SELECT Id, Status FROM Lead ORDER BY Id")).map(
      ({ Id, Status }) => `${Id} ${Status}`,
    );
  const first = await names("a");
  expect(await names("a")).toEqual(first);
  expect(await names("b")).not.toEqual(first);
});

test("the truth agrees with the histories that the API shows", async () => {
  const { act, live, clock, rows } = await openSalesforce();
  await act("life", { perMinute: 60 });
  for (let second = 0; second < 40; second += 1) {
    clock.at += 1000;
    await live(new Date(clock.at));
  }
  const truth = await act<Entry[] & Json>("history");
  const seconds = (instant: unknown) => String(instant).slice(0, 19);
  const key = (id: unknown, stage: unknown, instant: unknown) => `${id} ${stage} ${seconds(instant)}`;

  const statuses = await rows(
    "SELECT LeadId, NewValue, CreatedDate FROM LeadHistory WHERE Field = 'Status' ORDER BY Id",
    "queryAll",
  );
  const created = await rows("SELECT Id, CreatedDate FROM Lead ORDER BY Id", "queryAll");
  const leads = [
    ...statuses.map((row) => key(row.LeadId, row.NewValue, row.CreatedDate)),
    ...created.map((row) => key(row.Id, "Open - Not Contacted", row.CreatedDate)),
  ];
  const ofLeads = truth.filter(({ object }) => object === "Lead");
  expect(ofLeads.map((entry) => key(entry.id, entry.stage, entry.enteredAt)).toSorted()).toEqual(leads.toSorted());

  const history = await rows(
    "SELECT OpportunityId, StageName, CreatedDate FROM OpportunityHistory ORDER BY Id",
    "queryAll",
  );
  const last = new Map<unknown, unknown>();
  const moves = history.filter(({ OpportunityId, StageName }) => {
    const isMove = last.get(OpportunityId) !== StageName;
    last.set(OpportunityId, StageName);
    return isMove;
  });
  const ofDeals = truth.filter(({ object }) => object === "Opportunity");
  expect(ofDeals.map((entry) => key(entry.id, entry.stage, entry.enteredAt)).toSorted()).toEqual(
    moves.map((row) => key(row.OpportunityId, row.StageName, row.CreatedDate)).toSorted(),
  );
  expect(history.length).toBeGreaterThan(moves.length);
  expect(truth.every(({ object, pipeline }) => object === pipeline)).toBe(true);
});

test("an opportunity's truth names the lead id of the lead it came from", async () => {
  const { act } = await openSalesforce();
  const { id } = await act("create", { object: "Opportunity", person: { metaLeadId: "555555555555555" } });
  await act("update", { id, fields: { Meta_Lead_ID__c: "" } });
  await act("move", { id, stage: "Closed Won" });
  const entries = (await act<Entry[] & Json>("history")).filter((entry) => entry.id === id);
  expect(entries.map(({ stage, metaLeadId }) => [stage, metaLeadId])).toEqual([
    ["Prospecting", "555555555555555"],
    ["Closed Won", "555555555555555"],
  ]);
});

test("life makes about as many changes as asked for, now, and none when frozen", async () => {
  const { act, clock, live } = await openSalesforce();
  const count = async () => (await act<Entry[] & Json>("history")).length;
  const before = await count();
  for (let second = 0; second < 60; second += 1) await live(new Date(clock.at + second * 1000));
  expect(await count()).toBe(before);
  await act("life", { perMinute: 120 });
  const start = clock.at;
  for (let second = 0; second < 60; second += 1) {
    clock.at += 1000;
    await live(new Date(clock.at));
  }
  const made = (await act<Entry[] & Json>("history")).slice(before);
  expect(made.length).toBeGreaterThan(90);
  expect(made.length).toBeLessThan(200);
  for (const { enteredAt } of made) expect(Date.parse(enteredAt)).toBeGreaterThanOrEqual(start - 1000);
  const kinds = new Set(made.map(({ object, stage }) => `${object} ${stage}`));
  expect(kinds.size).toBeGreaterThan(6);
});

test("recent shows what can be moved, with the stages it can move to", async () => {
  const { act } = await openSalesforce();
  const { id } = await act("create", { object: "Opportunity" });
  const [first, ...others] = await act<Json[] & Json>("recent", { limit: 30 });
  expect(first).toMatchObject({ object: "Opportunity", id, pipeline: "Opportunity", stage: "Prospecting" });
  expect(first?.stages).toContainEqual({ id: "Closed Won", label: "Closed Won" });
  expect(others).toHaveLength(29);
  const lead = others.find(({ object }) => object === "Lead");
  expect(lead?.stages).toContainEqual({ id: "Working - Contacted", label: "Working" });
});
