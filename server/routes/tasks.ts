import type { Kysely } from "kysely";
import { Failure } from "../../core/errors.ts";
import { nothing } from "../api/operations.ts";
import { tasksView, taskView } from "../api/tasks.ts";
import { writeAudit } from "../store/audit.ts";
import type { Tables } from "../store/tables.ts";
import { findTask, listTasks, stopTask, type Task } from "../store/tasks.ts";
import { resumeReading, stopReading } from "../tasks/stop-reading.ts";
import { type ApiParts, apiRoute, type Call, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";
import { isReading, viewOfTask, viewsOf } from "./task-view.ts";

const dayMs = 86_400_000;

/** Long work: how far it is, and its end before its time. */
export const taskRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/tasks",
      who: "viewer",
      summary: "Long work that is under way, or ended within the last day",
      answer: tasksView,
      handle: async ({ tenant, now }) => {
        const since = new Date(now.getTime() - dayMs);
        const tasks = await parts.store.web(tenant.id, (trx) => listTasks(trx, tenant.id, since));
        return { tasks: [...(await viewsOf(tenant.id, tasks, parts))] };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/tasks/:id",
      who: "viewer",
      summary: "How far a piece of long work is",
      answer: taskView,
      handle: async (call) => await viewOfTask(call.tenant.id, await taskIn(call, parts), parts),
    },
    parts,
  ),
  changing(
    {
      path: "/tasks/:id/stop",
      summary: "End a piece of long work before its time; a reading pauses its connection, and can go on",
      change: (trx, task, call) => (isReading(task) ? stopReading(trx, task, call) : stopForGood(trx, task, call)),
    },
    parts,
  ),
  changing(
    {
      path: "/tasks/:id/resume",
      summary: "Let a reading that was stopped go on where it was; its connection is resumed",
      change: async (trx, task, call) => {
        if (!isReading(task)) throw new Failure("conflict", "only a reading goes on; it is under way");
        await resumeReading(trx, task, call);
      },
      wakes: "read",
    },
    parts,
  ),
];

interface Change {
  readonly path: string;
  readonly summary: string;
  readonly change: (trx: Kysely<Tables>, task: Task, call: Call<unknown, unknown>) => Promise<unknown>;
  readonly wakes?: "read";
}

/** Something that an admin does to long work which is under way. */
const changing = ({ path, summary, change, wakes }: Change, parts: ApiParts): Route =>
  apiRoute(
    {
      path,
      who: "admin",
      summary,
      body: nothing,
      answer: taskView,
      handle: async (call) => {
        const { tenant } = call;
        const task = await taskIn(call, parts);
        if (task.state !== "running") throw new Failure("conflict", "it is over already");
        await parts.store.web(tenant.id, (trx) => change(trx, task, call));
        if (wakes) parts.wake(wakes);
        return await viewOfTask(tenant.id, await taskIn(call, parts), parts);
      },
    },
    parts,
  );

/** @throws Failure `conflict` when it has ended meanwhile, or cannot be kept any more */
async function stopForGood(trx: Kysely<Tables>, task: Task, { who, now }: { who: string; now: Date }): Promise<void> {
  const { tenantId, id, kind, about, done } = task;
  if (kind !== "redrive") throw new Failure("conflict", "what is being erased cannot be kept any more");
  if (!(await stopTask(trx, tenantId, id, now))) throw new Failure("conflict", "it is over already");
  await writeAudit(trx, tenantId, { who, what: "task.stopped", about: { task: id, kind, of: about, done } }, now);
}

/** @throws Failure `not_found` */
async function taskIn(
  { tenant, params }: Pick<Call<unknown, unknown>, "tenant" | "params">,
  { store }: ApiParts,
): Promise<Task> {
  const id = idIn<string>(params, "id", "tsk");
  const task = await store.web(tenant.id, (trx) => findTask(trx, tenant.id, id));
  if (!task) throw new Failure("not_found", `task ${id}`);
  return task;
}
