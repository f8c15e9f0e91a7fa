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

/** Which of the refused events are meant: by their number, and by when they were given up. */
export interface RefusedRange {
  /** From the number after this one up to and including `upTo`. */
  readonly after: number;
  readonly upTo: number;
  /** Whatever was given up before is too old for Meta in any case. */
  readonly since: Date;
}

const dayMs = 86_400_000;

/**
 * Events given up for this cause and not sent again since, in their order. An event came into the log at most minutes before its
 * own time, so older days need not be looked at.
 */
export async function refusedEvents(
  db: Kysely<Tables>,
  tenantId: TenantId,
  cause: RefusalCause,
  range: RefusedRange,
  limit: number,
  now: Date,
): Promise<readonly RefusedEvent[]> {
  const { datasetId } = cause;
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
    left join lateral (
      select connection_id, record, place, payload from outbox
      where tenant_id = ${tenantId} and dataset_id = ${datasetId} and seq = d.seq
        and event_time >= ${oldest}::timestamptz and created_at >= ${new Date(oldest.getTime() - dayMs)}::timestamptz
      offset 0
    ) o on true
    where ${within(tenantId, cause, range)} and d.again_seq is null
    order by d.seq limit ${limit}`.execute(db);
  return rows.map(({ seq, connection_id: connectionId, record, place, payload }) => ({
    seq,
    ...(connectionId !== null &&
      record !== null && { origin: { connectionId, record: recordOf(record), place, payload } }),
  }));
}

/** How many of them have not been sent again. */
export async function countRefused(
  db: Kysely<Tables>,
  tenantId: TenantId,
  cause: RefusalCause,
  range: RefusedRange,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from dead_event d
    where ${within(tenantId, cause, range)} and d.again_seq is null`.execute(db);
  return rows[0]?.n ?? 0;
}

/** How many of them have been sent again under a number above `mark`. */
export async function countSentAgain(
  db: Kysely<Tables>,
  tenantId: TenantId,
  cause: RefusalCause,
  range: RefusedRange,
  mark: number,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from dead_event d
    where ${within(tenantId, cause, range)} and d.again_seq > ${mark}`.execute(db);
  return rows[0]?.n ?? 0;
}

const within = (
  tenantId: TenantId,
  { datasetId, reason, code, subcode }: RefusalCause,
  { after, upTo, since }: RefusedRange,
) => sql`d.tenant_id = ${tenantId} and d.dataset_id = ${datasetId} and d.seq > ${after} and d.seq <= ${upTo}
      and d.at >= ${since}::timestamptz and d.reason = ${reason} and d.code is not distinct from ${code}::int
      and d.subcode is not distinct from ${subcode}::int`;

/** The last number that the dataset's lane has given. */
export async function lastNumber(db: Kysely<Tables>, tenantId: TenantId, datasetId: DatasetId): Promise<number> {
  const lane = await db
    .selectFrom("lane")
    .select("next_seq")
    .where("tenant_id", "=", tenantId)
    .where("kind", "=", "send")
    .where("id", "=", datasetId)
    .executeTakeFirst();
  return (lane?.next_seq ?? 1) - 1;
}

/** The highest number that was given up so far. */
export async function lastRefused(db: Kysely<Tables>, tenantId: TenantId, datasetId: DatasetId): Promise<number> {
  const { rows } = await sql<{ seq: number }>`
    select coalesce(max(seq), 0) as seq from dead_event where tenant_id = ${tenantId} and dataset_id = ${datasetId}`.execute(
    db,
  );
  return rows[0]?.seq ?? 0;
}
