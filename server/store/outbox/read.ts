import type { Pool } from "pg";
import type { Delivery, Outbox } from "../../../core/outbox.ts";
import { plainArray, textArray } from "../array.ts";
import { gather } from "../gather.ts";
import { statement } from "../statements.ts";
import { query } from "../transact.ts";
import type { LogLease } from "./claim.ts";

const pages = statement("outbox-read");
const unsureList = statement("unsure-list");

interface Asked {
  readonly lease: LogLease;
  readonly limit: number;
}
interface Row {
  readonly seq: number;
  readonly payload: string;
  readonly event_time: Date;
  readonly created_at: Date;
  readonly asides: number;
}

/** What may have been taken already is looked up only where somebody was left without an answer, or set aside. */
export function read(pool: Pool): Outbox["read"] {
  const ask = gather((asked: readonly Asked[]) => pagesOf(pool, asked), {
    most: 1_000,
    weigh: ({ lease: { waiting }, limit }) => Math.min(waiting ?? limit, limit),
  });
  return async (lease, limit) => {
    const { tenantId, id, unsure } = lease;
    const rows = await ask({ lease, limit });
    const asked = rows.filter(({ seq, asides }) => asides > 0 || seq <= (unsure?.upTo ?? 0)).map(({ seq }) => seq);
    const listed = asked.length > 0 ? (await query(pool, [unsureList, tenantId, id, asked])).rows : [];
    const since = new Map<number, Date>(listed.map((row) => [row.seq, row.since]));
    return rows.map(({ seq, payload, event_time, created_at, asides }): Delivery => {
      const unsureSince = since.get(seq);
      return { seq, payload, eventTime: event_time, keptAt: created_at, asides, ...(unsureSince && { unsureSince }) };
    });
  };
}

async function pagesOf(pool: Pool, asked: readonly Asked[]): Promise<readonly (readonly Row[])[]> {
  const leases = asked.map(({ lease }) => lease);
  const { rows } = await query(pool, [
    pages,
    textArray(leases.map(({ tenantId }) => tenantId)),
    textArray(leases.map(({ id }) => id)),
    plainArray(leases.map(({ token }) => token)),
    plainArray(asked.map(({ limit }) => limit)),
    textArray(leases.map(({ waitingSince }) => waitingSince?.toISOString() ?? "-infinity")),
  ]);
  const found = asked.map((): Row[] => []);
  for (const row of rows) found[row.n - 1]?.push(row);
  return found;
}
