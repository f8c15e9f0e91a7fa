import type { Pool, QueryResult } from "pg";
import { Failure } from "../../../core/errors.ts";
import type { Advanced, Lease, Outbox, Step } from "../../../core/outbox.ts";
import { statement } from "../statements.ts";
import { type Query, query, transact } from "../transact.ts";
import { again } from "./again.ts";

const step = statement("advance-step");
const append = statement("lane-append");
const asideList = statement("aside-list");

/** One statement, which is a transaction by itself; a transaction of more where events are set aside. */
export function advance(pool: Pool): Outbox["advance"] {
  return async (lease, made, now) => {
    const { tenantId, id } = lease;
    const { aside = [] } = made;
    const write: Query = [step, ...valuesOf(lease, made, now)];
    if (aside.length === 0) return mustHold(await query(pool, write));
    // With a count of 0 it takes no numbers, and tells the next one and the time.
    const first: Query[] = [write, [append, tenantId, id, 0, now, null], [asideList, tenantId, id, aside]];
    const [written] = await transact(pool, first, ([held, next, listed]) => {
      mustHold(held);
      const events = asides(aside, listed?.rows ?? []);
      return events.length > 0 ? again(lease, next?.rows[0], events, true, now) : [];
    });
    return mustHold(written);
  };
}

function mustHold(written: QueryResult | undefined): Advanced {
  const [held] = written?.rows ?? [];
  if (!held) throw new Failure("lease_lost");
  return { paused: held.paused_reason !== null };
}

function valuesOf({ tenantId, id, token }: Lease, made: Step, now: Date): readonly unknown[] {
  const { cursor = 0, dispatch, dead = [], unsure } = made;
  return [
    tenantId,
    id,
    token,
    now,
    cursor,
    unsure?.since,
    unsure?.upTo,
    dispatch?.sentAt,
    dispatch?.seqFrom,
    dispatch?.seqTo,
    dispatch?.events,
    dispatch && Math.round(dispatch.tookMs),
    dispatch?.verdict,
    dispatch?.why,
    dispatch?.status,
    dispatch?.code,
    dispatch?.subcode,
    dispatch?.traceId,
    dead.map(({ seq }) => seq),
    dead.map(({ reason }) => reason),
    dead.map(({ code }) => code),
    dead.map(({ subcode }) => subcode),
    dead.map(({ words }) => words),
    dead.map(({ traceId }) => traceId),
    dispatch?.words,
  ];
}

/** Those that are still where the caller saw them. One that does not exist is the caller's mistake, and not passed over. */
function asides(
  aside: readonly number[],
  listed: readonly { readonly seq: number; readonly moved: boolean }[],
): readonly { readonly seq: number }[] {
  const found = new Map(listed.map(({ seq, moved }) => [seq, moved]));
  return [...new Set(aside)].flatMap((seq) => {
    const moved = found.get(seq);
    if (moved === undefined) throw new TypeError(`there is no event ${seq}`);
    return moved ? [] : [{ seq }];
  });
}
