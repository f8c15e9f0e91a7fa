import { type Kysely, sql } from "kysely";
import type { ConnectionId, RecordRef, TenantId } from "../../core/types.ts";
import { recordOf } from "./deliveries.ts";
import type { Tables } from "./tables.ts";

/** A record with its newest stage entry. */
export interface Sample {
  readonly record: RecordRef;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly enteredAt: Date;
}

/** Rows of the ledger that are looked at to find records: the newest by when they were read. */
const lookedAt = 2_000;

/**
 * Records whose stage changed lately, each once, the one that changed last first. `recordId`: of this record only, however old
 * it is. Whoever was erased is left out.
 */
export async function recentSamples(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  { recordId, limit }: { readonly recordId?: string; readonly limit: number },
): Promise<readonly Sample[]> {
  const { rows } = await sql<{ record: string; pipelineId: string; stageId: string; enteredAt: Date }>`
    select * from (
      select distinct on (record) record, pipeline_id as "pipelineId", stage_id as "stageId", entered_at as "enteredAt"
      from (${recordId === undefined ? newest(tenantId, connectionId) : named(tenantId, connectionId, recordId)}) s
      where record not like 'erased:%'
      order by record, entered_at desc, place desc
    ) each order by "enteredAt" desc, record limit ${limit}`.execute(db);
  return rows.map(({ record, ...entry }) => ({ record: recordOf(record), ...entry }));
}

/** Of both kinds: what was not sent has an index of its own, what was sent is found by the log. */
const newest = (tenantId: TenantId, connectionId: ConnectionId) => sql`
  (select record, place, pipeline_id, stage_id, entered_at from record_stage
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and outcome <> 'event' and not filled
    order by read_at desc limit ${lookedAt})
  union all
  (select s.record, s.place, s.pipeline_id, s.stage_id, s.entered_at
    from dataset t
    join lateral (
      select connection_id, record, place from outbox o
      where o.tenant_id = t.tenant_id and o.dataset_id = t.id order by seq desc limit ${lookedAt}
    ) o on o.connection_id = ${connectionId}
    join record_stage s on s.tenant_id = t.tenant_id and s.connection_id = o.connection_id and s.record = o.record
      and s.place = o.place and not s.filled
    where t.tenant_id = ${tenantId})`;

/** The key begins with the record's kind; which there are, the newest rows tell. */
const named = (tenantId: TenantId, connectionId: ConnectionId, id: string) => sql`
  select record, place, pipeline_id, stage_id, entered_at from record_stage
  where tenant_id = ${tenantId} and connection_id = ${connectionId} and not filled
    and record in (
      select distinct split_part(record, ':', 1) || ':' || ${id}::text from (${newest(tenantId, connectionId)}) n
    )`;
