import { type Kysely, sql } from "kysely";
import type { TenantId } from "../../core/types.ts";
import { newId } from "./ids.ts";
import type { Tables } from "./tables.ts";

/** What a person did here. Ids, counts and codes only: nothing of it is ever changed or taken back. */
export interface Deed {
  readonly who: string;
  /** `dataset.paused`, `delivery.sent_again` … */
  readonly what: string;
  readonly about: Readonly<Record<string, string | number | boolean | null>>;
}
export interface AuditEntry extends Deed {
  readonly id: string;
  readonly at: Date;
}

/** In the transaction of the deed itself wherever it has one; else before it, so that nothing is done unrecorded. */
export async function writeAudit(db: Kysely<Tables>, tenantId: TenantId, deed: Deed, now: Date): Promise<void> {
  await db
    .insertInto("audit")
    .values({
      tenant_id: tenantId,
      id: newId("aud"),
      at: now,
      who: deed.who,
      what: deed.what,
      about: JSON.stringify(deed.about),
    })
    .execute();
}

export interface AuditWanted {
  readonly limit: number;
  readonly before?: string | undefined;
  /** A deed (`member.role`), or all of a noun (`member`). */
  readonly what?: string | undefined;
  readonly who?: string | undefined;
}

/** The latest first. `before`: those that are older than this entry. */
export async function listAudit(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { limit, before, what, who }: AuditWanted,
): Promise<readonly AuditEntry[]> {
  let entries = db.selectFrom("audit").selectAll().where("tenant_id", "=", tenantId);
  if (who !== undefined) entries = entries.where("who", "=", who);
  if (what !== undefined)
    entries = entries.where(({ eb, or, fn, val }) =>
      or([eb("what", "=", what), eb(fn<boolean>("starts_with", ["what", val(`${what}.`)]), "=", true)]),
    );
  const older = before
    ? entries.where(
        sql<boolean>`(at, id) < (select at, id from audit where tenant_id = ${tenantId} and id = ${before})`,
      )
    : entries;
  const rows = await older.orderBy("at", "desc").orderBy("id", "desc").limit(limit).execute();
  return rows.map(({ id, at, who, what, about }) => ({ id, at, who, what, about: about as Deed["about"] }));
}

/** Everybody who ever did something here. */
export async function auditPeople(db: Kysely<Tables>, tenantId: TenantId, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("audit")
    .select("who")
    .distinct()
    .where("tenant_id", "=", tenantId)
    .orderBy("who")
    .limit(limit)
    .execute();
  return rows.map(({ who }) => who);
}
