import type { Pool } from "pg";
import { Failure } from "../../core/errors.ts";
import type { Outbox } from "../../core/outbox.ts";
import { advance } from "./outbox/advance.ts";
import { claim } from "./outbox/claim.ts";
import { keep } from "./outbox/keep.ts";
import { known } from "./outbox/known.ts";
import { read } from "./outbox/read.ts";
import { redrive } from "./outbox/redrive.ts";
import { ring, rings } from "./outbox/rings.ts";
import { statement } from "./statements.ts";
import { query } from "./transact.ts";

const checkpoint = statement("checkpoint-read");
const release = statement("lane-release");

export interface OutboxOptions {
  /** How long the first event of an idle lane waits for company before the lane is due; 0: not at all. */
  readonly lingerMs?: number;
}

/** The contract of core/outbox.ts on PostgreSQL. */
export function createOutbox(pool: Pool, { lingerMs = 0 }: OutboxOptions = {}): Outbox {
  return {
    checkpoint: async (tenantId, connectionId) => {
      const { rows } = await query(pool, [checkpoint, tenantId, connectionId]);
      return rows[0] && JSON.parse(rows[0].body);
    },
    known: known(pool),
    rings: rings(pool),
    ring: ring(pool),
    keep: keep(pool, lingerMs),
    claim: claim(pool),
    read: read(pool),
    advance: advance(pool),
    release: async ({ tenantId, kind, id, token }, { attempts = 0, why, paused, dueAt }, now) => {
      const more = kind === "send" ? new Date(now.getTime() + lingerMs) : now;
      const { rowCount } = await query(pool, [release, tenantId, kind, id, token, attempts, paused, dueAt, more, why]);
      if (rowCount === 0) throw new Failure("lease_lost");
    },
    redrive: redrive(pool),
  };
}
