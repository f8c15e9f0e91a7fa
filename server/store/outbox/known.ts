import type { Pool } from "pg";
import { recordKey } from "../../../core/connector.ts";
import type { Outbox } from "../../../core/outbox.ts";
import type { StageEntry } from "../../../core/types.ts";
import { textArray } from "../array.ts";
import { statement } from "../statements.ts";
import { query } from "../transact.ts";

const select = statement("known");

export function known(pool: Pool): Outbox["known"] {
  return async (tenantId, connectionId, records) => {
    const found = new Map<string, StageEntry[]>();
    if (records.length === 0) return found;
    const asked = [...new Map(records.map((record) => [recordKey(record), record])).values()];
    const objects = textArray(asked.map(({ object }) => object));
    const ids = textArray(asked.map(({ id }) => id));
    const { rows } = await query(pool, [select, tenantId, connectionId, objects, ids]);
    for (const row of rows) {
      const record = { object: row.object, id: row.record_id };
      const entries = found.get(recordKey(record)) ?? [];
      if (entries.length === 0) found.set(recordKey(record), entries);
      entries.push({
        record,
        pipelineId: row.pipeline_id,
        stageId: row.stage_id,
        enteredAt: row.entered_at,
        timeQuality: row.time_quality,
        entry: row.entry,
        filled: row.filled,
      });
    }
    return found;
  };
}
