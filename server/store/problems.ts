import { type Kysely, type Selectable, sql, type Transaction } from "kysely";
import { kindOf, type OpenProblem, settledAfterMs } from "../../core/open-problems.ts";
import type { Ending } from "../../core/sentences.ts";
import type { TenantId } from "../../core/types.ts";
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
  readonly dismissedAt?: string;
  readonly ended?: Ending;
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
  const same = rows.filter((row) => row.cause === cause && !row.details.dismissedAt);
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

async function goOn(
  trx: Transaction<Tables>,
  { tenant_id, id, details: before }: ProblemRow,
  { code, affected, since, deadlineAt, details }: OpenProblem,
  now: Date,
): Promise<void> {
  const first = before.since && before.since < since.toISOString() ? before.since : since.toISOString();
  await trx
    .updateTable("problem")
    .set({
      code,
      affected,
      seen_at: now,
      closed_at: null,
      deadline_at: deadlineAt ?? null,
      // Not replaced: somebody may dismiss it at this moment.
      details: sql<string>`(details - 'ended') || ${JSON.stringify({ ...details, since: first })}::jsonb`,
    })
    .where("tenant_id", "=", tenant_id)
    .where("id", "=", id)
    .execute();
}

async function close(trx: Transaction<Tables>, { tenant_id, id, cause, details }: ProblemRow, now: Date) {
  const last = details.lastDeadlineAt;
  const late = kindOf(cause) === "refused" && last !== undefined && new Date(last) <= now;
  const ended: Ending = details.dismissedAt ? "dismissed" : late ? "too_old" : "mended";
  await trx
    .updateTable("problem")
    .set({ closed_at: now, details: sql<string>`details || ${JSON.stringify({ ended })}::jsonb` })
    .where("tenant_id", "=", tenant_id)
    .where("id", "=", id)
    .execute();
}

/** The open ones, first deadline first; or those that are over, newest first. One that is dismissed is over at once. */
export async function listProblems(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { open, limit = 200 }: { readonly open: boolean; readonly limit?: number },
): Promise<readonly ProblemRow[]> {
  const dismissed = sql<boolean>`details ->> 'dismissedAt' is not null`;
  const listed = ofTenant(db, tenantId).limit(limit);
  const rows = open
    ? await listed
        .where("closed_at", "is", null)
        .where(({ not }) => not(dismissed))
        .orderBy(sql`deadline_at asc nulls last`)
        .orderBy("opened_at")
        .orderBy("id")
        .execute()
    : await listed
        .where(({ eb, or }) => or([eb("closed_at", "is not", null), dismissed]))
        .orderBy("opened_at", "desc")
        .orderBy("id")
        .execute();
  return rows.map(toRow);
}

/**
 * An admin wants to hear no more of it: what was refused up to now, or found late, is left as it is. What comes later opens a
 * new problem. Other problems are closed by mending them.
 *
 * @returns whether there was such a problem to dismiss
 */
export async function dismissProblem(db: Kysely<Tables>, tenantId: TenantId, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("problem")
    .set({ details: sql<string>`details || ${JSON.stringify({ dismissedAt: now.toISOString() })}::jsonb` })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .where("closed_at", "is", null)
    .where(sql<boolean>`cause ~ '^(refused|drift):' and details ->> 'dismissedAt' is null`)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

const ofTenant = (db: Kysely<Tables>, tenantId: TenantId) =>
  db.selectFrom("problem").selectAll().where("tenant_id", "=", tenantId);

const toRow = (row: Selectable<ProblemTable>): ProblemRow => ({ ...row, details: row.details as ProblemDetails });
