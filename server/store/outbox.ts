import type { Pool } from "pg";
import { Failure } from "../../core/errors.ts";
import type { Outbox } from "../../core/outbox.ts";
import { advance } from "./outbox/advance.ts";
import { claim } from "./outbox/claim.ts";
import { keep } from "./outbox/keep.ts";
import { known } from "./outbox/known.ts";
import { ring, rings } from "./outbox/rings.ts";
import { statement } from "./statements.ts";
import { query } from "./transact.ts";

const checkpoint = statement("checkpoint-read");
const read = statement("outbox-read");
const release = statement("lane-release");

/** The contract of core/outbox.ts on PostgreSQL. */
export function createOutbox(pool: Pool): Outbox {
  return {
    checkpoint: async (tenantId, connectionId) => {
      const { rows } = await query(pool, [checkpoint, tenantId, connectionId]);
      return rows[0] && JSON.parse(rows[0].body);
    },
    known: known(pool),
    rings: rings(pool),
    ring: ring(pool),
    keep: keep(pool),
    claim: claim(pool),
    read: async (lease, limit) => {
      const { rows } = await query(pool, [read, lease.tenantId, lease.id, lease.token, limit]);
      return rows.map(({ seq, event_time, payload }) => ({ seq, payload, eventTime: event_time }));
    },
    advance: advance(pool),
    release: async ({ tenantId, kind, id, token }, { attempts = 0, why, paused, dueAt }, now) => {
      const values = [tenantId, kind, id, token, attempts, paused, dueAt, now, why];
      const { rowCount } = await query(pool, [release, ...values]);
      if (rowCount === 0) throw new Failure("lease_lost");
    },
  };
}
