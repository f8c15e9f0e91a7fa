import { isFailure } from "../../core/errors.ts";
import type { RebuildParts } from "../routes/rebuilt.ts";
import { type LaneKey, wakeLane } from "../store/lanes.ts";
import { claimTask, dueTasks, noteSlice, putTaskOff, type Task } from "../store/tasks.ts";
import { nobody } from "../workers/upkeep.ts";
import { lookAtReading } from "./reading.ts";
import { redriveSlice } from "./redrive.ts";

/** The chore's lane: whoever begins something wakes it. */
export const tasksLane: LaneKey = { tenantId: nobody, kind: "upkeep", id: "tasks" };
const problemsLane: LaneKey = { ...tasksLane, id: "problems" };

/** Tasks that are given a slice in one round: each a slice, then each the next. */
const together = 20;
/** Whoever dies over a slice holds its task for so long. */
const claimMs = 60_000;
const waitMs = 30_000;
/** Then the lane is given back, so that another process may go on. */
const turnMs = 10_000;

/** A chore: the slices of long work that are due, task by task in turn. */
export const runTasks = (parts: RebuildParts) => async (): Promise<"more" | undefined> => {
  const { store, clock } = parts;
  const ends = clock.now().getTime() + turnMs;
  for (;;) {
    const due = await dueTasks(store.db, clock.now(), together);
    if (due.length === 0) return undefined;
    for (const task of due) await runSlice(task, parts);
    if (clock.now().getTime() > ends) return "more";
  }
};

async function runSlice(task: Task, parts: RebuildParts): Promise<void> {
  const { store, clock, log } = parts;
  if (!(await claimTask(store.db, task, new Date(clock.now().getTime() + claimMs)))) return;
  try {
    if (task.kind !== "redrive") return await lookAtReading(task, parts);
    const slice = await redriveSlice(task, parts);
    if ("waits" in slice) await putTaskOff(store.db, task, slice.waits, later(clock.now()));
    else await noteSlice(store.db, task, slice, clock.now());
    // What it was sent again for may be over: that is not to wait for the next look.
    if ("end" in slice) await wakeLane(store.db, problemsLane, clock.now());
  } catch (error) {
    if (isFailure(error, "store_unavailable")) throw error;
    const why = isFailure(error) ? error.code : "unexpected";
    const now = clock.now();
    log.error(`A slice of long work failed: ${why}`, { tenant: task.tenantId, code: why });
    // Its dataset is gone: there is nowhere to send to.
    if (why === "not_found") {
      const { done, counts } = task;
      await noteSlice(store.db, task, { done, counts, cursor: task.cursor as object, why, end: "failed" }, now);
    } else await putTaskOff(store.db, task, why, later(now));
  }
}

const later = (now: Date): Date => new Date(now.getTime() + waitMs);
