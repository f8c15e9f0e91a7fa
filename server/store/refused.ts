import { type Kysely, sql } from "kysely";
import { limits } from "../../core/meta/limits.ts";
import type { ConnectionId, DatasetId, RecordRef, TenantId } from "../../core/types.ts";
import { recordOf } from "./deliveries.ts";
import type { Tables } from "./tables.ts";

/** What several refusals have in common. */
export interface RefusalCause {
  readonly datasetId: DatasetId;
  readonly reason: string;
  readonly code: number | null;
  readonly subcode: number | null;
}
export interface RefusedEvent {
  readonly seq: number;
  /** Where it came from and what it was; absent: past its deadline, or no longer kept. */
  readonly origin?: EventOrigin;
}
/** The stage entry that an event came from, and the event as it was. */
export interface EventOrigin {
  readonly connectionId: ConnectionId;
  readonly record: RecordRef;
  readonly place: number;
  readonly payload: string;
}

/**
 * Events given up for this cause and not sent again since, in their order, from the number after `after` up to and including
 * `upTo`.
 */
export async function refusedEvents(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { datasetId, reason, code, subcode }: RefusalCause,
  {
    after,
    upTo,
    limit,
    now,
  }: { readonly after: number; readonly upTo: number; readonly limit: number; readonly now: Date },
): Promise<readonly RefusedEvent[]> {
  const oldest = new Date(now.getTime() - limits.maxAgeMs + limits.ageMarginMs);
  const { rows } = await sql<{
    seq: number;
    connection_id: ConnectionId | null;
    record: string | null;
    place: number;
    payload: string;
  }>`
    select d.seq, o.connection_id, o.record, o.place, o.payload
    from dead_event d
    left join outbox o on o.tenant_id = d.tenant_id and o.dataset_id = d.dataset_id and o.seq = d.seq
      and o.event_time >= ${oldest}::timestamptz
    where d.tenant_id = ${tenantId} and d.dataset_id = ${datasetId} and d.seq > ${after} and d.seq <= ${upTo}
      and d.reason = ${reason} and d.code is not distinct from ${code}::int
      and d.subcode is not distinct from ${subcode}::int
      and d.again_seq is null
    order by d.seq limit ${limit}`.execute(db);
  return rows.map(({ seq, connection_id: connectionId, record, place, payload }) => ({
    seq,
    ...(connectionId !== null &&
      record !== null && { origin: { connectionId, record: recordOf(record), place, payload } }),
  }));
}

/** The highest number that was given up so far. */
export async function lastRefused(db: Kysely<Tables>, tenantId: TenantId, datasetId: DatasetId): Promise<number> {
  const { rows } = await sql<{ seq: number }>`
    select coalesce(max(seq), 0) as seq from dead_event where tenant_id = ${tenantId} and dataset_id = ${datasetId}`.execute(
    db,
  );
  return rows[0]?.seq ?? 0;
}
