import { z } from "zod";
import { reason } from "./record.ts";
import { count, instant } from "./schema.ts";

/** Long work: what is under way, how far it is, and what became of it. */

const somebody = z.object({ id: z.string(), name: z.string().optional() });

export const taskView = z.object({
  id: z.string(),
  kind: z
    .enum(["baseline", "backfill", "redrive", "erase_person", "erase_workspace"])
    .describe(
      "`baseline`: a CRM is read for the first time; `backfill`: it is read again from the beginning, for what is to be sent; `redrive`: the events of a problem are sent again.",
    ),
  state: z
    .enum(["running", "done", "stopped", "failed"])
    .describe("`stopped`: by somebody; a reading goes on where it was once it is resumed (`canResume`)."),
  about: z
    .object({
      id: z.string().describe("The connection, the problem or the receipt."),
      title: z.string().optional().describe("Of the problem."),
      name: z.string().optional().describe("Of the connection, or of the problem's dataset."),
      crmName: z.string().optional(),
    })
    .describe("What it is done for."),
  done: count.describe("Records or events."),
  total: count.optional().describe("Absent: nobody knows how many there are."),
  startedAt: instant,
  movedAt: instant.describe("When it last came further."),
  endedAt: instant.optional(),
  perSecond: z.number().nonnegative().optional().describe("Over the whole of it; absent: too early to tell."),
  leftMs: count.optional().describe("At this rate; absent: nobody can tell, or it waits."),
  by: somebody.optional().describe("Who began it."),
  stopped: z.object({ at: instant, by: somebody }).optional().describe("Who stopped what can go on, and when."),
  why: reason.optional().describe("What it waits for, or what it has failed for."),
  counts: z
    .record(z.string(), count)
    .describe("What it came to. `redrive`: `taken`, `tooOld`, `heldBack` (by a rule), `unknown` (nobody can tell)."),
  canStop: z.boolean().describe("Stopping a reading pauses its connection."),
  canResume: z.boolean(),
});
export type TaskView = z.infer<typeof taskView>;

/** `GET /api/v1/tasks` */
export const tasksView = z.object({ tasks: z.array(taskView) });
export type TasksView = z.infer<typeof tasksView>;
