import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Checkpoint } from "../../connectors/salesforce/config.ts";
import { salesforce } from "../../connectors/salesforce/index.ts";
import type { RecordRef, StageObservation } from "../../core/types.ts";
import { readAll } from "../conformance/reading.ts";
import { type Org, openOrg } from "./salesforce-world.ts";

let org: Org;
let access: Awaited<ReturnType<Org["access"]>>;
beforeEach(async () => {
  org = await openOrg();
  access = await org.access();
});
afterEach(() => org.close());

const lead = (id: string): RecordRef => ({ object: "lead", id });
const opportunity = (id: string): RecordRef => ({ object: "opportunity", id });
const make = async (input: object = {}) =>
  org.act<{ id: string; leadId?: string }>("create", { object: "Lead", ...input });
const of = (observations: readonly StageObservation[], id: string) =>
  observations.filter(({ record }) => record.id === id);
const baseline = async (): Promise<Checkpoint> =>
  (await readAll(salesforce.baseline(access, undefined))).checkpoint as Checkpoint;
const poll = async (since: Checkpoint) => {
  const read = await readAll(salesforce.changes(access, since));
  return { observations: read.observations, checkpoint: read.checkpoint as Checkpoint };
};

describe("reading leads where their history is not kept", () => {
  beforeEach(() => org.act("tracking", { on: false }));

  test("dates a status by the last modification, and says so", async () => {
    const { id } = await make();
    const { checkpoint } = await poll(await baseline());
    await org.act("move", { id, stage: "Working - Contacted" });
    const [seen] = of((await poll(checkpoint)).observations, id);
    expect(seen).toMatchObject({ stageId: "Working - Contacted", timeQuality: "modified" });
    expect(Math.abs((seen?.enteredAt.getTime() ?? 0) - org.now().getTime())).toBeLessThan(3000);
  });

  test("dates the first status of a new lead exactly", async () => {
    const since = await baseline();
    const { id } = await make({ stage: "Nurturing" });
    expect(of((await poll(since)).observations, id)).toMatchObject([{ stageId: "Nurturing", timeQuality: "exact" }]);
  });

  test("takes a user who may not know of the tracking for one of an org without", async () => {
    access.intercept(({ url }) =>
      url.includes("/tooling/")
        ? {
            status: 403,
            headers: { "content-type": "application/json" },
            text: '[{"errorCode":"INSUFFICIENT_ACCESS","message":"insufficient access rights"}]',
          }
        : undefined,
    );
    const { id } = await make();
    await org.act("move", { id, stage: "Nurturing" });
    expect(of((await poll(await baseline())).observations, id)).toMatchObject([{ timeQuality: "modified" }]);
  });

  test("reads every lead at the start, however old", async () => {
    await org.act("tracking", { on: true });
    const count = async () => (await readAll(salesforce.baseline(access, undefined))).observations.length;
    expect(await count()).toBeGreaterThan(100);
    await org.act("tracking", { on: false });
    const asked: string[] = [];
    access.intercept(({ url }) => void asked.push(decodeURIComponent(url)));
    await baseline();
    const [first] = asked.filter((url) => url.includes("queryAll?q=SELECT Id") && url.includes("FROM Lead "));
    expect(first).toBeDefined();
    expect(first).not.toContain("SystemModstamp >=");
  });
});

describe("polling", () => {
  test("costs two calls when nothing happens", async () => {
    await baseline();
    // Everything that ever happened lies outside of the overlap.
    const since: Checkpoint = { v: 1, since: new Date(org.now().getTime() + 13 * 60_000).toISOString() };
    const before = access.requests.length;
    await poll(since);
    expect(access.requests.length - before).toBe(2);
  });

  test("to compare an hour in which nothing happened costs two calls", async () => {
    await baseline();
    const from = new Date(org.now().getTime() + 13 * 60_000);
    const before = access.requests.length;
    await readAll(salesforce.history(access, { from, to: new Date(from.getTime() + 3_600_000) }, undefined));
    expect(access.requests.length - before).toBe(2);
  });

  test("finds what a transaction of nine minutes made visible behind what was read before", async () => {
    const minute = 60_000;
    const since = await baseline();
    await org.act("delayCommit", { ms: 9 * minute });
    const slow = await make({ stage: "Nurturing" });
    await org.act("delayCommit", { ms: 0 });
    org.pass(8 * minute);
    const quick = await make({ stage: "Nurturing" });
    const first = await poll(since);
    expect([of(first.observations, slow.id).length, of(first.observations, quick.id).length]).toEqual([0, 1]);
    org.pass(2 * minute);
    expect(of((await poll(first.checkpoint)).observations, slow.id).length).toBe(1);
  });

  test("never moves its checkpoint past Salesforce's own time", async () => {
    const { checkpoint } = await poll(await baseline());
    expect(Date.parse(checkpoint.since)).toBeLessThanOrEqual(org.now().getTime());
  });

  test("tells a merged lead from a deleted one", async () => {
    const since = await baseline();
    const [kept, merged, deleted] = [await make(), await make(), await make()];
    await org.act("merge", { from: merged.id, into: kept.id });
    await org.act("delete", { id: deleted.id });
    const { observations } = await poll(since);
    expect([kept, merged, deleted].map(({ id }) => of(observations, id)[0]?.gone)).toEqual([
      undefined,
      "merged",
      "deleted",
    ]);
    await org.act("delete", { id: deleted.id, hard: true });
    expect(await salesforce.read(access, [lead(deleted.id)])).toMatchObject([
      { record: lead(deleted.id), gone: "deleted" },
    ]);
  });

  test("refuses to go on in the middle of an object that is read no more", async () => {
    const only = await org.access({ objects: ["opportunity"] });
    const since = { v: 1, since: org.now().toISOString(), object: "lead" } as const;
    await expect(readAll(salesforce.changes(only, since))).rejects.toMatchObject({ code: "checkpoint_lost" });
  });
});

describe("the people", () => {
  test("come without what the connected user may not see", async () => {
    await org.act("hide", { object: "Lead", field: "Phone" });
    await org.act("hide", { object: "Lead", field: "Meta_Click_ID__c" });
    const { id } = await make({
      person: { phone: "+1 617 555 0100", email: "a@example.com", metaLeadId: "123456789012345" },
    });
    const found = (await salesforce.leads(access, [lead(id)])).get(`lead:${id}`);
    expect(found).toMatchObject({ leadId: "123456789012345", contact: { em: ["a@example.com"], external_id: [id] } });
    expect(found?.contact.ph).toBeUndefined();
  });

  test("behind an opportunity are its lead, also where the lead id was not copied", async () => {
    const made = await make({
      object: "Opportunity",
      person: { metaLeadId: "123456789012345", email: "b@example.com" },
    });
    await org.act("update", { id: made.id, fields: { Meta_Lead_ID__c: "" } });
    const found = (await salesforce.leads(access, [opportunity(made.id)])).get(`opportunity:${made.id}`);
    expect(found).toMatchObject({
      leadId: "123456789012345",
      contact: { em: ["b@example.com"], external_id: [made.leadId] },
    });
  });

  test("behind an opportunity are its primary contact where no lead is left, and the lead id is its own", async () => {
    const made = await make({
      object: "Opportunity",
      person: { metaLeadId: "123456789012345", email: "c@example.com" },
    });
    await org.act("delete", { id: made.leadId });
    const found = (await salesforce.leads(access, [opportunity(made.id)])).get(`opportunity:${made.id}`);
    expect(found).toMatchObject({ leadId: "123456789012345", contact: { em: ["c@example.com"] } });
    expect(found?.contact.external_id?.[0]).toMatch(/^003/);
  });

  test("behind an opportunity of several leads are the one from Meta, and its parent is the earliest", async () => {
    const other = await make({ person: { metaLeadId: "" } });
    const made = await make({ object: "Opportunity", person: { metaLeadId: "123456789012345" } });
    await org.act("update", { id: other.id, fields: { IsConverted: true, ConvertedOpportunityId: made.id } });
    const found = (await salesforce.leads(access, [opportunity(made.id)])).get(`opportunity:${made.id}`);
    expect(found?.contact.external_id).toEqual([made.leadId]);
    const [parent] = (await salesforce.read(access, [opportunity(made.id)])).map((seen) => seen.parent?.id);
    // The converted one was made ten minutes before its opportunity, the other at its side.
    expect(parent).toBe(made.leadId);
    const earlier = await make({ person: { metaLeadId: "" }, at: "2026-01-01T00:00:00Z" });
    await org.act("update", { id: earlier.id, fields: { IsConverted: true, ConvertedOpportunityId: made.id } });
    expect((await salesforce.read(access, [opportunity(made.id)]))[0]?.parent?.id).toBe(earlier.id);
    expect(
      (await salesforce.leads(access, [opportunity(made.id)])).get(`opportunity:${made.id}`)?.contact.external_id,
    ).toEqual([made.leadId]);
  });

  test("of whom only a lead id is left have not consented", async () => {
    const made = await make({ object: "Opportunity", person: { metaLeadId: "123456789012345" } });
    const contacts = await salesforce.leads(access, [opportunity(made.id)]);
    expect(contacts.size).toBe(1);
    await org.act("delete", { id: made.leadId });
    const asking = await org.access({ fields: { consent: "Consent__c" } });
    const withContact = (await salesforce.leads(asking, [opportunity(made.id)])).get(`opportunity:${made.id}`);
    await org.act("delete", { id: withContact?.contact.external_id?.[0] });
    const found = (await salesforce.leads(asking, [opportunity(made.id)])).get(`opportunity:${made.id}`);
    expect(found).toMatchObject({ leadId: "123456789012345", contact: {}, consent: false });
    await org.act("update", { id: made.id, fields: { Meta_Lead_ID__c: "" } });
    expect((await salesforce.leads(asking, [opportunity(made.id)])).size).toBe(0);
  });

  test("bring a value, and its currency where that is known", async () => {
    const { id } = await make({ object: "Opportunity" });
    await org.act("update", { id, fields: { Amount: 1250.5 } });
    const valueWith = async (config: object) =>
      (await salesforce.leads(await org.access(config), [opportunity(id)])).get(`opportunity:${id}`)?.value;
    expect(await valueWith({})).toEqual({ amount: 1250.5 });
    expect(await valueWith({ currency: "EUR" })).toEqual({ amount: 1250.5, currency: "EUR" });
    await org.act("show", { object: "Opportunity", field: "CurrencyIsoCode" });
    await org.act("update", { id, fields: { CurrencyIsoCode: "CHF" } });
    expect(await valueWith({})).toEqual({ amount: 1250.5, currency: "CHF" });
  });

  test("bring the value of the field that the admin chose, of leads too; a hidden one brings none", async () => {
    const { id } = await make({ object: "Opportunity" });
    await org.act("update", { id, fields: { Amount: 9000, First_Year_Revenue__c: 4500.25 } });
    const asking = await make({});
    await org.act("update", { id: asking.id, fields: { Expected_Value__c: 300 } });
    const value = { opportunity: "First_Year_Revenue__c", lead: "Expected_Value__c" };
    const valuesWith = async (config: object) => {
      const found = await salesforce.leads(await org.access(config), [opportunity(id), lead(asking.id)]);
      return [...found.values()].map((person) => person.value);
    };
    const [eur, both] = [{ currency: "EUR" }, { fields: { value } }];
    expect(await valuesWith({ ...both, ...eur })).toEqual([
      { amount: 4500.25, currency: "EUR" },
      { amount: 300, currency: "EUR" },
    ]);
    expect(await valuesWith(eur)).toEqual([{ amount: 9000, currency: "EUR" }, undefined]);
    await org.act("hide", { object: "Opportunity", field: "First_Year_Revenue__c" });
    expect((await valuesWith({ ...both, ...eur }))[0]).toBeUndefined();
    const { ok, probes } = await salesforce.check(await org.access(both));
    expect([ok, probes.find(({ name }) => name === "See what an opportunity is worth")]).toMatchObject([
      true,
      { ok: false, hint: /First_Year_Revenue__c/ },
    ]);
  });

  test("are asked for a field once, whatever it serves for", async () => {
    const { id } = await make({});
    const config = { fields: { leadId: "Expected_Value__c", value: { lead: "expected_value__C" } }, currency: "EUR" };
    const found = await salesforce.leads(await org.access(config), [lead(id)]);
    expect(found.get(`lead:${id}`)).toBeDefined();
  });

  test("say no where the consent field says no, or is hidden", async () => {
    const [yes, no] = [await make({ consent: true }), await make({ consent: false })];
    const asking = await org.access({ fields: { consent: "Consent__c" } });
    const answers = async () => {
      const found = await salesforce.leads(asking, [lead(yes.id), lead(no.id)]);
      return [yes, no].map(({ id }) => found.get(`lead:${id}`)?.consent);
    };
    expect(await answers()).toEqual([true, false]);
    await org.act("hide", { object: "Lead", field: "Consent__c" });
    expect(await answers()).toEqual([false, false]);
    expect((await salesforce.leads(access, [lead(yes.id)])).get(`lead:${yes.id}`)?.consent).toBeUndefined();
  });
});

describe("the check", () => {
  const failing = async () => {
    const { ok, probes } = await salesforce.check(access);
    return {
      ok,
      names: probes.filter((probe) => !probe.ok).map(({ name }) => name),
      hints: probes.map(({ hint }) => hint),
    };
  };

  test("names the tracking that is off, and still lets the org be used", async () => {
    await org.act("tracking", { on: false });
    const { ok, names, hints } = await failing();
    expect([ok, names]).toEqual([true, ["Know when a lead's status changed"]]);
    expect(hints.join()).toContain("Set History Tracking");
  });

  test("names the lead id field that is hidden", async () => {
    await org.act("hide", { object: "Lead", field: "Meta_Lead_ID__c" });
    const { ok, names, hints } = await failing();
    expect([ok, names]).toEqual([true, ["See the Meta lead id"]]);
    expect(hints.join()).toContain("Meta_Lead_ID__c on Lead");
  });

  test("names the object that is withheld", async () => {
    await org.act("hide", { object: "Opportunity" });
    expect(await failing()).toMatchObject({ ok: false, names: ["Read opportunities"] });
  });

  test("names the API that the edition lacks", async () => {
    await org.act("edition", { api: false });
    expect((await failing()).names).toContain("Use the API");
  });
});

describe("the stages", () => {
  test("are in Salesforce's order under API names, the unused ones marked", async () => {
    const [leads, deals] = await salesforce.pipelines(access);
    expect(leads).toMatchObject({ id: "Lead", object: "lead" });
    expect(leads?.stages.map(({ id, outcome }) => `${id}: ${outcome}`)).toEqual([
      "Open - Not Contacted: open",
      "Working - Contacted: open",
      "Nurturing: open",
      "Closed - Converted: won",
      "Closed - Not Converted: open",
    ]);
    expect(deals?.stages.find(({ id }) => id === "Perception Analysis")).toMatchObject({ active: false });
    expect(deals?.stages.slice(-2).map(({ outcome }) => outcome)).toEqual(["won", "lost"]);
  });

  test("of an opportunity come once, however often its amount changed in one", async () => {
    const { id } = await make({ object: "Opportunity", stage: "Prospecting" });
    for (const Amount of [10, 20, 30]) await org.act("update", { id, fields: { Amount } });
    await org.act("move", { id, stage: "Closed Won" });
    const observations = await salesforce.read(access, [opportunity(id)]);
    expect(observations.map(({ stageId }) => stageId)).toEqual(["Prospecting", "Closed Won"]);
  });
});

test("when nothing is left to do for us at a parting, the admin is told what is left", async () => {
  const before = access.requests.length;
  const { removed, left } = await salesforce.uninstall(access);
  expect([removed.length, left.length > 0, access.requests.length - before]).toEqual([0, true, 0]);
});
