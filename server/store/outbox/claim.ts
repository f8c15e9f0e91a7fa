import type { Pool } from "pg";
import type { Lease, Outbox } from "../../../core/outbox.ts";
import { statement } from "../statements.ts";
import { query, transact } from "../transact.ts";

const candidates = statement("lane-candidates");
const claimLane = statement("lane-claim");

interface Candidate {
  readonly tenant_id: string;
  readonly id: string;
}

/** Workers that looked at the same moment see the same lanes: whoever comes second goes on to those further down. */
const spare = 4;

export function claim(pool: Pool): Outbox["claim"] {
  return async (kind, now, limit, leaseMs) => {
    const until = new Date(now.getTime() + leaseMs);
    const due: Candidate[] = (await query(pool, [candidates, kind, now, limit * spare])).rows;
    const leases: Lease[] = [];
    while (leases.length < limit && due.length > 0) {
      const next = due.splice(0, limit - leases.length);
      // Locked in the order of their keys, so that two workers never wait for each other.
      const locked = next.toSorted((a, b) => order(a.tenant_id, b.tenant_id) || order(a.id, b.id));
      const answers = await transact(
        pool,
        locked.map(({ tenant_id, id }) => [claimLane, tenant_id, kind, id, until, now]),
        () => [],
      );
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
          });
      }
    }
    return leases;
  };
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
