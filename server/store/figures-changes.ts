import { type Kysely, sql } from "kysely";
import type { RefusalReason, SkipReason } from "../../core/problems.ts";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** Stage changes of one stage and one bucket of time that came to the same. */
export interface ChangeCount {
  readonly connectionId: ConnectionId;
  readonly pipelineId: string;
  readonly stageId: string;
  /** The beginning of its bucket; null: of the time before. */
  readonly at: Date | null;
  readonly state: "accepted" | "waiting" | "refused" | "not_sent";
  readonly reason: SkipReason | RefusalReason | null;
  readonly count: number;
}

interface Span {
  readonly from: Date;
  readonly to: Date;
}

/**
 * What became of all that was read in the window, and in the time before it, by when it was read. From the ledger itself, so
 * that each number is the number of its rows.
 */
export async function countChanges(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { from, to, before, bucketMs }: Span & { readonly before: Span; readonly bucketMs: number },
): Promise<readonly ChangeCount[]> {
  const { rows } = await sql<ChangeCount>`
    select s.connection_id as "connectionId", s.pipeline_id as "pipelineId", s.stage_id as "stageId",
      case when s.read_at >= ${from}::timestamptz
        then date_bin(${bucketMs}::int * interval '1 millisecond', s.read_at, ${from}::timestamptz) end as at,
      case when s.outcome <> 'event' then 'not_sent' when d.seq is not null then 'refused'
        when s.seq <= l.cursor_seq then 'accepted' else 'waiting' end as state,
      case when s.outcome <> 'event' then s.outcome else d.reason end as reason,
      count(*) as count
    from record_stage s
    left join lane l on l.tenant_id = ${tenantId} and l.kind = 'send' and l.id = s.dataset_id
    left join dead_event d on d.tenant_id = ${tenantId} and d.dataset_id = s.dataset_id and d.seq = s.seq
    where s.tenant_id = ${tenantId} and s.read_at >= ${before.from}::timestamptz and s.read_at < ${to}::timestamptz
      and (s.read_at < ${before.to}::timestamptz or s.read_at >= ${from}::timestamptz)
    group by 1, 2, 3, 4, 5, 6`.execute(db);
  return rows;
}
