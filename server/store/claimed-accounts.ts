import type { Kysely } from "kysely";
import type { TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** Whose workspace an account at a vendor belongs to, over all tenants. */
export interface ClaimedAccount {
  readonly provider: string;
  readonly accountId: string;
  readonly tenantId: TenantId;
  /** Its connection. */
  readonly ownerId: string;
}

/** False: it belongs to a workspace already, perhaps to this one. */
export async function claimAccount(
  db: Kysely<Tables>,
  { provider, accountId, tenantId, ownerId }: ClaimedAccount,
  now: Date,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("claimed_account")
    .values({ provider, account_id: accountId, tenant_id: tenantId, owner_id: ownerId, claimed_at: now })
    .onConflict((conflict) => conflict.columns(["provider", "account_id"]).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function findClaim(
  db: Kysely<Tables>,
  provider: string,
  accountId: string,
): Promise<ClaimedAccount | undefined> {
  const row = await db
    .selectFrom("claimed_account")
    .selectAll()
    .where("provider", "=", provider)
    .where("account_id", "=", accountId)
    .executeTakeFirst();
  return row && { provider, accountId, tenantId: row.tenant_id as TenantId, ownerId: row.owner_id };
}

/** The account is nobody's again. Only the workspace that has it can let it go. */
export async function releaseAccount(
  db: Kysely<Tables>,
  { provider, accountId, tenantId }: Pick<ClaimedAccount, "provider" | "accountId" | "tenantId">,
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("claimed_account")
    .where("provider", "=", provider)
    .where("account_id", "=", accountId)
    .where("tenant_id", "=", tenantId)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

/** Since when the account's connection is disconnected, or its CRM accepts our access no more; undefined while it lives. */
export async function lostSince(
  db: Kysely<Tables>,
  { tenantId, ownerId }: Pick<ClaimedAccount, "tenantId" | "ownerId">,
): Promise<Date | undefined> {
  const connection = await db
    .selectFrom("connection")
    .select("disconnected_at")
    .where("tenant_id", "=", tenantId)
    .where("id", "=", ownerId)
    .executeTakeFirst();
  if (connection?.disconnected_at) return connection.disconnected_at;
  const problem = await db
    .selectFrom("problem")
    .select("opened_at")
    .where("tenant_id", "=", tenantId)
    .where("about", "=", ownerId)
    .where("code", "=", "crm_disconnected")
    .where("closed_at", "is", null)
    .orderBy("opened_at")
    .executeTakeFirst();
  return problem?.opened_at;
}
