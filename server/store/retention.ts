import { type Kysely, sql } from "kysely";
import type { Lease } from "../../core/outbox.ts";
import type { TenantId } from "../../core/types.ts";
import type { LaneKey } from "./lanes.ts";
import { dropPartitions, type PartitionedStore, partitioned } from "./partitions.ts";
import { purgeReceipts } from "./receipts.ts";
import { cutoff } from "./retention-age.ts";
import { dropOfLane } from "./retention-lane.ts";
import { dropOfTenant } from "./retention-tenant.ts";
import { purgeStrays } from "./strays.ts";
import type { Tables } from "./tables.ts";

interface RetainedStore extends PartitionedStore {
  readonly db: Kysely<Tables>;
}

export interface DropOptions {
  /** Where the last call stopped; absent: from the beginning. */
  readonly after?: LaneKey | undefined;
  /** The call ends soon after this long. */
  readonly budgetMs?: number;
}

const dayMs = 86_400_000;

/**
 * Drops what core/privacy.ts says is too old: whole days where there are partitions, the rest row by row, in slices that each
 * are a short transaction of one lane. Never an event that still waits.
 *
 * @returns where to go on when the time was up; undefined: all is done
 */
export async function dropOld(
  store: RetainedStore,
  now: Date,
  { after, budgetMs = 20_000 }: DropOptions = {},
): Promise<LaneKey | undefined> {
  const ends = performance.now() + budgetMs;
  if (!after) {
    await moveBounds(store.db, now);
    if (store.partitions) await dropDays(store, now);
    await dropAudit(store, now);
    await purgeReceipts(store.db, cutoff(now, "proofs"));
    await purgeStrays(store.db, cutoff(now, "strays"));
  }
  let done = after;
  for await (const lane of slices(store.db, now, after)) {
    done = lane;
    if (performance.now() > ends) return done;
  }
  return undefined;
}

/** Every lane in the order of its key, a step at a time; with a tenant's first lane what is the tenant's own. */
async function* slices(db: Kysely<Tables>, now: Date, after: LaneKey | undefined): AsyncIterable<LaneKey> {
  let last = after;
  for (let lanes = await lanesAfter(db, last); lanes.length > 0; lanes = await lanesAfter(db, last)) {
    for (const lane of lanes) {
      if (lane.tenantId !== last?.tenantId) await dropOfTenant(db, lane.tenantId, now);
      // Stopped in the middle of a lane, it is begun again: what is gone is passed over quickly.
      for await (const _ of dropOfLane(db, lane, now)) yield last ?? first;
      last = lane;
      yield lane;
    }
  }
}
const first: LaneKey = { tenantId: "" as TenantId, kind: "read", id: "" };

async function lanesAfter(db: Kysely<Tables>, after: LaneKey = first): Promise<readonly LaneKey[]> {
  const { rows } = await sql<LaneKey>`
    select tenant_id as "tenantId", kind, id from lane
    where (tenant_id, kind, id) > (${after.tenantId}, ${after.kind satisfies Lease["kind"]}, ${after.id})
      and kind <> 'upkeep'
    order by tenant_id, kind, id limit 500`.execute(db);
  return rows;
}

/** A lane that is never empty keeps its bound: it is looked up where it really is, so that it holds no older day. */
async function moveBounds(db: Kysely<Tables>, now: Date): Promise<void> {
  const yesterday = new Date(now.getTime() - dayMs);
  const { rows } = await sql<{ tenant_id: string; id: string }>`
    select tenant_id, id from lane where kind = 'send' and waiting_since < ${yesterday}::timestamptz`.execute(db);
  for (const { tenant_id, id } of rows)
    await sql`
      update lane set waiting_since = coalesce((
        select created_at from outbox
        where tenant_id = ${tenant_id} and dataset_id = ${id} and seq > lane.cursor_seq and created_at >= lane.waiting_since
        order by seq limit 1), waiting_since)
      where tenant_id = ${tenant_id} and kind = 'send' and id = ${id} and waiting_since is not null`.execute(db);
}

/** What people did long ago: only the owner may take anything out of the audit log. */
async function dropAudit({ asOwner }: RetainedStore, now: Date): Promise<void> {
  await asOwner((owner) => sql`delete from audit where at < ${cutoff(now, "ledger")}::timestamptz`.execute(owner));
}

/** Days that hold nothing that waits. */
async function dropDays({ db, asOwner }: RetainedStore, now: Date): Promise<void> {
  const old = cutoff(now, "payloads");
  const { rows } = await sql<{ since: Date | null }>`
    select min(waiting_since) as since from lane where kind = 'send'`.execute(db);
  const waiting = rows[0]?.since ?? old;
  await asOwner(async (owner) => {
    for (const table of Object.keys(partitioned) as (keyof typeof partitioned)[])
      await dropPartitions(owner, table, table === "outbox" && waiting < old ? waiting : old);
  });
}
