import { type Kysely, sql } from "kysely";
import type { Unmapped } from "../../core/open-problems.ts";
import type { TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** What was read since of stages that the newest mapping of their connection still does not know. */
export async function unmappedEntries(
  db: Kysely<Tables>,
  tenantId: TenantId,
  since: Date,
): Promise<readonly Unmapped[]> {
  const { rows } = await sql<Unmapped>`
    select c.id as "connectionId", c.name, c.connector, sum(s.entries)::bigint as entries, min(s.first_at) as "firstAt"
    from connection c
    join lateral (
      select body -> 'rules' as rules from stage_mapping m
      where m.tenant_id = c.tenant_id and m.connection_id = c.id order by m.version desc limit 1
    ) newest on true
    join lateral (
      select pipeline_id, stage_id, count(*) as entries, min(read_at) as first_at from record_stage
      where tenant_id = c.tenant_id and connection_id = c.id and outcome = 'stage_not_mapped'
        and read_at >= ${since}::timestamptz
      group by pipeline_id, stage_id
    ) s on not newest.rules @> jsonb_build_array(jsonb_build_object('pipelineId', s.pipeline_id, 'stageId', s.stage_id))
    where c.tenant_id = ${tenantId} and c.disconnected_at is null
    group by c.id, c.name, c.connector order by c.id`.execute(db);
  return rows;
}
