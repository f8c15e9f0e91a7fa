import { type Kysely, sql } from "kysely";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

export interface StageEntries {
  readonly pipelineId: string;
  readonly stageId: string;
  readonly count: number;
}

/**
 * How often each stage of a connection was really entered since the instant. Nothing is read before it happens, so the index
 * by the time of reading leaves out what is older.
 */
export async function countStageEntries(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  since: Date,
): Promise<readonly StageEntries[]> {
  const { rows } = await sql<StageEntries>`
    select pipeline_id as "pipelineId", stage_id as "stageId", count(*) as count from record_stage
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and entered_at >= ${since}::timestamptz
      and read_at >= ${new Date(since.getTime() - dayMs)}::timestamptz and not filled
    group by pipeline_id, stage_id`.execute(db);
  return rows;
}
const dayMs = 86_400_000;
