import type { Pool } from "pg";
import type { Outbox } from "../../core/outbox.ts";
import { advance } from "./outbox/advance.ts";
import { checkpoint } from "./outbox/checkpoint.ts";
import { claim } from "./outbox/claim.ts";
import { keep } from "./outbox/keep.ts";
import { known } from "./outbox/known.ts";
import { read } from "./outbox/read.ts";
import { redrive } from "./outbox/redrive.ts";
import { release } from "./outbox/release.ts";
import { ring, rings } from "./outbox/rings.ts";

export interface OutboxOptions {
  /**
   * Milliseconds between two turns at a dataset that has little to send: what comes meanwhile goes together. A dataset that was
   * quiet for as long is due at once, and so is one with a backlog; 0: always at once.
   */
  readonly lingerMs?: number;
}

/** The contract of core/outbox.ts on PostgreSQL. What many lanes ask at the same moment goes in one statement. */
export function createOutbox(pool: Pool, { lingerMs = 0 }: OutboxOptions = {}): Outbox {
  return {
    checkpoint: checkpoint(pool),
    known: known(pool),
    rings: rings(pool),
    ring: ring(pool),
    keep: keep(pool, lingerMs),
    claim: claim(pool),
    read: read(pool),
    advance: advance(pool),
    release: release(pool, lingerMs),
    redrive: redrive(pool),
  };
}
