import { Failure } from "../../core/errors.ts";
import { problemOf } from "../../core/problems.ts";
import type { TenantId } from "../../core/types.ts";
import { nothing } from "../api/operations.ts";
import { type TaskView, tasksView, taskView } from "../api/tasks.ts";
import { reasonOf } from "../api/words.ts";
import { writeAudit } from "../store/audit.ts";
import { findTask, listTasks, stopTask, type Task } from "../store/tasks.ts";
import { type AboutTask, aboutTasks } from "../store/tasks-about.ts";
import { paceOf } from "../tasks/pace.ts";
import { type ApiParts, apiRoute, type Call, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";
import { namesOf, somebody } from "./somebody.ts";

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
  apiRoute(
    {
      path: "/tasks/:id/stop",
      who: "admin",
      summary: "End a piece of long work before its time; what is done stays done",
      body: nothing,
      answer: taskView,
      handle: async (call) => {
        const { tenant, who, now } = call;
        const task = await taskIn(call, parts);
        if (!canStop(task)) throw new Failure("conflict", whyNot(task));
        const { id, kind, about, done } = task;
        await parts.store.web(tenant.id, async (trx) => {
          if (!(await stopTask(trx, tenant.id, id, now))) throw new Failure("conflict", whyNot(task));
          await writeAudit(
            trx,
            tenant.id,
            { who, what: "task.stopped", about: { task: id, kind, of: about, done } },
            now,
          );
        });
        return await viewOfTask(tenant.id, await taskIn(call, parts), parts);
      },
    },
    parts,
  ),
];

/** Reading is paused at its connection, and goes on from there; a person who is being erased is erased. */
const canStop = ({ kind, state }: Task): boolean => kind === "redrive" && state === "running";

function whyNot({ kind, state }: Task): string {
  if (kind === "redrive" || state !== "running") return "it is over already";
  return kind === "baseline" || kind === "backfill"
    ? "reading is paused at its connection, and goes on from where it was"
    : "what is being erased cannot be kept any more";
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

/** As the API tells of it. */
export async function viewOfTask(tenantId: TenantId, task: Task, parts: ApiParts): Promise<TaskView> {
  const [view] = await viewsOf(tenantId, [task], parts);
  if (!view) throw new TypeError("a task without a view");
  return view;
}

async function viewsOf(tenantId: TenantId, tasks: readonly Task[], parts: ApiParts): Promise<readonly TaskView[]> {
  const [about, names] = await Promise.all([
    parts.store.web(tenantId, (trx) => aboutTasks(trx, tenantId, tasks)),
    namesOf(
      tasks.map(({ who = null }) => who),
      parts.store,
    ),
  ]);
  return tasks.map((task) => view(task, about.get(task.about) ?? {}, names, parts));
}

function view(task: Task, about: AboutTask, names: Awaited<ReturnType<typeof namesOf>>, parts: ApiParts): TaskView {
  const { id, kind, state, done, total, startedAt, movedAt, endedAt, who } = task;
  const why = task.why ?? (state === "running" ? about.why : undefined);
  const crmName = parts.connectors.get(about.connector ?? "")?.manifest.crmName;
  return {
    id,
    kind,
    state,
    about: {
      id: task.about,
      ...(about.code !== undefined && { title: problemOf(about.code).title }),
      ...(about.name !== undefined && { name: about.name }),
      ...(crmName !== undefined && { crmName }),
    },
    done,
    ...(total !== undefined && { total }),
    startedAt: startedAt.toISOString(),
    movedAt: movedAt.toISOString(),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...paceOf({ ...task, ...(why !== undefined && { why }) }),
    ...(who !== undefined && { by: somebody(who, names) }),
    ...(why !== undefined && { why: reasonOf(why) }),
    counts: { ...task.counts },
    canStop: canStop(task),
  };
}
