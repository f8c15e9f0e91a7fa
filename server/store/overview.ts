import { type Kysely, type RawBuilder, sql } from "kysely";
import { recordKey } from "../../core/connector.ts";
import type { LaneReason } from "../../core/outbox.ts";
import type { BlockReason, RefusalReason, SkipReason } from "../../core/problems.ts";
import type { ConnectionId, DatasetId, RecordRef, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** What was read, by what was decided: counted by whole days of UTC, from the day of `since`. */
export async function outcomeCounts(
  db: Kysely<Tables>,
  tenantId: TenantId,
  since: Date,
): Promise<readonly { readonly connectionId: ConnectionId; readonly outcome: string; readonly count: number }[]> {
  const { rows } = await sql<{ connectionId: ConnectionId; outcome: string; count: number }>`
    select connection_id as "connectionId", outcome, sum(n)::bigint as count from tally
    where tenant_id = ${tenantId} and day >= ${since.toISOString().slice(0, 10)}::date
    group by connection_id, outcome having sum(n) > 0 order by connection_id, outcome`.execute(db);
  return rows;
}

export interface DatasetState {
  readonly id: DatasetId;
  readonly metaId: string;
  readonly name: string;
  readonly waiting: number;
  readonly accepted: number;
  readonly refused: number;
  readonly pausedReason: BlockReason | null;
  readonly why: LaneReason | null;
  readonly attempts: number;
  readonly dueAt: Date | null;
  readonly lastAcceptedAt: Date | null;
  /** Stage time of the event that leaves next: its deadline is the first. */
  readonly nextEventAt: Date | null;
}

/** Each dataset; accepted and refused since the instant. `now`: one that is being worked on is due now. */
export async function datasetStates(
  db: Kysely<Tables>,
  tenantId: TenantId,
  since: Date,
  now: Date,
): Promise<readonly DatasetState[]> {
  const { rows } = await sql<DatasetState>`
    select d.id, d.meta_id as "metaId", d.name, l.next_seq - 1 - l.cursor_seq as waiting,
      l.paused_reason as "pausedReason", l.why, l.attempts, l.moved_at as "lastAcceptedAt",
      case when l.lease_until > ${now}::timestamptz then ${now}::timestamptz else l.due_at end as "dueAt",
      (select coalesce(sum(events), 0)::bigint from dispatch where tenant_id = d.tenant_id and dataset_id = d.id
        and sent_at >= ${since}::timestamptz and verdict = 'accepted') as accepted,
      (select count(*) from dead_event where tenant_id = d.tenant_id and dataset_id = d.id
        and at >= ${since}::timestamptz and again_seq is null) as refused,
      (select event_time from outbox where tenant_id = d.tenant_id and dataset_id = d.id and seq = l.cursor_seq + 1
        and created_at >= l.waiting_since) as "nextEventAt"
    from dataset d join lane l on l.tenant_id = d.tenant_id and l.kind = 'send' and l.id = d.id
    where d.tenant_id = ${tenantId} order by d.created_at, d.id`.execute(db);
  return rows;
}

export interface ConnectionState {
  readonly id: ConnectionId;
  readonly connector: string;
  readonly name: string;
  readonly datasetId: DatasetId | null;
  readonly sendFrom: Date | null;
  readonly pausedReason: string | null;
  readonly why: LaneReason | null;
  readonly attempts: number;
  readonly dueAt: Date | null;
  readonly lastReadAt: Date | null;
  readonly lastChangeAt: Date | null;
}

export async function connectionStates(db: Kysely<Tables>, tenantId: TenantId): Promise<readonly ConnectionState[]> {
  const { rows } = await sql<ConnectionState>`
    select c.id, c.connector, c.name, c.dataset_id as "datasetId", c.send_from as "sendFrom",
      l.paused_reason as "pausedReason", l.why, l.attempts, l.due_at as "dueAt", p.updated_at as "lastReadAt",
      l.moved_at as "lastChangeAt"
    from connection c join lane l on l.tenant_id = c.tenant_id and l.kind = 'read' and l.id = c.id
    left join checkpoint p on p.tenant_id = c.tenant_id and p.connection_id = c.id
    where c.tenant_id = ${tenantId} order by c.created_at, c.id`.execute(db);
  return rows;
}

export interface ChangeState {
  readonly connectionId: ConnectionId;
  readonly record: RecordRef;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly entry: string;
  readonly enteredAt: Date;
  readonly readAt: Date;
  readonly filled: boolean;
  readonly datasetId: DatasetId | null;
  readonly seq: number | null;
  readonly state: "accepted" | "waiting" | "refused" | "not_sent";
  readonly reason: SkipReason | RefusalReason | null;
  /** Meta's own words about a refusal. */
  readonly words: string | null;
  /** Null where nothing was sent, and where the payload is dropped by age. */
  readonly eventName: string | null;
  readonly settledAt: Date | null;
  readonly traceId: string | null;
}

/**
 * The stage changes kept last, newest first, and what became of each. What was sent is found in the log, newest numbers first,
 * as long as its payload is kept; what was not, in the ledger. `record`: of this one only, however old.
 */
export async function recentChanges(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { limit, before, record }: { limit: number; before?: Date; record?: RecordRef & { connectionId: ConnectionId } },
): Promise<readonly ChangeState[]> {
  const older = (column: string) => (before ? sql`and ${sql.ref(column)} < ${before}::timestamptz` : sql``);
  const rows = record
    ? sql`select s.*, s.read_at as kept_at from record_stage s
        where s.tenant_id = ${tenantId} and s.connection_id = ${record.connectionId} and s.record = ${recordKey(record)}
          ${older("s.read_at")}
        order by s.read_at desc, s.place desc limit ${limit}`
    : sql`(
        select s.*, s.read_at as kept_at from record_stage s
        where s.tenant_id = ${tenantId} and s.outcome <> 'event' ${older("s.read_at")}
        order by s.read_at desc limit ${limit}
      ) union all (
        select s.*, o.created_at as kept_at
        from dataset t
        join lateral (
          select connection_id, record, place, seq, created_at from outbox o
          where o.tenant_id = t.tenant_id and o.dataset_id = t.id ${older("o.created_at")}
          order by seq desc limit ${limit}
        ) o on true
        join record_stage s on s.tenant_id = t.tenant_id and s.connection_id = o.connection_id and s.record = o.record
          and s.place = o.place and s.dataset_id = t.id and s.seq = o.seq
        where t.tenant_id = ${tenantId}
        order by o.created_at desc, o.seq desc limit ${limit}
      )`;
  const { rows: found } = await sql<ChangeState>`
    select s.connection_id as "connectionId",
      json_build_object('object', split_part(s.record, ':', 1), 'id', substr(s.record, strpos(s.record, ':') + 1)) as record,
      s.pipeline_id as "pipelineId", s.stage_id as "stageId", s.entry, s.entered_at as "enteredAt",
      s.kept_at as "readAt", s.filled, s.dataset_id as "datasetId", s.seq,
      case when s.outcome <> 'event' then 'not_sent' when d.seq is not null then 'refused'
        when s.seq <= l.cursor_seq then 'accepted' else 'waiting' end as state,
      case when s.outcome <> 'event' then s.outcome else d.reason end as reason,
      d.words, o.payload::json ->> 'event_name' as "eventName",
      coalesce(d.at, sent.sent_at) as "settledAt", coalesce(d.trace_id, sent.trace_id) as "traceId"
    from (select * from (${rows}) r order by kept_at desc, seq desc nulls first, place desc limit ${limit}) s
    left join lane l on l.tenant_id = s.tenant_id and l.kind = 'send' and l.id = s.dataset_id
    left join lateral (
      select payload, created_at from outbox o
      where o.tenant_id = s.tenant_id and o.dataset_id = s.dataset_id and o.seq = s.seq ${around(sql`o.created_at`)}
      limit 1
    ) o on true
    left join dead_event d on d.tenant_id = s.tenant_id and d.dataset_id = s.dataset_id and d.seq = s.seq
    left join lateral (
      select sent_at, trace_id from dispatch p
      where p.tenant_id = s.tenant_id and p.dataset_id = s.dataset_id and p.seq_from <= s.seq and p.seq_to >= s.seq
        and p.verdict = 'accepted' and s.seq <= l.cursor_seq ${around(sql`p.sent_at`)}
      order by p.sent_at limit 1
    ) sent on true
    order by s.kept_at desc, s.seq desc nulls first, s.place desc`.execute(db);
  return found;
}

/**
 * The days in which the event of a ledger's row, and the requests it was in, can lie: an event lives seven days, and every
 * other try begins within them. Clocks may be off by a day. Other partitions are not looked at.
 */
const around = (at: RawBuilder<unknown>) =>
  sql`and ${at} >= s.read_at - interval '1 day' and ${at} < s.read_at + interval '9 days'`;
