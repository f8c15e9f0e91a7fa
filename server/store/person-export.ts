import { type Kysely, sql } from "kysely";
import { recordKey } from "../../core/connector.ts";
import type { ConnectionId, RecordRef, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** One stage entry of a record, and the event that was made of it. */
export interface HeldEntry {
  readonly pipelineId: string;
  readonly stageId: string;
  readonly enteredAt: Date;
  readonly readAt: Date;
  readonly filled: boolean;
  /** `event`, or the reason for not sending. */
  readonly outcome: string;
  readonly metaId: string | null;
  readonly state: "accepted" | "waiting" | "refused" | null;
  /** As it left, or will leave; null: nothing was to be sent, or it is dropped by age. */
  readonly payload: string | null;
  readonly keptAt: Date | null;
  /** Meta's own words about a refusal. */
  readonly words: string | null;
}
/** One change that an in-house CRM pushed. */
export interface HeldPush {
  readonly id: string;
  readonly receivedAt: Date;
  readonly pipelineId: string;
  readonly stageId: string;
  /** With hashes of contact data; null: settled, and let go. */
  readonly body: string | null;
}

/** All that is held of one record, the oldest first; no more than `limit` of each kind. */
export async function heldOfRecord(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  record: RecordRef,
  limit: number,
): Promise<{ readonly entries: readonly HeldEntry[]; readonly pushes: readonly HeldPush[] }> {
  const entries = await sql<HeldEntry>`
    select s.pipeline_id as "pipelineId", s.stage_id as "stageId", s.entered_at as "enteredAt", s.read_at as "readAt",
      s.filled, s.outcome, t.meta_id as "metaId", o.payload, o.created_at as "keptAt", d.words,
      case when s.outcome <> 'event' then null when d.seq is not null then 'refused'
        when s.seq <= l.cursor_seq then 'accepted' else 'waiting' end as state
    from record_stage s
    left join dataset t on t.tenant_id = s.tenant_id and t.id = s.dataset_id
    left join lane l on l.tenant_id = s.tenant_id and l.kind = 'send' and l.id = s.dataset_id
    left join outbox o on o.tenant_id = s.tenant_id and o.dataset_id = s.dataset_id and o.seq = s.seq
    left join dead_event d on d.tenant_id = s.tenant_id and d.dataset_id = s.dataset_id and d.seq = s.seq
    where s.tenant_id = ${tenantId} and s.connection_id = ${connectionId} and s.record = ${recordKey(record)}
    order by s.place limit ${limit}`.execute(db);
  const pushes = await sql<HeldPush>`
    select id, received_at as "receivedAt", pipeline_id as "pipelineId", stage_id as "stageId", body
    from inbox where tenant_id = ${tenantId} and connection_id = ${connectionId}
      and object = ${record.object} and record_id = ${record.id}
    order by seq limit ${limit}`.execute(db);
  return { entries: entries.rows, pushes: pushes.rows };
}
