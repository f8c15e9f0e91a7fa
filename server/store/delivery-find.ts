import { type Kysely, sql } from "kysely";
import type { DatasetId, TenantId } from "../../core/types.ts";
import type { Place, Wanted } from "./delivery-wanted.ts";
import type { Tables } from "./tables.ts";

/** What somebody has in hand may be any of these. */
export type FoundBy = "record" | "event" | "lead" | "trace";

/** Kinds of record that HubSpot and Salesforce have; an in-house CRM's are in its config, or were seen lately. */
const usualObjects = ["deal", "contact", "lead", "opportunity"];
const seenLately = 500;

/** The entries of the record with this id, in whichever account, newest first. `deal:9911` is told apart from `lead:9911`. */
export async function placesOfRecord(db: Kysely<Tables>, tenantId: TenantId, text: string): Promise<readonly Place[]> {
  const { rows } = await sql<Place>`
    with kinds (object) as (
      select unnest(${usualObjects}::text[])
      union
      select p ->> 'object' from connection c
        cross join lateral jsonb_array_elements(case jsonb_typeof(c.config -> 'pipelines')
          when 'array' then c.config -> 'pipelines' else '[]' end) p
        where c.tenant_id = ${tenantId} and p ->> 'object' is not null
      union
      (select split_part(record, ':', 1) from record_stage where tenant_id = ${tenantId} and outcome <> 'event'
        order by read_at desc limit ${seenLately})
      union
      select split_part(o.record, ':', 1) from dataset d
        cross join lateral (
          select record from outbox where tenant_id = ${tenantId} and dataset_id = d.id order by seq desc limit ${seenLately}
        ) o
        where d.tenant_id = ${tenantId}
    ), named (record) as (
      select object || ':' || ${text} from kinds union select ${text} where ${text.includes(":")}
    )
    select coalesce(o.created_at, s.read_at) as "keptAt", coalesce(s.dataset_id, '') as "datasetId",
      coalesce(s.seq, 0) as seq, s.connection_id as "connectionId", s.record, s.place
    from connection c cross join named n
    cross join lateral (
      select * from record_stage s where s.tenant_id = ${tenantId} and s.connection_id = c.id and s.record = n.record
      offset 0
    ) s
    left join lateral (
      select created_at from outbox o where o.tenant_id = ${tenantId} and o.dataset_id = s.dataset_id and o.seq = s.seq
      offset 0
    ) o on true
    where c.tenant_id = ${tenantId}
    order by 1 desc, 2 desc, 3 desc, 4 desc, 5 desc, 6 desc limit 1000`.execute(db);
  return rows;
}

/** The events of the request that Meta answered under this trace id. */
export async function requestOfTrace(
  db: Kysely<Tables>,
  tenantId: TenantId,
  traceId: string,
): Promise<Wanted["between"]> {
  const { rows } = await sql<{ datasetId: DatasetId; first: number; last: number; latest: Date }>`
    select dataset_id as "datasetId", seq_from as first, seq_to as last, sent_at as latest from dispatch
    where tenant_id = ${tenantId} and trace_id = ${traceId} order by sent_at desc limit 1`.execute(db);
  return rows[0];
}

/** Names under which a stage was sent by any version of a mapping; undefined where there is no mapping. */
export async function namesOfStage(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { connectionId, pipelineId, stageId }: Pick<Wanted, "connectionId" | "pipelineId" | "stageId">,
): Promise<readonly string[] | undefined> {
  const { rows } = await sql<{ name: string | null }>`
    select distinct r ->> 'eventName' as name from stage_mapping m
    left join lateral (
      select r from jsonb_array_elements(m.body -> 'rules') r
      where true ${pipelineId === undefined ? sql`` : sql`and r ->> 'pipelineId' = ${pipelineId}`}
        ${stageId === undefined ? sql`` : sql`and r ->> 'stageId' = ${stageId}`}
    ) rule on true
    where m.tenant_id = ${tenantId} ${connectionId ? sql`and m.connection_id = ${connectionId}` : sql``}`.execute(db);
  return rows.length > 0 ? rows.flatMap(({ name }) => (name === null ? [] : [name])) : undefined;
}

/** How an event writes what people search by. */
export const writtenAs = {
  event: (id: string): readonly string[] => [`"event_id":"${id}"`],
  lead: (id: string): readonly string[] => [`"lead_id":${id},`, `"lead_id":${id}}`],
};
