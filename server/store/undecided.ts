import { type Kysely, sql } from "kysely";
import type { KnownEntry } from "../../core/outbox.ts";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import { recordOf } from "./deliveries.ts";
import type { Tables } from "./tables.ts";

export interface Undecided {
  /** All that is known of each record of which something young enough was not sent. */
  readonly records: readonly (readonly KnownEntry[])[];
  /** There are more records than were looked at. */
  readonly more: boolean;
}

/**
 * Records with entries since the instant that were kept back under a rule that may pass, each with all its entries in the order
 * in which they happened. Whoever was erased is left out.
 */
export async function undecidedSince(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  since: Date,
  mostRecords: number,
): Promise<Undecided> {
  const { rows } = await sql<Omit<KnownEntry, "record"> & { record: string }>`
    select s.record, s.place, s.pipeline_id as "pipelineId", s.stage_id as "stageId", s.entered_at as "enteredAt",
      s.time_quality as "timeQuality", s.entry, s.filled, s.outcome
    from (
      select distinct record from record_stage
      where tenant_id = ${tenantId} and connection_id = ${connectionId} and outcome <> 'event'
        and entered_at >= ${since}::timestamptz and read_at >= ${before(since)}::timestamptz and record not like 'erased:%'
      limit ${mostRecords + 1}
    ) r
    join record_stage s on s.tenant_id = ${tenantId} and s.connection_id = ${connectionId} and s.record = r.record
    order by s.record, s.entered_at, s.place`.execute(db);
  const records = [...Map.groupBy(rows, ({ record }) => record)].slice(0, mostRecords + 1);
  return {
    more: records.length > mostRecords,
    records: records.slice(0, mostRecords).map(([key, entries]) => {
      const record = recordOf(key);
      return entries.map((entry): KnownEntry => ({ ...entry, record }));
    }),
  };
}

/** Nothing is read before it has happened; clocks may be off by a day. */
const before = (since: Date): Date => new Date(since.getTime() - 86_400_000);
