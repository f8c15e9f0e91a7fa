import { beforeEach, expect, test } from "vitest";
import type { Lease } from "../../core/outbox.ts";
import { markDisconnected } from "../../server/store/disconnected.ts";
import { dropOfTenant } from "../../server/store/retention-tenant.ts";
import { listTasks, runningTask } from "../../server/store/tasks.ts";
import { paceOf } from "../../server/tasks/pace.ts";
import { readSoFar } from "../../server/tasks/reading.ts";
import { redriving } from "./tasks-world.ts";

const { here, clock, run } = redriving();
beforeEach(async () => {
  clock.at = new Date("2026-11-23T09:00:00Z");
  await here.store.db
    .updateTable("connection")
    .set({ connected_by: "usr_ana" })
    .where("tenant_id", "=", here.tenant.id)
    .execute();
});
const later = (ms: number): void => {
  clock.at = new Date(clock.at.getTime() + ms);
};
const lease = {} as Lease;
const reader = () => readSoFar({ store: here.store, clock });
const running = () => runningTask(here.store.db, here.tenant.id, here.connection.id);
const tasks = () => listTasks(here.store.db, here.tenant.id, new Date(0));
const page = (done: number, caughtUp = false) => ({ done, total: 900, caughtUp, paused: false });
const checkpoint = (phase: string) =>
  here.store.db
    .insertInto("checkpoint")
    .values({
      tenant_id: here.tenant.id,
      connection_id: here.connection.id,
      body: JSON.stringify({ v: 1, phase }),
      updated_at: clock.at,
    })
    .execute();

test("the reading of a whole account is told of with its first page, every few seconds, and as it ends", async () => {
  const tell = reader();
  await tell(lease, here.connection, page(100));
  expect(await running()).toMatchObject({ kind: "baseline", done: 100, total: 900, who: "usr_ana" });
  later(1_000);
  await tell(lease, here.connection, page(200));
  expect(await running(), "a page a second is not written down each time").toMatchObject({ done: 100 });
  later(3_000);
  await tell(lease, here.connection, page(400));
  expect(await running()).toMatchObject({ done: 400, movedAt: clock.at });
  later(1_000);
  await tell(lease, here.connection, page(900, true));
  expect(await running()).toBeUndefined();
  expect(await tasks()).toMatchObject([{ state: "done", done: 900, endedAt: clock.at }]);
});

test("what is read with one page begins nothing that anybody would see", async () => {
  await reader()(lease, here.connection, page(900, true));
  expect(await tasks()).toEqual([]);
});

test("another turn, in another process, goes on with the same; one that is behind takes nothing back", async () => {
  await reader()(lease, here.connection, page(500));
  await reader()(lease, here.connection, page(300));
  expect(await running()).toMatchObject({ done: 500 });
  await reader()(lease, here.connection, page(700));
  expect(await tasks()).toMatchObject([{ state: "running", done: 700 }]);
});

test("what was stopped for an hour and goes on is as fast as it was", async () => {
  await reader()(lease, here.connection, page(0));
  later(10_000);
  await reader()(lease, here.connection, page(100));
  later(3_600_000);
  await reader()(lease, here.connection, page(110));
  later(10_000);
  await reader()(lease, here.connection, page(200));
  const [task] = await tasks();
  expect(task).toMatchObject({ done: 200, stoodMs: 3_600_000 });
  expect(task && paceOf(task)).toEqual({ perSecond: 10, leftMs: 70_000 });
});

test("going live in the middle begins the reading anew, and with it another task", async () => {
  await reader()(lease, here.connection, page(500));
  later(10_000);
  await here.store.db
    .insertInto("audit")
    .values({
      tenant_id: here.tenant.id,
      id: "aud_live",
      at: clock.at,
      who: "usr_ben",
      what: "connection.live",
      about: JSON.stringify({ id: here.connection.id, from: "last_7_days" }),
    })
    .execute();
  await reader()(lease, { ...here.connection, sendFrom: clock.at }, page(100));
  expect(await tasks()).toMatchObject([
    { kind: "backfill", state: "running", done: 100, who: "usr_ben" },
    { kind: "baseline", state: "stopped", done: 500 },
  ]);
});

test("a reader that died right after the last page leaves nothing running for ever", async () => {
  await reader()(lease, here.connection, page(800));
  await checkpoint("changes");
  await run();
  expect(await running(), "it may be at it still").toMatchObject({ done: 800 });
  later(60_000);
  await run();
  expect(await tasks()).toMatchObject([{ state: "done", done: 900 }]);
});

test("one whose account is disconnected is stopped; one whose CRM is slow goes on", async () => {
  await reader()(lease, here.connection, page(800));
  await checkpoint("baseline");
  later(60_000);
  await run();
  expect(await running()).toMatchObject({ state: "running" });
  await markDisconnected(here.store.db, here.tenant.id, here.connection.id, clock.at);
  later(60_000);
  await run();
  expect(await tasks()).toMatchObject([{ state: "stopped", done: 800 }]);
});

test("what ended is kept for 90 days, and what runs for as long as it runs", async () => {
  await reader()(lease, here.connection, page(100));
  await reader()(lease, here.connection, page(900, true));
  await reader()(lease, { ...here.connection, sendFrom: clock.at }, page(100));
  const day = 86_400_000;
  await dropOfTenant(here.store.db, here.tenant.id, new Date(clock.at.getTime() + 89 * day));
  expect((await tasks()).map(({ state }) => state)).toEqual(["running", "done"]);
  await dropOfTenant(here.store.db, here.tenant.id, new Date(clock.at.getTime() + 92 * day));
  expect((await tasks()).map(({ state }) => state)).toEqual(["running"]);
});
