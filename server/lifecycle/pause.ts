import type { Kysely } from "kysely";
import { Failure } from "../../core/errors.ts";
import { type Deed, writeAudit } from "../store/audit.ts";
import { holdLane } from "../store/lane-state.ts";
import { type LaneKey, pauseLane, resumeLane } from "../store/lanes.ts";
import type { Tables } from "../store/tables.ts";

/** What reads or sends, and what it is called. */
export const nouns = { read: "connection", send: "dataset" } as const;
export interface PausableLane extends LaneKey {
  readonly kind: keyof typeof nouns;
}

/** Who does it, when, and what else the log is to say of it. */
interface By {
  readonly who: string;
  readonly now: Date;
  readonly about?: Deed["about"];
}

/**
 * Somebody has a connection or a dataset stand still; to be called in a transaction. What it stands still for already stays:
 * that has to be mended.
 *
 * @returns the code of what it stands still for
 * @throws Failure `not_found`
 */
export async function pauseByAdmin(trx: Kysely<Tables>, key: PausableLane, { who, now, about }: By): Promise<string> {
  const standing = await pausedReason(trx, key);
  if (standing) return standing;
  await pauseLane(trx, key, "by_admin");
  const deed = { who, what: `${nouns[key.kind]}.paused`, about: { id: key.id, ...about } };
  await writeAudit(trx, key.tenantId, deed, now);
  return "by_admin";
}

/**
 * Somebody has it go on, whatever it stood still for; to be called in a transaction.
 *
 * @throws Failure `not_found`
 */
export async function resumeByAdmin(trx: Kysely<Tables>, key: PausableLane, { who, now, about }: By): Promise<void> {
  const pausedCode = await pausedReason(trx, key);
  if (!pausedCode) return;
  await resumeLane(trx, key, now);
  const deed = { who, what: `${nouns[key.kind]}.resumed`, about: { id: key.id, pausedCode, ...about } };
  await writeAudit(trx, key.tenantId, deed, now);
}

async function pausedReason(trx: Kysely<Tables>, key: PausableLane): Promise<string | null> {
  const state = await holdLane(trx, key);
  if (!state) throw new Failure("not_found", `${nouns[key.kind]} ${key.id}`);
  return state.pausedReason;
}
