import type { Kysely } from "kysely";
import type { LaneKey } from "./lanes.ts";
import type { Tables } from "./tables.ts";

/** Whether the lane stands still, and why; undefined: this tenant has no such lane. */
export async function laneState(
  db: Kysely<Tables>,
  { tenantId, kind, id }: LaneKey,
): Promise<{ readonly pausedReason: string | null } | undefined> {
  const row = await db
    .selectFrom("lane")
    .select("paused_reason")
    .where("tenant_id", "=", tenantId)
    .where("kind", "=", kind)
    .where("id", "=", id)
    .executeTakeFirst();
  return row && { pausedReason: row.paused_reason };
}
