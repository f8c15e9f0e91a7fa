import { type Kysely, type Selectable, sql } from "kysely";
import type { TenantId } from "../../core/types.ts";
import { newId } from "./ids.ts";
import type { Tables } from "./tables.ts";
import type { TaskTable } from "./tables-tasks.ts";

export type TaskKind = TaskTable["kind"];
export type TaskState = TaskTable["state"];
/** What it has come to so far, by name: `taken`, `tooOld` … */
export type TaskCounts = Readonly<Record<string, number>>;

/** Long work that somebody watches. */
export interface Task {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly kind: TaskKind;
  /** The connection, the problem or the receipt. */
  readonly about: string;
  readonly state: TaskState;
  readonly done: number;
  /** Absent where nobody knows how much there is. */
  readonly total?: number;
  readonly startedAt: Date;
  readonly movedAt: Date;
  /** For how long it has stood still between two steps: it was stopped, or had to wait. */
  readonly stoodMs: number;
  readonly endedAt?: Date;
  /** Of the next slice, where they are done by themselves. */
  readonly dueAt?: Date;
  /** Who began it, if it was somebody. */
  readonly who?: string;
  /** What it waits for, or what it has failed for: a code of the catalogue. */
  readonly why?: string;
  readonly counts: TaskCounts;
  /** Where it goes on; its own kind reads it. */
  readonly cursor: unknown;
}

export type NewTask = Pick<Task, "kind" | "about" | "total" | "who"> & {
  readonly cursor?: object;
  readonly dueAt?: Date;
};

/** How it stands after a slice. `end`: nothing is left to do, or nothing more can be done. */
export interface Slice {
  readonly done: number;
  readonly counts: TaskCounts;
  readonly cursor: object;
  readonly why?: string;
  readonly dueAt?: Date;
  readonly end?: "done" | "failed";
}

/** Begins it, unless the same is under way: then that one is given. Two that begin it at once begin it once. */
export async function beginTask(
  db: Kysely<Tables>,
  tenantId: TenantId,
  task: NewTask,
  now: Date,
): Promise<{ readonly task: Task; readonly begun: boolean }> {
  const { kind, about, total, who, cursor = {}, dueAt } = task;
  const begun = await db
    .insertInto("task")
    .values({
      tenant_id: tenantId,
      id: newId("tsk"),
      kind,
      about,
      state: "running",
      done: 0,
      total: total ?? null,
      started_at: now,
      moved_at: now,
      ended_at: null,
      due_at: dueAt ?? null,
      stood_ms: 0,
      who: who ?? null,
      why: null,
      result: "{}",
      cursor: JSON.stringify(cursor),
    })
    .onConflict((conflict) =>
      conflict.columns(["tenant_id", "about"]).where("state", "=", sql.lit("running")).doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
  if (begun) return { task: toTask(begun), begun: true };
  // The one that was under way may have ended since.
  const running = await runningTask(db, tenantId, about);
  return running ? { task: running, begun: false } : await beginTask(db, tenantId, task, now);
}

export async function runningTask(db: Kysely<Tables>, tenantId: TenantId, about: string): Promise<Task | undefined> {
  const row = await ofTenant(db, tenantId).where("about", "=", about).where("state", "=", "running").executeTakeFirst();
  return row && toTask(row);
}

export async function findTask(db: Kysely<Tables>, tenantId: TenantId, id: string): Promise<Task | undefined> {
  const row = await ofTenant(db, tenantId).where("id", "=", id).executeTakeFirst();
  return row && toTask(row);
}

/** Those that run, and those that ended after `since`; the latest first. */
export async function listTasks(
  db: Kysely<Tables>,
  tenantId: TenantId,
  since: Date,
  limit = 50,
): Promise<readonly Task[]> {
  const rows = await ofTenant(db, tenantId)
    .where(({ eb, or }) => or([eb("state", "=", "running"), eb("ended_at", ">", since)]))
    .orderBy(sql`state <> 'running'`)
    .orderBy("started_at", "desc")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(toTask);
}

/** The latest about this, newest first. */
export async function tasksAbout(db: Kysely<Tables>, tenantId: TenantId, about: string): Promise<readonly Task[]> {
  const rows = await ofTenant(db, tenantId)
    .where("about", "=", about)
    .orderBy("started_at", "desc")
    .limit(20)
    .execute();
  return rows.map(toTask);
}

/** Nothing more of it is begun; the slice that is under way is finished and counted. False: it does not run. */
export async function stopTask(db: Kysely<Tables>, tenantId: TenantId, id: string, now: Date): Promise<boolean> {
  return (
    (await stopped(db, now).where("tenant_id", "=", tenantId).where("id", "=", id).executeTakeFirst()).numUpdatedRows >
    0n
  );
}

/** What it was done for is no more, or is begun from the start. */
export async function stopTaskAbout(db: Kysely<Tables>, tenantId: TenantId, about: string, now: Date): Promise<void> {
  await stopped(db, now).where("tenant_id", "=", tenantId).where("about", "=", about).execute();
}

const stopped = (db: Kysely<Tables>, now: Date) =>
  db.updateTable("task").set({ state: "stopped", ended_at: now, due_at: null }).where("state", "=", "running");

/** Whose next slice is due, longest due first. Asked across tenants, as the claiming of lanes is. */
export async function dueTasks(db: Kysely<Tables>, now: Date, limit: number): Promise<readonly Task[]> {
  const rows = await db
    .selectFrom("task")
    .selectAll()
    .where("due_at", "<=", now)
    .orderBy("due_at")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(toTask);
}

/** Puts the next slice off, so that nobody else does it meanwhile; should we die, it is due again then. False: too late. */
export async function claimTask(db: Kysely<Tables>, { tenantId, id, dueAt }: Task, until: Date): Promise<boolean> {
  if (!dueAt) return false;
  const { numUpdatedRows } = await one(db, tenantId, id)
    .set({ due_at: until })
    .where("due_at", "=", dueAt)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/**
 * Writes down a slice, if it began where the task stands: what another process has done meanwhile is not counted twice. One that
 * was stopped in the middle is counted, and stays stopped.
 *
 * @returns false when somebody else was faster
 */
export async function noteSlice(
  db: Kysely<Tables>,
  { tenantId, id, cursor: before }: Pick<Task, "tenantId" | "id" | "cursor">,
  { done, counts, cursor, why, dueAt, end }: Slice,
  now: Date,
): Promise<boolean> {
  const running = (then: unknown, otherwise: string) =>
    sql<never>`case when state = 'running' then ${then} else ${sql.ref(otherwise)} end`;
  const { numUpdatedRows } = await one(db, tenantId, id)
    .set({
      done,
      result: JSON.stringify(counts),
      cursor: JSON.stringify(cursor),
      why: why ?? null,
      ...stepAt(now),
      state: running(sql`${end ?? "running"}::text`, "state"),
      ended_at: running(sql`${end ? now : null}::timestamptz`, "ended_at"),
      due_at: running(sql`${end ? null : (dueAt ?? null)}::timestamptz`, "due_at"),
    })
    .where("state", "in", ["running", "stopped"])
    .where(sql<boolean>`cursor = ${JSON.stringify(before)}::jsonb`)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Nothing of it was done: it is looked at again at `dueAt`. `why`: for what it waits, where it does. */
export async function putTaskOff(
  db: Kysely<Tables>,
  { tenantId, id }: Task,
  why: string | undefined,
  dueAt: Date,
): Promise<void> {
  await one(db, tenantId, id)
    .set({ why: why ?? null, due_at: dueAt })
    .where("state", "=", "running")
    .execute();
}

/** Who has not come further for so long has stood still. */
const standsAfterMs = 60_000;

/** It comes further at this instant; the time in which it stood still is put aside. */
export const stepAt = (now: Date) => ({
  moved_at: now,
  stood_ms: sql<number>`stood_ms + case when moved_at < ${new Date(now.getTime() - standsAfterMs)}::timestamptz
    then (extract(epoch from ${now}::timestamptz - moved_at) * 1000)::bigint else 0 end`,
});

const ofTenant = (db: Kysely<Tables>, tenantId: TenantId) =>
  db.selectFrom("task").selectAll().where("tenant_id", "=", tenantId);

const one = (db: Kysely<Tables>, tenantId: TenantId, id: string) =>
  db.updateTable("task").where("tenant_id", "=", tenantId).where("id", "=", id);

const toTask = (row: Selectable<TaskTable>): Task => ({
  tenantId: row.tenant_id as TenantId,
  id: row.id,
  kind: row.kind,
  about: row.about,
  state: row.state,
  done: row.done,
  ...(row.total !== null && { total: row.total }),
  startedAt: row.started_at,
  movedAt: row.moved_at,
  stoodMs: row.stood_ms,
  ...(row.ended_at && { endedAt: row.ended_at }),
  ...(row.due_at && { dueAt: row.due_at }),
  ...(row.who !== null && { who: row.who }),
  ...(row.why !== null && { why: row.why }),
  counts: row.result as TaskCounts,
  cursor: row.cursor,
});
