import { afterEach, beforeEach, expect, test } from "vitest";
import { type Credentials, type Entry, type Hubspot, openHubspot } from "./hubspot-port.ts";

let hubspot: Hubspot;
let now: Date;
beforeEach(async () => {
  now = new Date("2026-11-20T12:00:00.000Z");
  hubspot = await openHubspot({ now: () => now });
});
afterEach(() => hubspot.close());
const history = () => hubspot.act<Entry[]>("history");
const minutes = (count: number) => {
  for (let second = 0; second < count * 60; second += 1) {
    now = new Date(now.getTime() + 1000);
    hubspot.live(now);
  }
};

test("the portal has been in use for 30 days, in all pipelines, with stage histories", async () => {
  const truth = await history();
  const ids = (object: string) => new Set(truth.filter((entry) => entry.object === object).map(({ id }) => id)).size;
  expect([ids("contact"), ids("deal"), ids("lead")]).toEqual([240, 120, 60]);
  expect(new Set(truth.map(({ pipeline }) => pipeline))).toEqual(
    new Set(["lifecyclestage", "default", "75118022", "lead-pipeline-id"]),
  );
  const days = truth.map(({ enteredAt }) => (now.getTime() - Date.parse(enteredAt)) / 86_400_000);
  expect(Math.min(...days)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...days)).toBeGreaterThan(25);
  expect(Math.max(...days)).toBeLessThanOrEqual(30);
  expect(truth.length).toBeGreaterThan(420 * 1.8);
  expect(truth.filter(({ metaLeadId }) => metaLeadId === null).length).toBeGreaterThan(0);
  expect(
    truth.filter(({ metaLeadId }) => metaLeadId).every(({ metaLeadId }) => /^\d{15,17}$/.test(metaLeadId ?? "")),
  ).toBe(true);
});

test("a record is created when it enters its first stage, and changed when it enters its last", async () => {
  const truth = (await history()).filter(({ object }) => object === "deal");
  for (const id of [...new Set(truth.map((entry) => entry.id))].slice(0, 40)) {
    const { body } = await hubspot.get(`/crm/objects/2026-09/deals/${id}`);
    const entered = truth.filter((entry) => entry.id === id).map(({ enteredAt }) => enteredAt);
    expect([body.createdAt, body.updatedAt]).toEqual([entered[0], entered.at(-1)]);
  }
});

test("life goes on at its pace, at the time it happens, and freezes at zero", async () => {
  const before = (await history()).length;
  minutes(1);
  expect((await history()).length).toBe(before);
  await hubspot.act("life", { perMinute: 30 });
  const begun = now.toISOString();
  minutes(10);
  const fresh = (await history()).slice(before);
  // 300 changes; an arrival may enter two stages at once, a jump out of a frozen minute none.
  expect(fresh.length).toBeGreaterThan(290);
  expect(fresh.length).toBeLessThan(450);
  expect(fresh.every(({ enteredAt }) => enteredAt > begun && enteredAt <= now.toISOString())).toBe(true);
  const kinds = new Set(fresh.map(({ object }) => object));
  expect(kinds).toEqual(new Set(["contact", "deal", "lead"]));
});

test("a long sleep is not made up for in one stroke", async () => {
  await hubspot.act("life", { perMinute: 20 });
  hubspot.live(now);
  const before = (await history()).length;
  now = new Date(now.getTime() + 86_400_000);
  hubspot.live(now);
  expect((await history()).length - before).toBeLessThanOrEqual(40);
});

test("the truth knows backdated entries and the pipeline that held at each", async () => {
  const { id } = await hubspot.act<{ id: string }>("create", {
    object: "deal",
    at: "2026-11-01T08:00:00.000Z",
    person: { metaLeadId: "111222333444555" },
  });
  await hubspot.act("move", { object: "deal", id, stage: "site-visit", at: "2026-11-02T08:00:00.000Z" });
  const rest = { object: "deal", id, metaLeadId: "111222333444555" };
  expect((await history()).filter((entry) => entry.id === id)).toEqual([
    { ...rest, pipeline: "default", stage: "appointmentscheduled", enteredAt: "2026-11-01T08:00:00.000Z" },
    { ...rest, pipeline: "75118022", stage: "site-visit", enteredAt: "2026-11-02T08:00:00.000Z" },
  ]);
});

test("a stage that does not exist is refused", async () => {
  await expect(hubspot.act("create", { object: "deal", stage: "nowhere" })).rejects.toThrow(
    'deal has no stage "nowhere"',
  );
});

test("recent shows what changed last, with the stages to choose from", async () => {
  now = new Date(now.getTime() + 1000);
  const { id } = await hubspot.act<{ id: string }>("create", { object: "lead" });
  const [, first] = await hubspot.act<{ id: string; stage: string; stages: { id: string }[] }[]>("recent", {
    limit: 2,
  });
  expect(first).toMatchObject({ object: "lead", id, pipeline: "lead-pipeline-id", stage: "new-stage-id" });
  expect(first?.stages[1]).toEqual({ id: "attempting-stage-id", label: "Attempting" });
});

test("a restarted sandbox goes on where it was", async () => {
  const granted = await hubspot.act<Credentials>("grant");
  const { id } = await hubspot.act<{ id: string }>("create", { object: "deal" });
  await hubspot.act("life", { perMinute: 7 });
  const before = await history();
  hubspot.restart();
  expect(await history()).toEqual(before);
  expect((await hubspot.get(`/crm/objects/2026-09/deals/${id}`)).status).toBe(200);
  expect((await hubspot.refresh(granted)).status).toBe(200);
  expect((await hubspot.act<Credentials>("grant")).clientSecret).toBe(granted.clientSecret);
  expect(await hubspot.act("life", { perMinute: 7 })).toMatchObject({ lagMs: 0 });
  const next = await hubspot.act<{ id: string }>("create", { object: "deal" });
  expect(Number(next.id)).toBe(Number(id) + 1);
});
