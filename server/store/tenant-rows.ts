import { type Kysely, sql } from "kysely";
import { keptForDays } from "../../core/privacy.ts";
import type { TenantId } from "../../core/types.ts";
import type { Counts } from "./receipts.ts";
import { dropOfLane, rowsOfSlice } from "./retention-lane.ts";
import type { Tables } from "./tables.ts";

/**
 * Takes the bulk of a tenant away, in slices that each are a short transaction, so that `forgetTenant` has little left. Nobody
 * reads or sends for it any more. `tell` hears after each slice how many rows are gone, of how many that there were.
 *
 * @returns what there was
 */
export async function emptyTenant(
  db: Kysely<Tables>,
  tenantId: TenantId,
  now: Date,
  tell: (done: number, total: number) => Promise<void>,
): Promise<Counts> {
  const { rows } = await sql<Counts>`
    select (select count(*)::int from record_stage where tenant_id = ${tenantId}) as entries,
      (select count(*)::int from outbox where tenant_id = ${tenantId}) as events,
      (select count(*)::int from inbox where tenant_id = ${tenantId}) as pushes,
      (select count(*)::int from audit where tenant_id = ${tenantId}) as "auditEntries"`.execute(db);
  await sql`
    update lane set paused_reason = coalesce(paused_reason, 'by_admin'), due_at = null, lease_until = null,
      lease_token = lease_token + 1, cursor_seq = next_seq - 1
    where tenant_id = ${tenantId}`.execute(db);
  await db.updateTable("inbox").set({ body: null }).where("tenant_id", "=", tenantId).execute();
  const lanes = await db
    .selectFrom("lane")
    .select(["kind", "id"])
    .where("tenant_id", "=", tenantId)
    .orderBy("kind")
    .orderBy("id")
    .execute();
  const { entries = 0, events = 0, pushes = 0 } = rows[0] ?? {};
  const total = entries + events + pushes;
  let done = 0;
  for (const { kind, id } of lanes)
    for await (const _ of dropOfLane(db, { tenantId, kind, id }, tooLate(now))) {
      done = Math.min(total, done + rowsOfSlice);
      await tell(done, total);
    }
  return rows[0] ?? {};
}

/** A day on which everything there is is older than anything is kept. */
const tooLate = (now: Date): Date => new Date(now.getTime() + 2 * Math.max(...Object.values(keptForDays)) * 86_400_000);
