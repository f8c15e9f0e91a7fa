import { type Kysely, type RawBuilder, sql } from "kysely";
import type { LaneReason } from "../../core/outbox.ts";
import type { BlockReason, RefusalReason, SkipReason } from "../../core/problems.ts";
import type { ConnectionId, DatasetId, RecordRef, TenantId, TimeQuality } from "../../core/types.ts";
import { recordOf } from "./deliveries.ts";
import type { Place, State } from "./delivery-wanted.ts";
import type { Tables } from "./tables.ts";

/** A line of the list. */
export interface DeliveryRow {
  readonly at: Place;
  readonly connectionId: ConnectionId;
  readonly record: RecordRef;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly entry: string;
  readonly enteredAt: Date;
  readonly timeQuality: TimeQuality;
  readonly filled: boolean;
  readonly mappingVersion: number;
  readonly datasetId: DatasetId | null;
  readonly seq: number | null;
  readonly state: State;
  readonly reason: SkipReason | RefusalReason | null;
  /** Null where nothing was sent, and where the payload is dropped by age. */
  readonly eventName: string | null;
  readonly eventTime: Date | null;
  readonly settledAt: Date | null;
  readonly traceId: string | null;
  /** Of one that waits: the requests that it was in. */
  readonly attempts: number;
  /** Of one that waits: what for, and when its lane is worked on next; null: when somebody resumes it. */
  readonly waitsFor: LaneReason | BlockReason | null;
  readonly nextTryAt: Date | null;
}

interface Found extends Omit<DeliveryRow, "at" | "record"> {
  readonly n: number;
  readonly record: string;
}

/** Requests of a dataset that are looked at for tries of what waits: only the latest can have been some. */
const latestRequests = 200;

/** What is to be read of these places, in their order; one that has moved on meanwhile is left out. */
export async function rowsAt(
  db: Kysely<Tables>,
  tenantId: TenantId,
  places: readonly Place[],
  now: Date,
): Promise<readonly DeliveryRow[]> {
  if (places.length === 0) return [];
  const { rows } = await sql<Found>`
    with asked as materialized (
      select * from unnest(${places.map(({ connectionId }) => connectionId)}::text[],
        ${places.map(({ record }) => record)}::text[], ${places.map(({ place }) => place)}::int[],
        ${places.map(({ keptAt }) => keptAt)}::timestamptz[])
        with ordinality a (connection_id, record, place, kept_at, n)
    )
    select a.n, s.connection_id as "connectionId", s.record, s.pipeline_id as "pipelineId", s.stage_id as "stageId",
      s.entry, s.entered_at as "enteredAt", s.time_quality as "timeQuality", s.filled, s.mapping_version as "mappingVersion",
      s.dataset_id as "datasetId", s.seq,
      case when s.outcome <> 'event' then 'not_sent' when d.seq is not null then 'refused'
        when s.seq <= l.cursor_seq then 'accepted' else 'waiting' end as state,
      case when s.outcome <> 'event' then s.outcome else d.reason end as reason,
      o.payload::json ->> 'event_name' as "eventName", o.event_time as "eventTime",
      coalesce(d.at, sent.sent_at, case when s.outcome <> 'event' then s.read_at end) as "settledAt",
      coalesce(d.trace_id, sent.trace_id) as "traceId", coalesce(tried.n, 0) as attempts,
      case when ${waits} then coalesce(l.paused_reason, l.why) end as "waitsFor",
      case when ${waits} and l.paused_reason is null
        then case when l.lease_until > ${now}::timestamptz then ${now}::timestamptz else l.due_at end end as "nextTryAt"
    from asked a
    join lateral (
      select * from record_stage s where s.tenant_id = ${tenantId} and s.connection_id = a.connection_id
        and s.record = a.record and s.place = a.place
      offset 0
    ) s on true
    left join lane l on l.tenant_id = ${tenantId} and l.kind = 'send' and l.id = s.dataset_id
    left join lateral (
      select payload, event_time, created_at from outbox o
      where o.tenant_id = ${tenantId} and o.dataset_id = s.dataset_id and o.seq = s.seq and o.created_at = a.kept_at
      offset 0
    ) o on true
    left join dead_event d on d.tenant_id = ${tenantId} and d.dataset_id = s.dataset_id and d.seq = s.seq
    left join lateral (
      select sent_at, trace_id from dispatch p
      where p.tenant_id = ${tenantId} and p.dataset_id = s.dataset_id and p.seq_from <= s.seq and p.seq_to >= s.seq
        and p.verdict = 'accepted' and s.seq <= l.cursor_seq and d.seq is null
        and p.sent_at >= o.created_at - interval '1 minute' and p.sent_at < o.created_at + interval '9 days'
      order by p.sent_at limit 1
    ) sent on true
    left join lateral (
      select count(*) as n from (
        select seq_from, seq_to from dispatch p
        where p.tenant_id = ${tenantId} and p.dataset_id = s.dataset_id and ${waits}
          and p.sent_at >= o.created_at - interval '1 minute'
        order by p.id desc limit ${latestRequests}
      ) latest where seq_from <= s.seq and seq_to >= s.seq
    ) tried on true
    order by a.n`.execute(db);
  return rows.flatMap(({ n, record, ...row }) => {
    const at = places[n - 1];
    const moved = at === undefined || (at.datasetId || null) !== row.datasetId || (at.seq || null) !== row.seq;
    return moved ? [] : [{ ...row, at, record: recordOf(record) }];
  });
}

const waits: RawBuilder<unknown> = sql`(s.outcome = 'event' and d.seq is null and s.seq > l.cursor_seq)`;
