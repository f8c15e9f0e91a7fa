import type { Pool } from "pg";
import { Failure } from "../../../core/errors.ts";
import type { Kept, Lease, Outbox, Outcome } from "../../../core/outbox.ts";
import { plainArray, textArray } from "../array.ts";
import { gather } from "../gather.ts";
import { statement } from "../statements.ts";
import { type Query, query, transact } from "../transact.ts";
import { columnsOf, numbersOf, type Page, placesOf, valuesOf } from "./page.ts";

const pages = statement("keep-page");
const sendLane = statement("send-lane");
const insteadList = statement("instead-list");
const instead = statement("keep-instead");
const uncount = statement("keep-uncount");
const reconciled = statement("keep-reconciled");

/**
 * Pages of several connections go together, each of them all or nothing; a transaction of its own where rows of the ledger are
 * decided anew or days have been compared.
 */
export function keep(pool: Pool, lingerMs: number): Outbox["keep"] {
  const write = gather((pages: readonly Page[]) => keepAll(pool, pages, lingerMs), {
    most: 500,
    weigh: ({ kept }) => kept.outcomes.length + 1,
    rows: ({ lease: { tenantId, id }, kept: { datasetId } }) => [
      `read ${tenantId} ${id}`,
      ...(datasetId ? [`send ${tenantId} ${datasetId}`] : []),
    ],
  });
  return async (lease, kept, now) => {
    const anew = kept.outcomes.filter((outcome) => outcome.instead !== undefined);
    const days = kept.reconciled ?? [];
    if (!kept.datasetId && kept.outcomes.some(({ outcome }) => outcome === "send"))
      throw new TypeError("events need a dataset");
    const page: Page = { lease, kept, now };
    try {
      if (anew.length === 0 && days.length === 0) return { paused: mustHold(await write(page)).paused };
      const first = [[pages, ...valuesOf([page], lingerMs)], listOf(lease, anew)] as const;
      const [written] = await transact(pool, first, ([written, listed]) => {
        const { base } = mustHold(written?.rows[0]);
        const counted: readonly Counted[] = listed?.rows ?? [];
        if (counted.reduce((all, { n }) => all + n, 0) < anew.length)
          throw new Failure("lease_lost", "a stage entry was decided by somebody else");
        return [
          ...(anew.length > 0 ? decidedAnew(lease, kept, now, base ?? 0, counted) : []),
          ...(days.length > 0 ? [comparedDays(lease, days, now)] : []),
        ];
      });
      return { paused: mustHold(written?.rows[0]).paused };
    } catch (error) {
      if (error === lost) throw await whatIsMissing(pool, lease, kept);
      // Two readers of one connection, or the same page kept twice: either way ours is void.
      if ((error as { code?: string }).code === "23505")
        throw new Failure("lease_lost", "a stage entry was kept before", { cause: error });
      throw error;
    }
  };
}

interface Written {
  /** Which of the pages, from 1. */
  readonly n: number;
  /** The number of its first event. */
  readonly base: number | null;
  /** Somebody paused the connection's lane. */
  readonly paused: boolean;
}

/** Undefined for those of which nothing was written. */
async function keepAll(pool: Pool, all: readonly Page[], lingerMs: number): Promise<readonly (Written | undefined)[]> {
  const { rows } = await query(pool, [pages, ...valuesOf(all, lingerMs)]);
  const written = new Map<number, Written>(rows.map((row) => [row.n, row]));
  return all.map((_, n) => written.get(n + 1));
}

const lost = new Failure("lease_lost");

function mustHold(written: Written | undefined): Written {
  if (!written) throw lost;
  return written;
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
