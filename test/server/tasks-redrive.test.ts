import { expect, test } from "vitest";
import { claimTask, findTask, noteSlice, stopTask, type Task } from "../../server/store/tasks.ts";
import { redriveSlice } from "../../server/tasks/redrive.ts";
import { redriving } from "./tasks-world.ts";

const { here, clock, parts, begin, run, sent } = redriving();
const again = async ({ id }: Task) => await findTask(here.store.db, here.tenant.id, id);
const later = (ms: number): void => {
  clock.at = new Date(clock.at.getTime() + ms);
};
const slice = async (task: Task) => {
  const made = await redriveSlice(task, parts());
  if ("waits" in made) throw new Error("it waits");
  return made;
};

test("whoever dies between sending a slice again and noting it is followed by another who repeats nothing and counts all", async () => {
  const task = await begin(2_500);
  expect(await claimTask(here.store.db, task, new Date(clock.at.getTime() + 60_000))).toBe(true);
  await slice(task); // and dies
  expect(await sent()).toEqual({ again: 1_000, twice: 0 });
  await run();
  expect((await again(task))?.state, "the dead still holds it").toBe("running");
  later(60_000);
  await run();
  expect(await again(task)).toMatchObject({ state: "done", done: 2_500, counts: { taken: 2_500 } });
  expect(await sent()).toEqual({ again: 2_500, twice: 0 });
});

test("several who are at it together send each event once, and count it once", async () => {
  const task = await begin(3_000);
  await Promise.all([run(), run(), run()]);
  later(60_000); // who was a moment too late has let go of it
  await run();
  expect(await again(task)).toMatchObject({ state: "done", done: 3_000, counts: { taken: 3_000 } });
  expect(await sent()).toEqual({ again: 3_000, twice: 0 });
});

test("a slice that comes too late changes nothing", async () => {
  const task = await begin(1_500);
  const mine = await slice(task);
  expect(await noteSlice(here.store.db, task, mine, clock.at)).toBe(true);
  expect(await noteSlice(here.store.db, task, { ...mine, done: 9_999 }, clock.at)).toBe(false);
  expect(await again(task)).toMatchObject({ done: 1_000, state: "running" });
});

test("stopped in the middle of a slice it begins no other, and the one under way is counted", async () => {
  const task = await begin(2_500);
  const mine = await slice(task);
  expect(await stopTask(here.store.db, here.tenant.id, task.id, clock.at)).toBe(true);
  expect(await noteSlice(here.store.db, task, mine, clock.at)).toBe(true);
  later(60_000);
  await run();
  expect(await again(task)).toMatchObject({ state: "stopped", done: 1_000, counts: { taken: 1_000 } });
  expect(await sent()).toEqual({ again: 1_000, twice: 0 });
  expect(await stopTask(here.store.db, here.tenant.id, task.id, clock.at)).toBe(false);
});

test("what was refused again meanwhile is not sent in circles", async () => {
  const task = await begin(1_500);
  const first = await slice(task);
  await noteSlice(here.store.db, task, first, clock.at);
  const number = 1_600; // of the first slice's new numbers
  await here.store.db
    .insertInto("dead_event")
    .values({
      ...{ tenant_id: here.tenant.id, dataset_id: here.dataset.id, seq: number, at: clock.at, code: 100 },
      ...{ reason: "refused_invalid", subcode: null, words: null, trace_id: null },
    })
    .execute();
  await run();
  expect(await again(task)).toMatchObject({ state: "done", counts: { taken: 1_500 } });
  expect(await sent()).toEqual({ again: 1_500, twice: 0 });
});

test("a task that cannot go on waits and says why, and keeps no other from going on", async () => {
  const task = await begin(10);
  await here.store.db.updateTable("task").set({ cursor: "{}" }).where("id", "=", task.id).execute();
  await run();
  expect(await again(task)).toMatchObject({ state: "running", why: "unexpected", done: 0 });
});
