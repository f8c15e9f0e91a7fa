import type { Pool } from "pg";
import { recordKey } from "../../../core/connector.ts";
import type { KnownEntry, Outbox } from "../../../core/outbox.ts";
import type { RecordRef } from "../../../core/types.ts";
import { plainArray, textArray } from "../array.ts";
import { gather } from "../gather.ts";
import { statement } from "../statements.ts";
import { query } from "../transact.ts";

const select = statement("known");

interface Asked {
  readonly tenantId: string;
  readonly connectionId: string;
  /** By their key. */
  readonly records: ReadonlyMap<string, RecordRef>;
}
type Known = Map<string, KnownEntry[]>;

export function known(pool: Pool): Outbox["known"] {
  const ask = gather((asked: readonly Asked[]) => entriesOf(pool, asked), {
    most: 1_000,
    weigh: ({ records }) => records.size,
  });
  return async (tenantId, connectionId, records) => {
    if (records.length === 0) return new Map();
    return await ask({
      tenantId,
      connectionId,
      records: new Map(records.map((record) => [recordKey(record), record])),
    });
  };
}

async function entriesOf(pool: Pool, asked: readonly Asked[]): Promise<readonly Known[]> {
  const { rows } = await query(pool, [
    select,
    textArray(asked.map(({ tenantId }) => tenantId)),
    textArray(asked.map(({ connectionId }) => connectionId)),
    plainArray(asked.flatMap(({ records }, n) => Array(records.size).fill(n + 1))),
    textArray(asked.flatMap(({ records }) => [...records.keys()])),
  ]);
  const found = asked.map((): Known => new Map());
  for (const row of rows) {
    const known = found[row.n - 1];
    const record = asked[row.n - 1]?.records.get(row.record);
    if (!known || !record) continue; // Only what was asked for is answered.
    const entries = known.get(row.record) ?? [];
    if (entries.length === 0) known.set(row.record, entries);
    entries.push({
      record: { object: record.object, id: record.id },
      pipelineId: row.pipeline_id,
      stageId: row.stage_id,
      enteredAt: row.entered_at,
      timeQuality: row.time_quality,
      entry: row.entry,
      filled: row.filled,
      place: row.place,
      outcome: row.outcome,
    });
  }
  return found;
}
