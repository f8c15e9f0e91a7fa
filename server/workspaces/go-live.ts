import { sql } from "kysely";
import type { Connection } from "../../core/types.ts";
import { changeConnection } from "../store/connections.ts";
import { readAnew } from "../store/lanes.ts";
import type { WorkspaceParts } from "./workspace.ts";

/**
 * Switches sending on from this instant. What was entered since then and kept back only because nothing was live is forgotten by
 * the ledger, and the account is read from the beginning again, so that it is decided anew: all of it, or nothing.
 */
export async function goLive(connection: Connection, sendFrom: Date, { store, clock }: WorkspaceParts): Promise<void> {
  const { tenantId, id } = connection;
  await store.db.transaction().execute(async (trx) => {
    // First the lane: whoever reads it just now has its token taken away, and can neither keep nor move the checkpoint.
    await readAnew(trx, { tenantId, id }, clock.now());
    await changeConnection(trx, tenantId, id, { sendFrom });
    const { rows } = await sql<{ outcome: string; day: string }>`
      delete from record_stage
      where tenant_id = ${tenantId} and connection_id = ${id} and outcome in ('not_live', 'before_live')
        and entered_at >= ${sendFrom}::timestamptz
      returning outcome, to_char(read_at at time zone 'UTC', 'YYYY-MM-DD') as day`.execute(trx);
    for (const [{ day, outcome }, count] of counts(rows))
      await sql`update tally set n = n - ${count}::bigint where tenant_id = ${tenantId} and connection_id = ${id}
        and day = ${day}::date and outcome = ${outcome}`.execute(trx);
  });
}

/** How many rows each day and outcome has: the account must not count them twice. */
function counts<Row extends { outcome: string; day: string }>(
  rows: readonly Row[],
): readonly (readonly [Row, number])[] {
  const groups = Map.groupBy(rows, ({ outcome, day }) => `${day} ${outcome}`);
  return [...groups.values()].flatMap((group) => (group[0] ? [[group[0], group.length] as const] : []));
}
