import type { Pool } from "pg";
import { recordKey } from "../../../core/connector.ts";
import type { KnownEntry, Outbox } from "../../../core/outbox.ts";
import { textArray } from "../array.ts";
import { statement } from "../statements.ts";
import { query } from "../transact.ts";

const select = statement("known");

export function known(pool: Pool): Outbox["known"] {
  return async (tenantId, connectionId, records) => {
    const found = new Map<string, KnownEntry[]>();
    if (records.length === 0) return found;
    const asked = new Map(records.map((record) => [recordKey(record), record]));
    const { rows } = await query(pool, [select, tenantId, connectionId, textArray([...asked.keys()])]);
    for (const row of rows) {
      const record = asked.get(row.record);
      if (!record) continue; // Only what was asked for is answered.
      const entries = found.get(row.record) ?? [];
      if (entries.length === 0) found.set(row.record, entries);
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
  };
}
