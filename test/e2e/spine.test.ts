import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { MetaEvent } from "./meta.ts";
import { type Product, startProduct } from "./product.ts";
import { ago, caughtUp, eventsUpTo, newLeadId, nothingWaits, push, type TrueEntry } from "./stage-changes.ts";
import { until } from "./until.ts";

const minute = 60_000;
/** Search shows a change an hour late: what arrives sooner came by the doorbell. */
const hour = 60 * minute;

let product: Product;
beforeAll(async () => {
  product = await startProduct({ goLive: "last-7-days" });
  await caughtUp(product);
  await nothingWaits(product);
}, 120_000);
afterAll(() => product?.stop());

const names = (events: readonly MetaEvent[]) => events.map(({ name }) => name);
const seconds = (instant: string) => Math.floor(Date.parse(instant) / 1000);
const create = (crm: "hubspot" | "salesforce", input: object) =>
  product.act<{ object: string; id: string; opportunityId?: string }>(crm, "create", input);
const historyOf = async (crm: "hubspot" | "salesforce", id: string) =>
  (await product.act<TrueEntry[]>(crm, "history")).filter((entry) => entry.id === id);

/** What every event must hold, and that its moment is the CRM's own. */
function expectSound(events: readonly MetaEvent[], source: string, leadId: string): void {
  expect(events.length).toBeGreaterThan(0);
  expect(new Set(events.map(({ id }) => id)).size, "each stage entry once").toBe(events.length);
  for (const event of events) {
    expect(event.raw).toContain(`"lead_id":${leadId},`);
    expect(event.notCounted).toBeNull();
    expect(event.body).toMatchObject({
      action_source: "system_generated",
      custom_data: { event_source: "crm", lead_event_source: source },
      user_data: { em: [expect.stringMatching(/^[0-9a-f]{64}$/)] },
    });
    expect(Object.keys(event.body.custom_data)).toEqual(["event_source", "lead_event_source"]);
  }
}

describe("a stage change in HubSpot", () => {
  const journeys = [
    ["deal", ["appointmentscheduled", "qualifiedtobuy"], ["Appointment scheduled", "Discovery call done"]],
    ["contact", ["subscriber", "lead", "marketingqualifiedlead"], ["Subscriber", "Lead", "Marketing Qualified Lead"]],
    ["lead", ["new-stage-id", "attempting-stage-id"], ["New", "Attempting"]],
  ] as const;

  async function travel(object: string, stages: readonly string[], expected: readonly string[]): Promise<void> {
    const leadId = newLeadId();
    const [first, ...rest] = stages;
    const at = (step: number) => ago(hour - step * 10 * minute);
    const { id } = await create("hubspot", { object, stage: first, person: { metaLeadId: leadId }, at: at(0) });
    for (const [step, stage] of rest.entries())
      await product.act("hubspot", "move", { object, id, stage, at: at(step + 1) });
    const all = await eventsUpTo(product, leadId, expected.at(-1) ?? "");
    const events = all.filter(({ name }) => expected.includes(name));
    expect(names(events)).toEqual(expected);
    expectSound(all, "HubSpot", leadId);
    const history = await historyOf("hubspot", id);
    expect(events.map(({ time }) => time)).toEqual(history.map(({ enteredAt }) => seconds(enteredAt)));
    expect(Math.max(...events.map(({ time }) => time)), "the CRM's time, not ours").toBeLessThan(seconds(ago(minute)));
  }

  describe("is rung in by the webhook", () => {
    beforeAll(() => product.act("hubspot", "lag", { ms: hour }));
    test.each(journeys)("of a %s and accepted by Meta with the moment of its entry", travel);
  });

  describe("is found by polling when no webhook comes", () => {
    beforeAll(async () => {
      await product.act("hubspot", "subscribe", { targetUrl: null });
      await product.act("hubspot", "lag", { ms: 0 });
    });
    afterAll(() => product.act("hubspot", "subscribe", { targetUrl: `${product.url()}/webhooks/hubspot` }));
    test.each(journeys)("of a %s and accepted by Meta with the moment of its entry", travel);
  });

  test("is sent once per stage, however often the deal goes back and forth", async () => {
    const leadId = newLeadId();
    const { id } = await create("hubspot", { object: "deal", person: { metaLeadId: leadId } });
    for (const stage of ["qualifiedtobuy", "appointmentscheduled", "qualifiedtobuy"]) {
      await eventsUpTo(product, leadId, "Appointment scheduled");
      await product.act("hubspot", "move", { object: "deal", id, stage });
    }
    await product.act("hubspot", "move", { object: "deal", id, stage: "presentationscheduled" });
    const events = await eventsUpTo(product, leadId, "Demo booked");
    expect(names(events).filter((name) => /Appointment|Discovery/.test(name))).toEqual([
      "Appointment scheduled",
      "Discovery call done",
    ]);
    expect(await historyOf("hubspot", id), "it did go back and forth").toHaveLength(5);
  });

  test("that jumps over stages brings them along, in the order of the funnel and at the same moment", async () => {
    const leadId = newLeadId();
    const { id } = await create("hubspot", { object: "deal", person: { metaLeadId: leadId }, at: ago(30 * minute) });
    await product.act("hubspot", "move", { object: "deal", id, stage: "contractsent", at: ago(20 * minute) });
    const events = await eventsUpTo(product, leadId, "Contract sent");
    // The person's own lifecycle stages may come before or between.
    const filled = events.filter(({ name }) => name !== "Subscriber" && name !== "Lead");
    const [created, jumped] = (await historyOf("hubspot", id)).map(({ enteredAt }) => seconds(enteredAt));
    expect(filled.map(({ name, time }) => [name, time])).toEqual([
      ["Appointment scheduled", created],
      ["Discovery call done", jumped],
      ["Demo booked", jumped],
      ["Proposal sent", jumped],
      ["Contract sent", jumped],
    ]);
    expectSound(events, "HubSpot", leadId);
  });

  test("to a lost stage is read and not sent", async () => {
    const leadId = newLeadId();
    const { id } = await create("hubspot", { object: "deal", person: { metaLeadId: leadId } });
    await product.act("hubspot", "move", { object: "deal", id, stage: "closedlost" });
    const lost = await until("the lost deal is listed", async () =>
      (await product.deliveries(`?q=deal:${id}`)).find(({ state }) => state === "not_sent"),
    );
    expect(lost).toMatchObject({ stage: "Not now", reason: { code: "stage_ignored", title: "Stage switched off" } });
    await nothingWaits(product);
    expect(names(await eventsUpTo(product, leadId, "Appointment scheduled"))).not.toContain("Not now");
  });
});

describe("a stage change in Salesforce", () => {
  test("is followed from the lead over its conversion to the opportunity, under one lead id", async () => {
    const leadId = newLeadId();
    const { id } = await create("salesforce", { person: { metaLeadId: leadId }, at: ago(50 * minute) });
    const move = (what: string, stage: string, minutes: number) =>
      product.act("salesforce", "move", { id: what, stage, at: ago(minutes * minute) });
    await move(id, "Working - Contacted", 40);
    expect(names(await eventsUpTo(product, leadId, "Working"))).toEqual(["New", "Working"]);
    await move(id, "Nurturing", 35);
    const { opportunityId = "" } = await product.act<{ opportunityId?: string }>("salesforce", "convert", {
      leadId: id,
      at: ago(30 * minute),
    });
    await move(opportunityId, "Qualification", 20);
    await eventsUpTo(product, leadId, "Qualification");
    const events = await eventsUpTo(product, leadId, "Converted"); // of another record: it may come before or after
    expect(names(events).toSorted()).toEqual(
      ["New", "Working", "Nurturing", "Converted", "Prospecting", "Qualification"].toSorted(),
    );
    expectSound(events, "Salesforce", leadId);
    const history = [...(await historyOf("salesforce", id)), ...(await historyOf("salesforce", opportunityId))];
    expect(events.map(({ time }) => time).toSorted()).toEqual(
      history.map(({ enteredAt }) => seconds(enteredAt)).toSorted(),
    );
  });

  test("to a status that sounds lost is not sent", async () => {
    const leadId = newLeadId();
    const { id } = await create("salesforce", { person: { metaLeadId: leadId } });
    await product.act("salesforce", "move", { id, stage: "Closed - Not Converted" });
    await until("the lost lead is listed", async () =>
      (await product.deliveries(`?q=${id}`)).some(({ reason }) => reason?.code === "stage_ignored"),
    );
    expect(names(await eventsUpTo(product, leadId, "New"))).toEqual(["New"]);
  });
});

/** Pushes one change of an in-house CRM for a new lead. */
async function pushOne(leadId: string, more: object = {}): Promise<string> {
  const id = `push-${leadId}`;
  const answer = await push(product, "stage-changes", [
    {
      id,
      record_id: leadId,
      pipeline: "sales",
      stage: "Prospecting",
      occurred_at: ago(minute),
      lead_id: leadId,
      contact: { email: `lead.${leadId}@example.com`, phone: "+16175551234" },
      ...more,
    },
  ]);
  expect(answer.status).toBe(202);
  return id;
}
const outcomes = async (ids: readonly string[]) =>
  ((await (await push(product, "outcomes", { ids })).json()) as { outcomes: Record<string, unknown> }).outcomes;

test("a stage change pushed by an in-house CRM is accepted by Meta, and its sender can ask what became of it", async () => {
  const leadId = newLeadId();
  const at = new Date(Date.now() - 90_000);
  const id = await pushOne(leadId, { occurred_at: at.toISOString() });
  const events = await eventsUpTo(product, leadId, "Prospecting");
  expect(events.map(({ time }) => time)).toEqual([seconds(at.toISOString())]);
  expectSound(events, "In-house CRM", leadId);
  await until("its outcome is known", async () => JSON.stringify(await outcomes([id])).includes("accepted"));
});

describe("when Meta", () => {
  beforeEach(() => nothingWaits(product));

  test.each([
    ["closes the connection", { down: true }, "Meta did not answer"],
    ["answers with an error of its own", { status: 500 }, "Meta has a fault"],
    ["shows a proxy's page", { status: 502 }, "Meta has a fault"],
    ["takes the events but its answer is lost", { dropAnswer: true }, "Meta did not answer"],
  ])("%s, events wait, the sentence says so, and they arrive later with the same ids", async (_, fault, words) => {
    const leadId = newLeadId();
    const before = (await product.metaEvents()).length;
    await product.act("meta", "fault", fault);
    await pushOne(leadId);
    const { status, datasets } = await until("the status tells", async () => {
      const overview = await product.overview();
      return overview.status.tone === "waiting" && overview;
    });
    expect(status.sentence).toMatch(new RegExp(`^${words}\\. 1 event is waiting; none is lost before `));
    expect(datasets.map(({ waiting }) => waiting)).toEqual([1]);
    const [{ id: eventId, payload } = { id: "", payload: "" }] = await product.sql<{ id: string; payload: string }>(
      "select payload::json ->> 'event_id' as id, payload from outbox order by seq desc limit 1",
    );
    await product.act("meta", "fault", {});
    await nothingWaits(product);
    const events = (await product.metaEvents(before)).filter((event) => event.leadId === leadId);
    expect(new Set(events.map(({ id }) => id))).toEqual(new Set([eventId]));
    expect(new Set(events.map(({ raw }) => raw))).toEqual(new Set([payload]));
    expect(events.length).toBeGreaterThanOrEqual("dropAnswer" in fault ? 2 : 1);
    expect((await product.overview()).status.tone).toBe("live");
  });

  test("answers too late, the same bytes go again and nothing else", { timeout: 60_000 }, async () => {
    const leadId = newLeadId();
    await product.act("meta", "fault", { slowMs: 11_000, times: 1 });
    await pushOne(leadId);
    const events = await until(
      "both have arrived",
      async () => {
        const of = (await product.metaEvents()).filter((event) => event.leadId === leadId);
        return of.length >= 2 && of;
      },
      40_000,
    );
    expect(new Set(events.map(({ raw }) => raw)).size).toBe(1);
  });

  test("refuses one event of a batch, that one is named and the others go through", async () => {
    const [good, bad, alsoGood] = [newLeadId(), newLeadId(), newLeadId()];
    await product.act("meta", "refuse", { key: "fbc" });
    const item = (leadId: string, more: object = {}) => ({
      record_id: leadId,
      pipeline: "sales",
      stage: "Prospecting",
      occurred_at: ago(minute),
      lead_id: leadId,
      contact: { email: `lead.${leadId}@example.com` },
      ...more,
    });
    const clicked = item(bad, { click_id: `fb.1.${Date.now() - 2 * minute}.IwAR0123456789abcdefghij` });
    expect((await push(product, "stage-changes", [item(good), clicked, item(alsoGood)])).status).toBe(202);
    await eventsUpTo(product, good, "Prospecting");
    await eventsUpTo(product, alsoGood, "Prospecting");
    await nothingWaits(product);
    await product.act("meta", "refuse", {});
    expect(await refusedNow(bad)).toMatchObject({ reason: { code: "refused_invalid", title: "Refused by Meta" } });
    expect((await product.metaEvents()).some(({ leadId }) => leadId === bad)).toBe(false);
  });

  test("no longer knows a lead id, the event goes without it if somebody else is named, else it is refused", async () => {
    const [named, bare] = [newLeadId(), newLeadId()];
    for (const leadId of [named, bare]) await product.act("meta", "forget", { leadId });
    const before = (await product.metaEvents()).length;
    await pushOne(named);
    await pushOne(bare, { contact: {} });
    await nothingWaits(product);
    const events = await until("the event without its lead id", async () => {
      const after = await product.metaEvents(before);
      return after.length > 0 && after;
    });
    expect(events.map(({ leadId, body }) => [leadId, "em" in body.user_data])).toEqual([[null, true]]);
    expect(await refusedNow(bare)).toMatchObject({ reason: { code: "refused_lead_id", title: "Lead id refused" } });
  });

  const refusedNow = (recordId: string) =>
    until(`the refused event of ${recordId} is listed`, async () =>
      (await product.deliveries(`?state=refused&q=${recordId}`)).at(0),
    );
});

test("the account adds up: what was read was not sent, or waits, or was refused, or is accepted", async () => {
  await nothingWaits(product);
  const [{ connections }, { losses }] = await Promise.all([product.overview(), product.figures()]);
  const [read, ...steps] = losses.steps;
  const left = steps.flatMap((step) => step.losses).reduce((sum, { count }) => sum + count, 0);
  const accepted = steps.at(-1);
  expect(read?.count).toBe(left + losses.waiting.count + (accepted?.count ?? 0));
  expect(connections.reduce((sum, one) => sum + one.read, 0)).toBe((read?.count ?? 0) + losses.earlier.count);
  expect(accepted?.losses.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  const ids = new Set((await product.metaEvents()).map(({ id }) => id));
  expect(accepted?.count).toBe(ids.size);
});

test("when Meta no longer accepts our access, events wait for a person, and go once access is back", async () => {
  await nothingWaits(product);
  await product.act("meta", "revoke");
  const leadId = newLeadId();
  const id = await pushOne(leadId);
  const { status, datasets } = await until("the status tells", async () => {
    const overview = await product.overview();
    return overview.status.tone === "problem" && overview;
  });
  expect(status.sentence).toMatch(
    /^Meta no longer accepts our access\. 1 event is waiting; none is lost before .+ \d\d:\d\d UTC\.$/,
  );
  expect(status.acts).toBe("you");
  expect(datasets[0]?.pausedReason).toBe("Meta no longer accepts our access");
  expect(await outcomes([id])).toEqual({ [id]: { state: "waiting" } });

  await product.act("meta", "restore");
  await product.sql(
    "update lane set paused_reason = null, why = null, attempts = 0, due_at = now() where kind = 'send'",
  );
  await eventsUpTo(product, leadId, "Prospecting");
  await nothingWaits(product);
  expect((await product.overview()).status.tone).toBe("live");
});

test("when HubSpot's admin removes the app, its connection stops, the sentence says so, and the others go on", async () => {
  await product.act("hubspot", "revoke");
  const { status, connections } = await until("the status tells", async () => {
    const overview = await product.overview();
    return overview.status.tone === "problem" && overview;
  });
  expect(status.sentence).toMatch(
    /^HubSpot is disconnected since \d\d:\d\d UTC\. HubSpot keeps the changes; reconnect before .+ \d\d:\d\d UTC and none is too old for Meta\.$/,
  );
  expect(Object.fromEntries(connections.map(({ connector, state }) => [connector, state]))).toEqual({
    hubspot: "disconnected",
    salesforce: "live",
    http: "live",
  });
  const leadId = newLeadId();
  await create("salesforce", { person: { metaLeadId: leadId } });
  await eventsUpTo(product, leadId, "New");
});

test("Ctrl-C ends it with everything it started", async () => {
  expect(await product.shutDown(), product.log()).toBe(0);
  expect(
    product
      .log()
      .split("\n")
      .filter((line) => line.includes("✗")),
  ).toEqual([]);
});
