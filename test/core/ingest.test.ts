import { expect, test } from "vitest";
import { recordKey } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import { later, seen, tenantId, world } from "./ingest-world.ts";

test("the baseline fills the ledger and sends only what lies after the start that was chosen", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 300), seen("1", "b", 30)], [seen("2", "a", 500)]];
  await it.turn();
  expect(it.outcomes()).toEqual(["1a before_live", "1b send", "2a before_live"]);
  expect(it.asked.leads).toEqual([recordKey({ object: "deal", id: "1" })]);
});

test("how far the reading of a whole account has come is told page by page, once each is kept; of changes nothing is", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 300)], [seen("2", "a", 300)], [seen("3", "a", 300)]];
  it.crash.after = 2;
  await it.turn().catch(() => {});
  expect(it.told).toEqual([{ done: 1, total: 3, caughtUp: false, paused: false }]);
  it.crash.after = Number.POSITIVE_INFINITY;
  await it.turns(later(60_000));
  expect(it.told.at(-1)).toEqual({ done: 3, total: 3, caughtUp: true, paused: false });
  const { length } = it.told;
  it.script.changes = [[seen("1", "b", 5)]];
  await it.turns(later(120_000));
  expect([it.asked.changes > 0, it.told.length]).toEqual([true, length]);
});

test("whoever pauses the lane ends the reading at its next page; resumed, it goes on from there", async () => {
  const it = world();
  it.script.baseline = ["1", "2", "3", "4"].map((id) => [seen(id, "a", 300)]);
  let page = 0;
  it.script.beforeBatch = async () => {
    page += 1;
    if (page === 2) it.outbox.pauseLane(tenantId, "read", it.connection.id, "by_admin");
  };
  await it.turn();
  expect(it.told).toEqual([
    { done: 1, total: 4, caughtUp: false, paused: false },
    { done: 2, total: 4, caughtUp: false, paused: true },
  ]);
  expect(await it.turn(later(3_600_000)), "it waits for somebody to resume it").toBe(false);
  it.outbox.resumeLane(tenantId, "read", it.connection.id, later(3_600_001));
  await it.turns(later(3_600_001));
  expect(it.told.map(({ done }) => done)).toEqual([1, 2, 3, 4]);
  expect(it.outcomes()).toEqual(["1", "2", "3", "4"].map((id) => `${id}a before_live`));
});

test("changes after the baseline are sent once, however often they are read", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 300)]];
  await it.turn();
  it.script.changes = [
    [seen("1", "b", 5)],
    [seen("1", "b", 5), seen("1", "a", 300)],
    [seen("1", "c", 4), seen("1", "b", 5)],
  ];
  await it.turn(later(60_000));
  expect([it.events(), it.asked.baseline, it.asked.changes]).toEqual([["B", "C"], 1, 1]);
});

test("a jump over stages is filled, in funnel order, before the stage that was reached", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "won", 5)]];
  await it.turn();
  expect(it.events()).toEqual(["A", "B", "C", "WON"]);
});

test("a stage that was filled and is then reported late is not sent twice", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "c", 5)]];
  await it.turn();
  it.script.changes = [[seen("1", "b", 6), seen("1", "c", 5)]];
  await it.turn(later(60_000));
  expect(it.outcomes().at(-1)).toBe("1b sent_as_filled");
  expect(it.events()).toEqual(["A", "B", "C"]);
});

test("nothing is filled for a stage that is itself not sent", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "c", 300)]];
  await it.turn();
  expect(it.outcomes()).toEqual(["1c before_live"]);
});

test("a connection that is not live keeps everything and sends nothing", async () => {
  const { sendFrom: _, ...rest } = world().connection;
  const it = world();
  Object.assign(it.connection, rest, { sendFrom: undefined });
  it.script.baseline = [[seen("1", "a", 5)]];
  await it.turn();
  expect([it.outcomes(), it.asked.leads]).toEqual([["1a not_live"], []]);
});

test("a ring is answered by reading the record, without waiting for the next poll and without polling", async () => {
  const it = world();
  await it.turn();
  const { baseline, changes } = it.asked;
  it.script.records = [seen("7", "a", 1)];
  await it.outbox.ring(tenantId, it.connection.id, [{ object: "deal", id: "7" }], later(1_000));
  expect(await it.turn(later(1_000))).toBe(true);
  expect([it.events(), it.asked.read]).toEqual([["A"], [recordKey({ object: "deal", id: "7" })]]);
  expect([it.asked.baseline, it.asked.changes]).toEqual([baseline, changes]);
  expect(it.lane()?.dueAt).toEqual(later(60_000));
  expect((await it.outbox.rings(tenantId, it.connection.id, 10)).records).toEqual([]);
});

test("a ring for the whole account polls at once", async () => {
  const it = world();
  await it.turn();
  await it.outbox.ring(tenantId, it.connection.id, "all", later(1_000));
  await it.turn(later(1_000));
  expect(it.asked.changes).toBe(1);
});

test("a fault in the middle keeps the pages before it and goes on behind them", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 5)], [seen("2", "a", 5)]];
  const pages = it.script.baseline;
  it.script.baseline = pages.slice(0, 1);
  await it.turn();
  it.script.changes = [[seen("2", "a", 5)]];
  it.script.fail = new Failure("crm_unavailable", "503");
  await it.turn(later(60_000));
  expect(it.lane()).toMatchObject({ attempts: 1, why: "crm_unavailable", dueAt: later(65_000) });
  it.script.fail = undefined;
  await it.turn(later(65_000));
  expect([it.events(), it.lane()?.attempts]).toEqual([["A", "A"], 0]);
});

test("a limit waits as long as the CRM asks, a revoked access until somebody reconnects", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 5)]];
  it.script.fail = new Failure("crm_limit", "", { retryAt: later(900_000) });
  await it.turn();
  expect(it.lane()?.dueAt).toEqual(later(900_000));
  it.script.fail = new Failure("crm_disconnected");
  await it.turn(later(900_000));
  expect(it.lane()).toMatchObject({ paused: "crm_disconnected", dueAt: undefined });
});

test("a checkpoint that the CRM has forgotten starts the baseline again and sends nothing twice", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 5)]];
  await it.turn();
  it.script.changes = [[]];
  it.script.fail = new Failure("checkpoint_lost");
  await it.turn(later(60_000));
  it.script.fail = undefined;
  it.script.baseline = [[seen("1", "a", 5), seen("1", "b", 2)]];
  await it.turn(later(60_000));
  expect([it.asked.baseline, it.events()]).toEqual([2, ["A", "B"]]);
});

test("whose person is attached after the deal was made is sent once, and nobody is asked for in vain afterwards", async () => {
  const it = world();
  it.script.nobodyBehind.add("1");
  it.script.baseline = [[seen("1", "a", 9), seen("1", "b", 8)]];
  await it.turn();
  expect([it.outcomes(), it.events()]).toEqual([["1a lead_not_found", "1b lead_not_found"], []]);
  it.script.nobodyBehind.clear();
  it.script.records = [seen("1", "a", 9), seen("1", "b", 8)];
  await it.ring("1");
  await it.turn();
  expect([it.outcomes(), it.events()]).toEqual([
    ["1a send", "1b send"],
    ["A", "B"],
  ]);
  expect(Object.fromEntries(it.outbox.tallies(tenantId, it.connection.id))).toMatchObject({
    lead_not_found: 0,
    event: 2,
  });
  it.asked.leads.length = 0;
  await it.ring("1");
  await it.turn();
  expect([it.asked.leads, it.events()]).toEqual([[], ["A", "B"]]);
});

test("going live later sends what was entered since the chosen start, in order and with the stages that were skipped", async () => {
  const it = world();
  Object.assign(it.connection, { sendFrom: undefined });
  it.script.baseline = [[seen("1", "a", 300), seen("1", "c", 30), seen("1", "won", 20), seen("2", "a", 25)]];
  await it.turn();
  expect(it.outcomes()).toEqual(["1a not_live", "1c not_live", "2a not_live", "1won not_live"]);
  Object.assign(it.connection, { sendFrom: later(-3_600_000) });
  it.script.changes = it.script.baseline;
  await it.turn(later(60_000));
  expect(it.events()).toEqual(["B", "C", "A", "WON"]);
  expect(it.outcomes().toSorted()).toEqual(["1a before_live", "1b send", "1c send", "1won send", "2a send"]);
});

test("what is kept and what waits is told in numbers", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 300), seen("1", "b", 5), seen("2", "a", 5)]];
  await it.turn();
  it.script.changes = [[]];
  it.script.fail = new Failure("crm_unavailable");
  await it.turn(later(60_000));
  expect(it.facts).toEqual([
    { fact: "kept", connector: "script", outcomes: { before_live: 1, event: 2 } },
    { fact: "waits", lane: "read", why: "crm_unavailable" },
  ]);
});

test("a CRM that forgets its checkpoint over and over is not asked without a pause", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 5)]];
  it.script.fail = new Failure("checkpoint_lost");
  await it.turn();
  expect(it.lane()?.dueAt).toEqual(later(0));
  await it.turn();
  expect(it.lane()?.dueAt).toEqual(later(10_000));
});
