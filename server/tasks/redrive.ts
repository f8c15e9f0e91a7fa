import type { Kysely } from "kysely";
import { z } from "zod";
import { limits } from "../../core/meta/limits.ts";
import type { FailureCode } from "../../core/problems.ts";
import type { DatasetId, TenantId } from "../../core/types.ts";
import { type RebuildParts, rebuiltAll } from "../routes/rebuilt.ts";
import {
  countRefused,
  countSentAgain,
  lastNumber,
  lastRefused,
  type RefusalCause,
  type RefusedEvent,
  refusedEvents,
} from "../store/refused.ts";
import type { Tables } from "../store/tables.ts";
import { beginTask, type Slice, type Task } from "../store/tasks.ts";

/** Sending again what was refused for one cause, up to what was refused when it began: nothing goes in circles. */
const Cursor = z.object({
  as: z.enum(["it_was", "rebuilt"]),
  dataset: z.string().transform((id) => id as DatasetId),
  reason: z.string(),
  code: z.number().nullable(),
  subcode: z.number().nullable(),
  /** Numbers up to this one are done. */
  after: z.number(),
  upTo: z.number(),
  since: z.iso.datetime().transform((at) => new Date(at)),
  /** Whatever has a number above this one was sent again since it began. */
  mark: z.number(),
});
type Cursor = z.infer<typeof Cursor>;

/** Events of one slice: of those that are made anew, the CRM is asked for so many at once. */
const slices = { it_was: 1_000, rebuilt: 200 } as const;
/** A CRM that is away is waited for so long; then its events are left out, and the rest goes on. */
const patienceMs = 3_600_000;

export interface RedriveAsked {
  readonly problem: string;
  readonly cause: RefusalCause;
  readonly as: Cursor["as"];
  readonly who: string;
}

/** Begins it, or gives the one that is under way. */
export async function beginRedrive(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { problem, cause, as, who }: RedriveAsked,
  now: Date,
): ReturnType<typeof beginTask> {
  const range = {
    after: 0,
    upTo: await lastRefused(db, tenantId, cause.datasetId),
    since: new Date(now.getTime() - limits.maxAgeMs),
  };
  const { datasetId: dataset, ...why } = cause;
  const mark = await lastNumber(db, tenantId, dataset);
  const total = await countRefused(db, tenantId, cause, range);
  const cursor = { ...why, ...range, as, dataset, mark, since: range.since.toISOString() };
  return await beginTask(db, tenantId, { kind: "redrive", about: problem, total, who, cursor, dueAt: now }, now);
}

/** Nothing could be done; it is tried again. */
export interface Waits {
  readonly waits: FailureCode;
}

/**
 * One slice of it. Whoever dies in the middle, or meets another at it, repeats nothing: an event that has gone is not given
 * back by `refusedEvents`, and what is counted as taken is what the log says.
 */
export async function redriveSlice(task: Task, parts: RebuildParts): Promise<Slice | Waits> {
  const { store, clock } = parts;
  const { tenantId } = task;
  const cursor = Cursor.parse(task.cursor);
  const { as, dataset: datasetId, reason, code, subcode, mark } = cursor;
  const cause: RefusalCause = { datasetId, reason, code, subcode };
  const now = clock.now();
  const some = await refusedEvents(store.db, tenantId, cause, cursor, slices[as], now);
  const waited = now.getTime() - task.movedAt.getTime() >= patienceMs;
  const fit = await fitOf(tenantId, some, as, parts);
  if (fit.away && !waited) return { waits: fit.away };

  if (fit.events.length > 0) await store.outbox.redrive(tenantId, datasetId, fit.events, now);
  const last = some.length < slices[as];
  const done = { ...cursor, upTo: last ? cursor.upTo : (some.at(-1)?.seq ?? cursor.upTo) };
  const counts = {
    taken: await countSentAgain(store.db, tenantId, cause, done, mark),
    tooOld: fit.tooOld,
    heldBack: fit.heldBack,
    unknown: fit.unknown,
  };
  const sums = Object.entries(counts).map(([what, n]) => [what, n + (task.counts[what] ?? 0)] as const);
  return {
    done: sums.reduce((all, [, n]) => all + n, 0),
    counts: Object.fromEntries(sums),
    cursor: { ...cursor, since: cursor.since.toISOString(), after: done.upTo },
    ...(last ? { end: "done" as const } : { dueAt: clock.now() }),
  };
}

interface Fit {
  readonly events: readonly { readonly seq: number; readonly payload?: string }[];
  readonly tooOld: number;
  readonly heldBack: number;
  readonly unknown: number;
  /** The CRM is away for some of them, and will be back. */
  readonly away?: FailureCode;
}

/** Which of these go again, and as what. */
async function fitOf(
  tenantId: TenantId,
  some: readonly RefusedEvent[],
  as: Cursor["as"],
  parts: RebuildParts,
): Promise<Fit> {
  const young = some.flatMap(({ seq, origin }) => (origin ? [{ seq, origin }] : []));
  const tooOld = some.length - young.length;
  if (as === "it_was") return { events: young.map(({ seq }) => ({ seq })), tooOld, heldBack: 0, unknown: 0 };
  const origins = young.map(({ origin }) => origin);
  const anew = await rebuiltAll(tenantId, origins, parts);
  const held = anew.filter(({ heldBack }) => heldBack !== undefined).length;
  const events = young.flatMap(({ seq }, n) => {
    const payload = anew[n]?.payload;
    return payload === undefined ? [] : [{ seq, payload }];
  });
  const away = anew.find(({ later }) => later)?.later;
  return {
    events,
    tooOld,
    heldBack: held,
    unknown: young.length - events.length - held,
    ...(away && { away }),
  };
}
