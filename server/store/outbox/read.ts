import type { Pool } from "pg";
import type { Outbox } from "../../../core/outbox.ts";
import { statement } from "../statements.ts";
import { query } from "../transact.ts";
import type { LogLease } from "./claim.ts";

const page = statement("outbox-read");
const unsureList = statement("unsure-list");

/** What may have been taken already is looked up only where somebody was left without an answer, or set aside. */
export function read(pool: Pool): Outbox["read"] {
  return async (lease, limit) => {
    const { tenantId, id, token, unsure, waitingSince } = lease as LogLease;
    const { rows } = await query(pool, [page, tenantId, id, token, limit, waitingSince ?? "-infinity"]);
    const asked = rows.filter(({ seq, asides }) => asides > 0 || seq <= (unsure?.upTo ?? 0)).map(({ seq }) => seq);
    const listed = asked.length > 0 ? (await query(pool, [unsureList, tenantId, id, asked])).rows : [];
    const since = new Map<number, Date>(listed.map((row) => [row.seq, row.since]));
    return rows.map(({ seq, payload, event_time, created_at, asides }) => {
      const unsureSince = since.get(seq);
      return { seq, payload, eventTime: event_time, keptAt: created_at, asides, ...(unsureSince && { unsureSince }) };
    });
  };
}
