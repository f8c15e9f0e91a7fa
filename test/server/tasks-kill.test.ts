import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { addDataset } from "../../server/store/datasets.ts";
import { findTask } from "../../server/store/tasks.ts";
import { createTenant } from "../../server/store/tenants.ts";
import { beginRedrive } from "../../server/tasks/redrive.ts";
import { testDatabase } from "../postgres.ts";
import { problem, refusedEvents, sentAgain } from "./tasks-world.ts";

const events = 10_000;
const kills = 4;

test(`after ${kills} kills -9 each of ${events} events has been sent again once, and is counted`, async () => {
  const database = await testDatabase();
  const store = await database.open();
  const now = new Date();
  const tenant = await createTenant(store.db, { name: "Acme", allowedKeys: [] }, now);
  const dataset = await addDataset(store.db, { tenantId: tenant.id, metaId: "1234567890", name: "Leads" }, now);
  const cause = await refusedEvents(store, dataset, events, now);
  const { task } = await beginRedrive(store.db, tenant.id, { problem, cause, as: "it_was", who: "usr_a" }, now);

  const progress: number[] = [];
  for (let life = 0; life <= kills; life += 1) {
    const worker = spawn(process.execPath, [join(import.meta.dirname, "tasks-killed.ts"), database.url]);
    const exited = once(worker, "exit");
    let words = "";
    worker.stderr.on("data", (text) => (words += text));
    // The moment is the one thing here that is left to chance.
    for await (const line of createInterface({ input: worker.stdout }))
      if (line === "at it" && life < kills) void pause(Math.random() * 200).then(() => worker.kill("SIGKILL"));
    await exited;
    expect(words).toBe("");
    progress.push((await sentAgain(store, dataset)).again);
    // The dead hold it for a minute; nobody here waits for that.
    await store.db.updateTable("task").set({ due_at: now }).where("state", "=", "running").execute();
  }
  expect(await sentAgain(store, dataset)).toEqual({ again: events, twice: 0 });
  expect(await findTask(store.db, tenant.id, task.id)).toMatchObject({
    state: "done",
    done: events,
    counts: { taken: events, tooOld: 0, heldBack: 0, unknown: 0 },
  });
  expect(new Set(progress).size, `it was killed in the middle: ${progress}`).toBeGreaterThan(1);
  await database.drop();
}, 120_000);
