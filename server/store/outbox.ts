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
  /** How long the first event of an idle lane waits for company before the lane is due; 0: not at all. */
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
