import type { Pool } from "pg";
import { Failure } from "../../../core/errors.ts";
import type { Lease, Outbox, Release } from "../../../core/outbox.ts";
import { plainArray, textArray, timeArray } from "../array.ts";
import { gather } from "../gather.ts";
import { statement } from "../statements.ts";
import { query } from "../transact.ts";

const lanes = statement("lane-release");

interface Given {
  readonly lease: Lease;
  readonly next: Release;
  readonly now: Date;
}

export function release(pool: Pool, lingerMs: number): Outbox["release"] {
  const give = gather((given: readonly Given[]) => giveBack(pool, given, lingerMs), {
    rows: ({ lease: { kind, tenantId, id } }) => [`${kind} ${tenantId} ${id}`],
  });
  return async (lease, next, now) => {
    const released = await give({ lease, next, now });
    if (!released) throw new Failure("lease_lost");
    return released.due_at ?? undefined;
  };
}

interface Released {
  /** Which of them, from 1. */
  readonly n: number;
  readonly due_at: Date | null;
}

/** Undefined for those whose lease was lost. */
async function giveBack(
  pool: Pool,
  given: readonly Given[],
  lingerMs: number,
): Promise<readonly (Released | undefined)[]> {
  const { rows } = await query(pool, [
    lanes,
    textArray(given.map(({ lease }) => lease.tenantId)),
    textArray(given.map(({ lease }) => lease.kind)),
    textArray(given.map(({ lease }) => lease.id)),
    plainArray(given.map(({ lease }) => lease.token)),
    plainArray(given.map(({ next }) => next.attempts ?? 0)),
    textArray(given.map(({ next }) => next.paused)),
    timeArray(given.map(({ next }) => next.dueAt)),
    timeArray(given.map(({ now }) => now)),
    textArray(given.map(({ next }) => next.why)),
    lingerMs,
  ]);
  const released = new Map<number, Released>(rows.map((row) => [row.n, row]));
  return given.map((_, n) => released.get(n + 1));
}
