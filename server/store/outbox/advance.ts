import type { Pool } from "pg";
import { Failure } from "../../../core/errors.ts";
import type { Lease, Outbox, Standing, Step } from "../../../core/outbox.ts";
import { plainArray, textArray, timeArray } from "../array.ts";
import { gather } from "../gather.ts";
import { statement } from "../statements.ts";
import { type Query, query, transact } from "../transact.ts";
import { again } from "./again.ts";

const step = statement("advance-step");
const append = statement("lane-append");
const asideList = statement("aside-list");

interface Stepped {
  readonly lease: Lease;
  readonly made: Step;
  readonly now: Date;
}

/** Steps of several lanes go together, each of them all or nothing; a transaction of its own where events are set aside. */
export function advance(pool: Pool): Outbox["advance"] {
  const write = gather((steps: readonly Stepped[]) => advanceAll(pool, steps), {
    rows: ({ lease: { tenantId, id } }) => [`${tenantId} ${id}`],
  });
  return async (lease, made, now) => {
    const { tenantId, id } = lease;
    const { aside = [] } = made;
    if (aside.length === 0) return mustHold(await write({ lease, made, now }));
    const first: Query[] = [
      queryOf([{ lease, made, now }]),
      // With a count of 0 it takes no numbers, and tells the next one and the time.
      [append, tenantId, id, 0, now, null],
      [asideList, tenantId, id, aside],
    ];
    const [written] = await transact(pool, first, ([held, next, listed]) => {
      mustHold(held?.rows[0]);
      const events = asides(aside, listed?.rows ?? []);
      return events.length > 0 ? again(lease, next?.rows[0], events, true, now) : [];
    });
    return mustHold(written?.rows[0]);
  };
}

interface Held {
  /** Which of the steps, from 1. */
  readonly n: number;
  readonly paused_reason: string | null;
}

/** Undefined for those whose lease was lost. */
async function advanceAll(pool: Pool, steps: readonly Stepped[]): Promise<readonly (Held | undefined)[]> {
  const held = new Map<number, Held>((await query(pool, queryOf(steps))).rows.map((row) => [row.n, row]));
  return steps.map((_, n) => held.get(n + 1));
}

function mustHold(held: Held | undefined): Standing {
  if (!held) throw new Failure("lease_lost");
  return { paused: held.paused_reason !== null };
}

function queryOf(steps: readonly Stepped[]): Query {
  const leases = steps.map(({ lease }) => lease);
  const made = steps.map((step) => step.made);
  const dispatches = made.map(({ dispatch }) => dispatch);
  const dead = made.flatMap(({ dead = [] }, n) => dead.map((event) => ({ ...event, of: n + 1 })));
  return [
    step,
    textArray(leases.map(({ tenantId }) => tenantId)),
    textArray(leases.map(({ id }) => id)),
    plainArray(leases.map(({ token }) => token)),
    timeArray(steps.map(({ now }) => now)),
    plainArray(made.map(({ cursor }) => cursor ?? 0)),
    timeArray(made.map(({ unsure }) => unsure?.since)),
    plainArray(made.map(({ unsure }) => unsure?.upTo)),
    timeArray(dispatches.map((dispatch) => dispatch?.sentAt)),
    plainArray(dispatches.map((dispatch) => dispatch?.seqFrom)),
    plainArray(dispatches.map((dispatch) => dispatch?.seqTo)),
    plainArray(dispatches.map((dispatch) => dispatch?.events)),
    plainArray(dispatches.map((dispatch) => dispatch && Math.round(dispatch.tookMs))),
    textArray(dispatches.map((dispatch) => dispatch?.verdict)),
    textArray(dispatches.map((dispatch) => dispatch?.why)),
    plainArray(dispatches.map((dispatch) => dispatch?.status)),
    plainArray(dispatches.map((dispatch) => dispatch?.code)),
    plainArray(dispatches.map((dispatch) => dispatch?.subcode)),
    textArray(dispatches.map((dispatch) => dispatch?.traceId)),
    textArray(dispatches.map((dispatch) => dispatch?.words)),
    plainArray(dead.map(({ of }) => of)),
    plainArray(dead.map(({ seq }) => seq)),
    textArray(dead.map(({ reason }) => reason)),
    plainArray(dead.map(({ code }) => code)),
    plainArray(dead.map(({ subcode }) => subcode)),
    textArray(dead.map(({ words }) => words)),
    textArray(dead.map(({ traceId }) => traceId)),
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
