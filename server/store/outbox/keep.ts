import type { Pool, QueryResult } from "pg";
import { Failure } from "../../../core/errors.ts";
import type { Kept, Lease, Outbox, Outcome } from "../../../core/outbox.ts";
import { plainArray, textArray } from "../array.ts";
import { statement } from "../statements.ts";
import { type Query, query, transact } from "../transact.ts";
import { columnsOf, numbersOf, pageOf, placesOf, progressOf } from "./page.ts";

const page = statement("keep-page");
const progress = statement("keep-progress");
const sendLane = statement("send-lane");
const insteadList = statement("instead-list");
const instead = statement("keep-instead");
const uncount = statement("keep-uncount");
const reconciled = statement("keep-reconciled");

/**
 * One statement, which is a transaction by itself, for what pages bring day by day; a transaction of more where rows of the
 * ledger are decided anew or days have been compared. `lingerMs`: how long the first event of an idle lane waits for company.
 */
export function keep(pool: Pool, lingerMs: number): Outbox["keep"] {
  return async (lease, kept, now) => {
    const anew = kept.outcomes.filter((outcome) => outcome.instead !== undefined);
    const days = kept.reconciled ?? [];
    const nothing = progressOf(lease, kept, now);
    const write: Query = nothing
      ? [progress, ...nothing]
      : [page, ...pageOf(lease, kept, now, new Date(now.getTime() + lingerMs))];
    try {
      if (anew.length === 0 && days.length === 0) mustHold(await query(pool, write));
      else
        await transact(pool, [write, listOf(lease, anew)], ([written, listed]) => {
          const base = mustHold(written);
          const counted: readonly Counted[] = listed?.rows ?? [];
          if (counted.reduce((all, { n }) => all + n, 0) < anew.length)
            throw new Failure("lease_lost", "a stage entry was decided by somebody else");
          return [
            ...(anew.length > 0 ? decidedAnew(lease, kept, now, base, counted) : []),
            ...(days.length > 0 ? [comparedDays(lease, days, now)] : []),
          ];
        });
    } catch (error) {
      if (error === lost) throw await whatIsMissing(pool, lease, kept);
      // Two readers of one connection, or the same page kept twice: either way ours is void.
      if ((error as { code?: string }).code === "23505")
        throw new Failure("lease_lost", "a stage entry was kept before", { cause: error });
      throw error;
    }
  };
}

const lost = new Failure("lease_lost");

/** @returns the number of the page's first event */
function mustHold(written: QueryResult | undefined): number {
  const [held] = written?.rows ?? [];
  if (!held) throw lost;
  return held.base ?? 0;
}

/** Nothing was written: is there nobody to send to, or has somebody else the lease? */
async function whatIsMissing(pool: Pool, { tenantId }: Lease, { outcomes, datasetId }: Kept): Promise<Failure> {
  const sends = outcomes.some(({ outcome }) => outcome === "send");
  if (!sends || (await query(pool, [sendLane, tenantId, datasetId])).rowCount !== 0) return new Failure("lease_lost");
  return new Failure("not_found", `dataset ${datasetId}`);
}

/** Rows that are decided anew, under the day and outcome under which they were counted. */
interface Counted {
  readonly day: string;
  readonly outcome: string;
  readonly n: number;
}

const listOf = ({ tenantId, id }: Lease, anew: readonly Outcome[]): Query => [
  insteadList,
  tenantId,
  id,
  ...placesOf(anew),
  textArray(anew.map((outcome) => outcome.instead ?? "")),
];

function decidedAnew(
  { tenantId, id }: Lease,
  { outcomes, mappingVersion, datasetId }: Kept,
  now: Date,
  base: number,
  counted: readonly Counted[],
): readonly Query[] {
  const numbers = numbersOf(outcomes);
  const rows = outcomes.flatMap((outcome, n) => (outcome.instead ? [{ outcome, number: numbers[n] ?? null }] : []));
  const anew = rows.map(({ outcome }) => outcome);
  const seq = plainArray(rows.map(({ number }) => (number === null ? null : base + number)));
  return [
    [instead, tenantId, id, now, mappingVersion, datasetId, ...columnsOf(anew), seq],
    [
      uncount,
      tenantId,
      id,
      counted.map(({ day }) => day),
      counted.map(({ outcome }) => outcome),
      counted.map(({ n }) => -n),
    ],
  ];
}

const comparedDays = ({ tenantId, id }: Lease, days: NonNullable<Kept["reconciled"]>, now: Date): Query => [
  reconciled,
  tenantId,
  id,
  now,
  days.map(({ day }) => day),
  days.map(({ seen }) => seen),
  days.map(({ missed }) => missed),
];
