import { type Kysely, type Selectable, sql, type Transaction } from "kysely";
import { isWorse, kindOf, type Muted, type OpenProblem, settledAfterMs } from "../../core/open-problems.ts";
import type { Ending } from "../../core/sentences.ts";
import type { TenantId } from "../../core/types.ts";
import { writeAudit } from "./audit.ts";
import { newId } from "./ids.ts";
import type { Tables } from "./tables.ts";
import type { ProblemTable } from "./tables-problems.ts";

export type ProblemRow = Omit<Selectable<ProblemTable>, "details"> & { readonly details: ProblemDetails };

/** What a problem's row says beside its columns. Instants as ISO 8601. */
export interface ProblemDetails {
  /** Of the dataset or the connection. */
  readonly name?: string;
  readonly connector?: string;
  readonly since?: string;
  readonly datasetId?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly subcode?: number;
  /** Meta's own. They may echo input: to be shown, never logged or mailed. */
  readonly words?: string;
  readonly lastDeadlineAt?: string;
  readonly acknowledged?: { readonly at: string; readonly by: string };
  readonly muted?: MutedProblem;
  readonly ended?: Ending;
}

/** Muted until then, unless it becomes worse than it was when it was muted. */
export interface MutedProblem {
  readonly until: string;
  readonly at: string;
  readonly by: string;
  readonly affected: number;
  readonly deadlineAt?: string;
}

/**
 * Brings the problems of the tenant in line with the evidence: opens what is new, goes on with what was closed a moment ago,
 * notes how the open ones stand, and closes those without evidence. Whoever comes at the same time waits for our commit and
 * reads its evidence after it: nothing is opened twice.
 */
export async function applyProblems(
  trx: Transaction<Tables>,
  tenantId: TenantId,
  open: readonly OpenProblem[],
  now: Date,
): Promise<void> {
  const rows = await recentProblems(trx, tenantId, now);
  const pairs = open.map((problem) => ({ problem, before: sameOf(problem, rows, now) }));
  const going = new Set(pairs.map(({ before }) => before?.id));
  for (const row of rows) if (!row.closed_at && !going.has(row.id)) await close(trx, row, now);
  for (const { problem, before } of pairs)
    if (before) await goOn(trx, before, problem, now);
    else await insert(trx, tenantId, problem, now);
}

/** The row that this problem goes on with: the open one, else one that was closed so short a while ago that it was not over. */
function sameOf({ cause }: OpenProblem, rows: readonly ProblemRow[], now: Date): ProblemRow | undefined {
  const same = rows.filter((row) => row.cause === cause);
  return same.find(({ closed_at }) => !closed_at) ?? same.find((row) => unsettled(row, now));
}

/** Takes turns with others that look at the same tenant; to be called before the evidence is read. */
export async function lockTenant(trx: Transaction<Tables>, tenantId: TenantId): Promise<void> {
  await sql`select id from tenant where id = ${tenantId} for no key update`.execute(trx);
}

/** Those that are open, and those that have not been closed for long: newest first. */
export async function recentProblems(
  db: Kysely<Tables>,
  tenantId: TenantId,
  now: Date,
): Promise<readonly ProblemRow[]> {
  const rows = await ofTenant(db, tenantId)
    .where(({ eb, or }) => or([eb("closed_at", "is", null), eb("closed_at", ">", new Date(now.getTime() - longestMs))]))
    .orderBy("closed_at", "desc")
    .orderBy("id")
    .execute();
  return rows.map(toRow);
}
/** Nothing that was closed before this is gone on with or still to be told of. */
const longestMs = 2 * 3_600_000;

const unsettled = ({ closed_at, cause }: ProblemRow, now: Date): boolean =>
  closed_at !== null && now.getTime() - closed_at.getTime() < settledAfterMs(cause);

async function insert(
  trx: Transaction<Tables>,
  tenantId: TenantId,
  { cause, code, about, affected, since, deadlineAt, details }: OpenProblem,
  now: Date,
): Promise<void> {
  await trx
    .insertInto("problem")
    .values({
      tenant_id: tenantId,
      id: newId("prb"),
      cause,
      code,
      about: about ?? null,
      affected,
      opened_at: now,
      seen_at: now,
      closed_at: null,
      deadline_at: deadlineAt ?? null,
      details: JSON.stringify({ ...details, since: since.toISOString() }),
    })
    .execute();
}

async function goOn(trx: Transaction<Tables>, row: ProblemRow, problem: OpenProblem, now: Date): Promise<void> {
  const { tenant_id, id, details: before } = row;
  const { code, affected, since, deadlineAt, details } = problem;
  const loud = muteOf(row, now) !== undefined && isWorse(standing(before.muted), problem, now);
  const first = before.since && before.since < since.toISOString() ? before.since : since.toISOString();
  await trx
    .updateTable("problem")
    .set({
      code,
      affected,
      seen_at: now,
      closed_at: null,
      deadline_at: deadlineAt ?? null,
      // Not replaced: somebody may mute it at this moment.
      details: sql<string>`(details - ${loud ? ["ended", "muted"] : ["ended"]}::text[])
        || ${JSON.stringify({ ...details, since: first })}::jsonb`,
    })
    .where("tenant_id", "=", tenant_id)
    .where("id", "=", id)
    .execute();
  if (loud) {
    const about = { problem: id, cause: row.cause, affected, because: "worse" };
    await writeAudit(trx, tenant_id as TenantId, { who: "upkeep", what: "problem.unmuted", about }, now);
  }
}

async function close(trx: Transaction<Tables>, { tenant_id, id, cause, details }: ProblemRow, now: Date) {
  const last = details.lastDeadlineAt;
  const late = kindOf(cause) === "refused" && last !== undefined && new Date(last) <= now;
  const ended: Ending = late ? "too_old" : "mended";
  await trx
    .updateTable("problem")
    .set({ closed_at: now, details: sql<string>`details || ${JSON.stringify({ ended })}::jsonb` })
    .where("tenant_id", "=", tenant_id)
    .where("id", "=", id)
    .execute();
}

export type ProblemState = "open" | "acknowledged" | "muted" | "resolved";

/** Muted until the time that was said; then it is open again by itself. */
export const muteOf = ({ details: { muted } }: Pick<ProblemRow, "details">, now: Date): MutedProblem | undefined =>
  muted && new Date(muted.until) > now ? muted : undefined;

export function stateOf(row: ProblemRow, now: Date): ProblemState {
  if (row.closed_at) return "resolved";
  if (muteOf(row, now)) return "muted";
  return row.details.acknowledged ? "acknowledged" : "open";
}

const standing = (muted: MutedProblem | undefined): Muted => ({
  at: new Date(muted?.at ?? 0),
  affected: muted?.affected ?? 0,
  ...(muted?.deadlineAt !== undefined && { deadlineAt: new Date(muted.deadlineAt) }),
});

/** What people note about an open problem; null takes it back. False: it is not open, or nothing was there to take back. */
export async function noteOnProblem(
  db: Kysely<Tables>,
  tenantId: TenantId,
  id: string,
  note: { readonly [Key in "acknowledged" | "muted"]?: ProblemDetails[Key] | null },
): Promise<boolean> {
  const gone = Object.entries(note).flatMap(([key, value]) => (value === null ? [key] : []));
  const kept = Object.fromEntries(Object.entries(note).filter(([, value]) => value !== null));
  const open = db
    .updateTable("problem")
    .set({ details: sql<string>`(details - ${gone}::text[]) || ${JSON.stringify(kept)}::jsonb` })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .where("closed_at", "is", null);
  const noted = gone.length > 0 ? open.where(sql<boolean>`details ?| ${gone}::text[]`) : open;
  return (await noted.executeTakeFirstOrThrow()).numUpdatedRows > 0n;
}

/** Every problem of the tenant, as its rows are. */
export const ofTenant = (db: Kysely<Tables>, tenantId: TenantId) =>
  db.selectFrom("problem").selectAll().where("tenant_id", "=", tenantId);

export const toRow = (row: Selectable<ProblemTable>): ProblemRow => ({
  ...row,
  details: row.details as ProblemDetails,
});
