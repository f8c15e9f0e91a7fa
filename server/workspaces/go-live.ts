import { sql } from "kysely";
import { recordKey } from "../../core/connector.ts";
import type { Connection, RecordRef } from "../../core/types.ts";
import { changeConnection } from "../store/connections.ts";
import type { WorkspaceParts } from "./workspace.ts";

/**
 * Switches sending on from this instant. What was read since then and kept back only because nothing was live is forgotten by
 * the ledger and rung for, so that it is read and decided again.
 */
export async function goLive(connection: Connection, sendFrom: Date, { store, clock }: WorkspaceParts): Promise<void> {
  const { tenantId, id } = connection;
  const forgotten = await store.db.transaction().execute(async (trx) => {
    await changeConnection(trx, tenantId, id, { sendFrom });
    const { rows } = await sql<{ object: string; id: string; outcome: string; day: string }>`
      delete from record_stage
      where tenant_id = ${tenantId} and connection_id = ${id} and outcome in ('not_live', 'before_live')
        and entered_at >= ${sendFrom}::timestamptz
      returning object, record_id as id, outcome, to_char(read_at at time zone 'UTC', 'YYYY-MM-DD') as day`.execute(
      trx,
    );
    for (const [{ day, outcome }, count] of counts(rows)) {
      await sql`update tally set n = n - ${count}::bigint where tenant_id = ${tenantId} and connection_id = ${id}
        and day = ${day}::date and outcome = ${outcome}`.execute(trx);
    }
    return rows;
  });
  const records = new Map(
    forgotten.map(({ object, id: recordId }): [string, RecordRef] => {
      const record = { object, id: recordId };
      return [recordKey(record), record];
    }),
  );
  if (records.size > 0) await store.outbox.ring(tenantId, id, [...records.values()], clock.now());
}

/** How many rows each day and outcome has: the account must not count them twice. */
function counts<Row extends { outcome: string; day: string }>(
  rows: readonly Row[],
): readonly (readonly [Row, number])[] {
  const groups = Map.groupBy(rows, ({ outcome, day }) => `${day} ${outcome}`);
  return [...groups.values()].flatMap((group) => (group[0] ? [[group[0], group.length] as const] : []));
}
