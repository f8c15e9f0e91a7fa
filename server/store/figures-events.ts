import { type Kysely, sql } from "kysely";
import type { ConnectionId, TenantId, TimeQuality } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** An event of the sample: what names its person, and which stages its lead has entered, at whichever time. */
export interface SampledEvent {
  readonly connectionId: ConnectionId;
  readonly record: string;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly enteredAt: Date;
  readonly eventName: string;
  /** Names of the fields in `user_data`. */
  readonly keys: readonly string[];
  /** By stage id, when the lead entered it first: milliseconds since 1970. */
  readonly entered: Readonly<Record<string, number>>;
}

interface Window {
  readonly from: Date;
  readonly to: Date;
  readonly bucketMs: number;
}

/**
 * The first `perBucket` events that each dataset's log has of each bucket: evenly spread over the window, and quick however
 * many there are. Events of people who were erased are left out: nothing of them is kept. Lateral, so that each entry is looked
 * up by its key even while the planner knows nothing of a table that has just been filled.
 */
export async function sampleEvents(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { from, to, bucketMs }: Window,
  perBucket: number,
): Promise<readonly SampledEvent[]> {
  const bucket = sql`${bucketMs}::int * interval '1 millisecond'`;
  const { rows } = await sql<SampledEvent>`
    select s.connection_id as "connectionId", s.record, s.pipeline_id as "pipelineId", s.stage_id as "stageId",
      s.entered_at as "enteredAt", o.name as "eventName", o.keys, e.entered
    from dataset t
    cross join lateral generate_series(${from}::timestamptz, ${to}::timestamptz, ${bucket}) bucket (at)
    cross join lateral (
      select o.connection_id, o.record, o.place, o.seq, o.payload::json ->> 'event_name' as name,
        array(select json_object_keys(o.payload::json -> 'user_data')) as keys
      from outbox o
      where o.tenant_id = ${tenantId} and o.dataset_id = t.id and o.created_at >= bucket.at
        and o.created_at < bucket.at + ${bucket} and o.created_at < ${to}::timestamptz and o.record not like 'erased:%'
      order by o.seq limit ${perBucket}::int
    ) o
    join lateral (
      select * from record_stage
      where tenant_id = ${tenantId} and connection_id = o.connection_id and record = o.record and place = o.place
      offset 0
    ) s on s.dataset_id = t.id and s.seq = o.seq
    cross join lateral (
      select json_object_agg(stage_id, at) as entered from (
        select stage_id, floor(extract(epoch from min(entered_at)) * 1000)::bigint as at from record_stage
        where tenant_id = ${tenantId} and connection_id = s.connection_id and record = s.record
          and pipeline_id = s.pipeline_id
        group by stage_id
      ) first
    ) e
    where t.tenant_id = ${tenantId}`.execute(db);
  return rows;
}

/** How long an event took from the CRM to Meta's yes. */
export interface Journey {
  readonly connectionId: ConnectionId;
  readonly timeQuality: TimeQuality;
  readonly ms: number;
}

/** The last `limit` events of each dataset that Meta accepted in the window. */
export async function lastJourneys(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { from, to }: Pick<Window, "from" | "to">,
  limit: number,
): Promise<readonly Journey[]> {
  const { rows: events } = await sql<Taken>`
    select t.id as "datasetId", o.seq, o.created_at as "createdAt", s.entered_at as "enteredAt",
      s.connection_id as "connectionId", s.time_quality as "timeQuality"
    from dataset t
    join lane l on l.tenant_id = ${tenantId} and l.kind = 'send' and l.id = t.id
    cross join lateral (
      select connection_id, record, place, seq, created_at from outbox
      where tenant_id = ${tenantId} and dataset_id = t.id and seq <= l.cursor_seq and created_at >= ${from}::timestamptz
        and created_at < ${to}::timestamptz
      order by seq desc limit ${limit}::int
    ) o
    join lateral (
      select * from record_stage
      where tenant_id = ${tenantId} and connection_id = o.connection_id and record = o.record and place = o.place
      offset 0
    ) s on s.dataset_id = t.id and s.seq = o.seq
    left join lateral (
      select seq from dead_event where tenant_id = ${tenantId} and dataset_id = t.id and seq = o.seq
      offset 0
    ) d on true
    where t.tenant_id = ${tenantId} and d.seq is null
    order by t.id, o.seq`.execute(db);
  const journeys: Journey[] = [];
  for (const [datasetId, of] of Map.groupBy(events, (event) => event.datasetId)) {
    const [first] = of;
    if (!first) continue;
    const earliest = of.reduce((min, { createdAt }) => (createdAt < min ? createdAt : min), first.createdAt);
    const requests = await acceptedSince(db, tenantId, datasetId, first.seq, earliest);
    let next = 0;
    for (const { seq, enteredAt, connectionId, timeQuality } of of) {
      while ((requests[next]?.to ?? Number.POSITIVE_INFINITY) < seq) next += 1;
      const request = requests[next];
      if (request && request.from <= seq)
        journeys.push({ connectionId, timeQuality, ms: Math.max(0, request.at.getTime() - enteredAt.getTime()) });
    }
  }
  return journeys;
}

interface Taken extends Pick<Journey, "connectionId" | "timeQuality"> {
  readonly datasetId: string;
  readonly seq: number;
  readonly createdAt: Date;
  readonly enteredAt: Date;
}

/** The requests that Meta accepted, in the order of their events; the first of those that hold the same ones. */
async function acceptedSince(
  db: Kysely<Tables>,
  tenantId: TenantId,
  datasetId: string,
  seq: number,
  earliest: Date,
): Promise<readonly { readonly from: number; readonly to: number; readonly at: Date }[]> {
  const { rows } = await sql<{ from: number; to: number; at: Date }>`
    select seq_from as from, seq_to as to, sent_at + took_ms * interval '1 millisecond' as at from dispatch
    where tenant_id = ${tenantId} and dataset_id = ${datasetId} and verdict = 'accepted' and seq_to >= ${seq}
      and sent_at >= ${earliest}::timestamptz
    order by seq_to, sent_at`.execute(db);
  return rows;
}
