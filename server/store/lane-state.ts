import type { Kysely } from "kysely";
import type { LaneKey } from "./lanes.ts";
import type { Tables } from "./tables.ts";

interface LaneState {
  readonly pausedReason: string | null;
}

/** Whether the lane stands still, and why; undefined: this tenant has no such lane. */
export async function laneState(db: Kysely<Tables>, key: LaneKey): Promise<LaneState | undefined> {
  return toState(await one(db, key).executeTakeFirst());
}

/** The same, and nobody else changes it before the transaction ends. */
export async function holdLane(trx: Kysely<Tables>, key: LaneKey): Promise<LaneState | undefined> {
  return toState(await one(trx, key).forUpdate().executeTakeFirst());
}

const one = (db: Kysely<Tables>, { tenantId, kind, id }: LaneKey) =>
  db
    .selectFrom("lane")
    .select("paused_reason")
    .where("tenant_id", "=", tenantId)
    .where("kind", "=", kind)
    .where("id", "=", id);

const toState = (row: { readonly paused_reason: string | null } | undefined): LaneState | undefined =>
  row && { pausedReason: row.paused_reason };
