import type { Pool, QueryResult } from "pg";
import type { Lease, Outbox } from "../../../core/outbox.ts";
import { textArray } from "../array.ts";
import { statement } from "../statements.ts";
import { query } from "../transact.ts";
import { isHeld } from "../unavailable.ts";

const candidates = statement("lane-candidates");
const claimLanes = statement("lane-claim");

interface Candidate {
  readonly tenant_id: string;
  readonly id: string;
}

/** A lease as this store hands it out. */
export interface LogLease extends Lease {
  /** Nothing that waits, or will come, came into the log before this: older partitions need not be looked at. */
  readonly waitingSince?: Date;
  /** How many waited when it was claimed. */
  readonly waiting?: number;
}

/** Workers that looked at the same moment see the same lanes: whoever comes second goes on to those further down. */
const spare = 4;

export function claim(pool: Pool): Outbox["claim"] {
  return async (kind, now, limit, leaseMs) => {
    const until = new Date(now.getTime() + leaseMs);
    const due: Candidate[] = (await query(pool, [candidates, kind, now, limit * spare])).rows;
    const leases: LogLease[] = [];
    while (leases.length < limit && due.length > 0) {
      const next = due.splice(0, limit - leases.length);
      const rows = await together(pool, kind, next, until, now);
      const claimed = new Map(rows.map((row) => [`${row.tenant_id} ${row.id}`, row]));
      for (const lane of next) {
        const row = claimed.get(`${lane.tenant_id} ${lane.id}`);
        if (row)
          leases.push({
            tenantId: row.tenant_id,
            kind,
            id: row.id,
            token: row.lease_token,
            until,
            attempts: row.attempts,
            waiting: row.waiting,
            ...(row.unsure_seq !== null && { unsure: { since: row.unsure_since, upTo: row.unsure_seq } }),
            ...(row.waiting_since !== null && { waitingSince: row.waiting_since }),
          });
      }
    }
    return leases;
  };
}

/** In one statement; each on its own where somebody holds one of the lanes too long: it is left out, and stops no other. */
async function together(
  pool: Pool,
  kind: Lease["kind"],
  due: readonly Candidate[],
  until: Date,
  now: Date,
): Promise<QueryResult["rows"]> {
  // Locked in the order of their keys, so that two workers never wait for each other.
  const lanes = due.toSorted((a, b) => order(a.tenant_id, b.tenant_id) || order(a.id, b.id));
  const tenants = textArray(lanes.map(({ tenant_id }) => tenant_id));
  const ids = textArray(lanes.map(({ id }) => id));
  try {
    return (await query(pool, [claimLanes, tenants, kind, ids, until, now])).rows;
  } catch (error) {
    if (!isHeld(error)) throw error;
    const rows: QueryResult["rows"] = [];
    if (lanes.length > 1) for (const lane of lanes) rows.push(...(await together(pool, kind, [lane], until, now)));
    return rows;
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
