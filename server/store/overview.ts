import { type Kysely, sql } from "kysely";
import type { LaneReason } from "../../core/outbox.ts";
import type { BlockReason } from "../../core/problems.ts";
import type { ConnectionId, DatasetId, TenantId } from "../../core/types.ts";
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
