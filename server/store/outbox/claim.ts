import type { Pool, QueryResult } from "pg";
import type { Lease, Outbox } from "../../../core/outbox.ts";
import { statement } from "../statements.ts";
import { type Query, query, transact } from "../transact.ts";
import { isHeld } from "../unavailable.ts";

const candidates = statement("lane-candidates");
const claimLane = statement("lane-claim");

interface Candidate {
  readonly tenant_id: string;
  readonly id: string;
}

/** A lease as this store hands it out. */
export interface LogLease extends Lease {
  /** Nothing that waits, or will come, came into the log before this: older partitions need not be looked at. */
  readonly waitingSince?: Date;
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
      // Locked in the order of their keys, so that two workers never wait for each other.
      const locked = next.toSorted((a, b) => order(a.tenant_id, b.tenant_id) || order(a.id, b.id));
      const claims = locked.map(({ tenant_id, id }): Query => [claimLane, tenant_id, kind, id, until, now]);
      const answers = await together(pool, claims);
      const claimed = new Map(answers.flatMap(({ rows }) => rows).map((row) => [`${row.tenant_id} ${row.id}`, row]));
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
            ...(row.unsure_seq !== null && { unsure: { since: row.unsure_since, upTo: row.unsure_seq } }),
            ...(row.waiting_since !== null && { waitingSince: row.waiting_since }),
          });
      }
    }
    return leases;
  };
}

/** In one transaction; each on its own where somebody holds one of the lanes too long: it is left out, and stops no other. */
async function together(pool: Pool, claims: readonly Query[]): Promise<readonly QueryResult[]> {
  if (claims.length > 1)
    try {
      return await transact(pool, claims, () => []);
    } catch (error) {
      if (!isHeld(error)) throw error;
    }
  const answers: QueryResult[] = [];
  for (const claim of claims)
    try {
      answers.push(await query(pool, claim));
    } catch (error) {
      if (!isHeld(error)) throw error;
    }
  return answers;
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
