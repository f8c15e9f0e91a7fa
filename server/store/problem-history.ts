import { type Kysely, sql } from "kysely";
import type { Occasion } from "../../core/mails.ts";
import type { TenantId } from "../../core/types.ts";
import type { Deed } from "./audit.ts";
import type { ProblemRow } from "./problems.ts";
import type { Tables } from "./tables.ts";

/** A mail about a problem that has left: to how many. */
export interface LeftMail {
  readonly at: Date;
  readonly occasion: Occasion;
  readonly people: number;
}

export async function mailsAbout(
  db: Kysely<Tables>,
  tenantId: TenantId,
  problemId: string,
): Promise<readonly LeftMail[]> {
  const { rows } = await sql<LeftMail>`
    select min(sent_at) as at, occasion, count(*)::int as people from mail
    where tenant_id = ${tenantId} and problem_id = ${problemId} and sent_at is not null
    group by occasion order by 1`.execute(db);
  return rows;
}

/** What people noted about it, oldest first. */
export async function deedsAbout(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { id, opened_at }: Pick<ProblemRow, "id" | "opened_at">,
): Promise<readonly (Deed & { readonly at: Date })[]> {
  const rows = await db
    .selectFrom("audit")
    .select(["at", "who", "what", "about"])
    .where("tenant_id", "=", tenantId)
    .where("at", ">=", opened_at)
    .where("what", "in", ["problem.acknowledged", "problem.muted", "problem.unmuted"])
    .where(sql<boolean>`about ->> 'problem' = ${id}`)
    .orderBy("at")
    .orderBy("id")
    .limit(100)
    .execute();
  return rows.map(({ about, ...deed }) => ({ ...deed, about: about as Deed["about"] }));
}
