import { problemOf } from "../../core/problems.ts";
import type { TenantId } from "../../core/types.ts";
import type { TaskView } from "../api/tasks.ts";
import { reasonOf } from "../api/words.ts";
import { lastPauses } from "../store/connection-facts.ts";
import type { Task } from "../store/tasks.ts";
import { type AboutTask, aboutTasks } from "../store/tasks-about.ts";
import { paceOf } from "../tasks/pace.ts";
import type { ApiParts } from "./api-route.ts";
import { namesOf, somebody } from "./somebody.ts";

/** What reads all that an account holds. */
export const isReading = ({ kind }: Pick<Task, "kind">): boolean => kind === "baseline" || kind === "backfill";

/** As the API tells of it. */
export async function viewOfTask(tenantId: TenantId, task: Task, parts: ApiParts): Promise<TaskView> {
  const [view] = await viewsOf(tenantId, [task], parts);
  if (!view) throw new TypeError("a task without a view");
  return view;
}

export async function viewsOf(
  tenantId: TenantId,
  tasks: readonly Task[],
  parts: ApiParts,
): Promise<readonly TaskView[]> {
  const { about, pauses } = await parts.store.web(tenantId, async (trx) => {
    const about = await aboutTasks(trx, tenantId, tasks);
    const held = [...about.values()].some(({ paused }) => paused === "by_admin");
    return { about, pauses: held ? await lastPauses(trx, tenantId) : new Map<string, never>() };
  });
  const people = [...tasks.map(({ who = null }) => who), ...[...pauses.values()].map(({ who }) => who)];
  const seen: Seen = { about, pauses, names: await namesOf(people, parts.store), connectors: parts.connectors };
  return tasks.map((task) => view(task, seen));
}

/** All that is told of tasks beside themselves. */
interface Seen extends Pick<ApiParts, "connectors"> {
  readonly about: ReadonlyMap<string, AboutTask>;
  readonly pauses: Awaited<ReturnType<typeof lastPauses>>;
  readonly names: Awaited<ReturnType<typeof namesOf>>;
}

function view(task: Task, { pauses, names, connectors, ...seen }: Seen): TaskView {
  const about = seen.about.get(task.about) ?? {};
  const { id, kind, done, total, startedAt, movedAt, endedAt, who } = task;
  const running = task.state === "running";
  // Whoever pauses a connection stops its reading, wherever they did it.
  const held = running && isReading(task) && about.paused === "by_admin";
  const pause = held ? pauses.get(task.about) : undefined;
  const state = held ? ("stopped" as const) : task.state;
  const why = task.why ?? (running && !held ? (about.paused ?? about.why) : undefined);
  const crmName = connectors.get(about.connector ?? "")?.manifest.crmName;
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
    ...paceOf({ ...task, state, ...(why !== undefined && { why }) }),
    ...(who !== undefined && { by: somebody(who, names) }),
    ...(pause && { stopped: { at: pause.at.toISOString(), by: somebody(pause.who, names) } }),
    ...(why !== undefined && { why: reasonOf(why) }),
    counts: { ...task.counts },
    canStop: running && (kind === "redrive" || (isReading(task) && about.paused === undefined)),
    canResume: held,
  };
}
