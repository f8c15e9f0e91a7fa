import { type Kysely, sql } from "kysely";
import type { TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";
import { beginTask, type NewTask, stepAt, stopTaskAbout, type TaskCounts } from "./tasks.ts";

/* Work that others drive: readings by their lanes, erasures by whoever erases. They tell how far they have come. */

/**
 * How far it has come; its first word begins it, and another kind of work about the same takes the place of what is under way. It
 * never goes back: whoever has lost the work to another may still be telling.
 */
export async function tellProgress(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { done, ...task }: Omit<NewTask, "who" | "cursor"> & { readonly done: number },
  who: () => Promise<string | undefined>,
  now: Date,
): Promise<void> {
  const further = () =>
    db
      .updateTable("task")
      .set(({ fn, val }) => ({
        done: fn<number>("greatest", ["done", val(done)]),
        total: task.total ?? null,
        ...stepAt(now),
        due_at: task.dueAt ?? null,
      }))
      .where("tenant_id", "=", tenantId)
      .where("about", "=", task.about)
      .where("kind", "=", task.kind)
      .where("state", "=", "running")
      .executeTakeFirstOrThrow();
  if ((await further()).numUpdatedRows > 0n) return;
  await stopTaskAbout(db, tenantId, task.about, now);
  const by = await who();
  await beginTask(db, tenantId, { ...task, ...(by !== undefined && { who: by }) }, now);
  await further();
}

/** It has come to its end. Nothing, where none was under way. */
export async function endTask(
  db: Kysely<Tables>,
  tenantId: TenantId,
  about: string,
  counts: TaskCounts,
  now: Date,
): Promise<void> {
  await db
    .updateTable("task")
    .set(({ ref }) => ({
      state: "done",
      done: sql<number>`coalesce(${ref("total")}, ${ref("done")})`,
      ended_at: now,
      ...stepAt(now),
      due_at: null,
      why: null,
      result: JSON.stringify(counts),
    }))
    .where("tenant_id", "=", tenantId)
    .where("about", "=", about)
    .where("state", "=", "running")
    .execute();
}
