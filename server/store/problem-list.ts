import { type Kysely, sql } from "kysely";
import type { TenantId } from "../../core/types.ts";
import { ofTenant, type ProblemRow, toRow } from "./problems.ts";
import type { Tables } from "./tables.ts";

export interface ProblemsWanted {
  /** `open`: those that somebody has acknowledged as well. */
  readonly state: "open" | "muted" | "resolved";
  /** Of those that are resolved: opened before this one. */
  readonly before?: string;
  readonly limit?: number;
}

/** The open and the muted ones, first deadline first; the resolved ones, newest first. */
export async function listProblems(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { state, before, limit = 200 }: ProblemsWanted,
  now: Date,
): Promise<readonly ProblemRow[]> {
  const listed = ofTenant(db, tenantId).limit(limit);
  if (state === "resolved") {
    const older = before
      ? listed.where(
          sql<boolean>`(opened_at, id) < (select opened_at, id from problem where tenant_id = ${tenantId} and id = ${before})`,
        )
      : listed;
    const rows = await older
      .where("closed_at", "is not", null)
      .orderBy("opened_at", "desc")
      .orderBy("id", "desc")
      .execute();
    return rows.map(toRow);
  }
  const muted = isMuted(now);
  const rows = await listed
    .where("closed_at", "is", null)
    .where(({ not }) => (state === "muted" ? muted : not(muted)))
    .orderBy(sql`deadline_at asc nulls last`)
    .orderBy("opened_at")
    .orderBy("id")
    .execute();
  return rows.map(toRow);
}

const isMuted = (now: Date) =>
  sql<boolean>`coalesce((details -> 'muted' ->> 'until')::timestamptz > ${now}::timestamptz, false)`;

/** How many are open and not muted. */
export async function countProblems(db: Kysely<Tables>, tenantId: TenantId, now: Date): Promise<number> {
  const { n } = await db
    .selectFrom("problem")
    .select(({ fn }) => fn.countAll<number>().as("n"))
    .where("tenant_id", "=", tenantId)
    .where("closed_at", "is", null)
    .where(({ not }) => not(isMuted(now)))
    .executeTakeFirstOrThrow();
  return n;
}

export async function findProblem(db: Kysely<Tables>, tenantId: TenantId, id: string): Promise<ProblemRow | undefined> {
  const row = await ofTenant(db, tenantId).where("id", "=", id).executeTakeFirst();
  return row && toRow(row);
}
