import { type Kysely, sql } from "kysely";
import type { Lease } from "../../core/outbox.ts";
import type { TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** Which lane: of the connection (`read`) or the dataset (`send`) with this id. */
export interface LaneKey {
  readonly tenantId: TenantId;
  readonly kind: Lease["kind"];
  readonly id: string;
}

/** A new lane; a reader's is due at `dueAt`, a sender's when the first event comes. Opening one that is there changes nothing. */
export async function openLane(db: Kysely<Tables>, { tenantId, kind, id }: LaneKey, dueAt: Date | null): Promise<void> {
  await db
    .insertInto("lane")
    .values({
      tenant_id: tenantId,
      kind,
      id,
      due_at: dueAt,
      lease_until: null,
      moved_at: null,
      paused_reason: null,
      why: null,
    })
    .onConflict((conflict) => conflict.columns(["tenant_id", "kind", "id"]).doNothing())
    .execute();
}

/** Nothing is read or sent until resumed; whoever works on the lane right now finishes its page or its request. */
export async function pauseLane(db: Kysely<Tables>, key: LaneKey, reason: string): Promise<void> {
  await one(db, key).set({ paused_reason: reason, why: reason, due_at: null }).execute();
}

/** What made it wait is mended: due at once, as if it had never failed. A sender with nothing to send stays idle. */
export async function resumeLane(db: Kysely<Tables>, key: LaneKey, now: Date): Promise<void> {
  await resume(db, key, now).execute();
}

/** What it was stopped for is mended: as `resumeLane`. One that an admin paused stays so. */
export async function reviveLane(db: Kysely<Tables>, key: LaneKey, now: Date): Promise<void> {
  await resume(db, key, now).where("paused_reason", "is distinct from", "by_admin").execute();
}

/** Due now, unless it is paused: the mapping changed, somebody pressed "check now". */
export async function wakeLane(db: Kysely<Tables>, key: LaneKey, now: Date): Promise<void> {
  await one(db, key).set({ due_at: now }).where("paused_reason", "is", null).execute();
}

/** Whoever works on the lane holds it longer; nothing happens once another has it. */
export async function renewLease(db: Kysely<Tables>, lease: Lease, until: Date): Promise<void> {
  await one(db, lease)
    .set({ lease_until: until, due_at: sql<Date | null>`case when due_at is not null then ${until}::timestamptz end` })
    .where("lease_token", "=", lease.token)
    .where("lease_until", "is not", null)
    .execute();
}

/** The connection's checkpoint is forgotten: its next reading is a first one. A reader that is at it loses its lease. */
export async function readAnew(db: Kysely<Tables>, { tenantId, id }: Omit<LaneKey, "kind">, now: Date): Promise<void> {
  await one(db, { tenantId, kind: "read", id })
    .set({
      lease_until: null,
      lease_token: sql<number>`lease_token + 1`,
      due_at: sql<Date | null>`case when paused_reason is null then ${now}::timestamptz end`,
    })
    .execute();
  await db.deleteFrom("checkpoint").where("tenant_id", "=", tenantId).where("connection_id", "=", id).execute();
}

/** Leases of a process that is no more end now; should it live after all, its writes are void. */
export async function freeLanes(db: Kysely<Tables>, now: Date): Promise<void> {
  const due = sql<Date | null>`case when due_at is not null then ${now}::timestamptz end`;
  await db
    .updateTable("lane")
    .set({ lease_until: null, lease_token: sql<number>`lease_token + 1`, due_at: due })
    .where("lease_until", "is not", null)
    .execute();
}

function resume(db: Kysely<Tables>, key: LaneKey, now: Date) {
  const due = sql<Date | null>`case when kind = 'read' or next_seq > cursor_seq + 1 then ${now}::timestamptz end`;
  return one(db, key).set({ paused_reason: null, why: null, attempts: 0, due_at: due });
}

const one = (db: Kysely<Tables>, { tenantId, kind, id }: LaneKey) =>
  db.updateTable("lane").where("tenant_id", "=", tenantId).where("kind", "=", kind).where("id", "=", id);
