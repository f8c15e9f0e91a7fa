import type { Kysely } from "kysely";
import { z } from "zod";
import type { TenantId } from "../../core/types.ts";
import { forgetSecrets, loadSecret, saveSecret } from "../store/secrets.ts";
import type { Tables } from "../store/tables.ts";
import type { SecretPlace, Vault } from "../store/vault.ts";

/** What signing in at Meta gave us, sealed until a dataset is chosen with it, and for an hour at the longest. */
const MetaLogin = z.object({
  token: z.string().min(1),
  /** `SYSTEM_USER`: it acts for the business and not for the person. */
  type: z.string(),
  userId: z.string(),
  scopes: z.array(z.string()),
  /** The business that was opened to us; absent: the person chooses among theirs. */
  businessId: z.string().optional(),
  at: z.iso.datetime(),
});
export type MetaLogin = z.infer<typeof MetaLogin>;

export const loginLivesMs = 3_600_000;
const ownerId = "meta";

const loginPlace = (tenantId: TenantId): SecretPlace => ({ tenantId, ownerId, kind: "login" });

/** The one before, of whoever in this workspace, is forgotten. */
export async function keepLogin(
  db: Kysely<Tables>,
  tenantId: TenantId,
  login: Omit<MetaLogin, "at">,
  vault: Vault,
  now: Date,
): Promise<void> {
  const place = loginPlace(tenantId);
  await forgetSecrets(db, tenantId, ownerId);
  const text = JSON.stringify({ ...login, at: now.toISOString() } satisfies MetaLogin);
  await saveSecret(db, place, vault.seal(place, text), 0, now);
}

export async function findLogin(
  db: Kysely<Tables>,
  tenantId: TenantId,
  vault: Vault,
  now: Date,
): Promise<MetaLogin | undefined> {
  const place = loginPlace(tenantId);
  const sealed = await loadSecret(db, place);
  if (!sealed) return undefined;
  const login = MetaLogin.parse(JSON.parse(vault.open(place, sealed)));
  return now.getTime() - Date.parse(login.at) < loginLivesMs ? login : undefined;
}

export const forgetLogin = (db: Kysely<Tables>, tenantId: TenantId): Promise<void> =>
  forgetSecrets(db, tenantId, ownerId);

/** Over all tenants: whose logins wait for a dataset to be chosen. */
export async function tenantsWithLogin(db: Kysely<Tables>): Promise<readonly TenantId[]> {
  const rows = await db
    .selectFrom("secret")
    .select("tenant_id")
    .where("owner_id", "=", ownerId)
    .where("kind", "=", "login")
    .execute();
  return rows.map(({ tenant_id }) => tenant_id as TenantId);
}

/** Forgets those that nobody chose a dataset with; a chore. */
export async function forgetOldLogins(db: Kysely<Tables>, now: Date): Promise<void> {
  await db
    .deleteFrom("secret")
    .where("owner_id", "=", ownerId)
    .where("kind", "=", "login")
    .where("updated_at", "<=", new Date(now.getTime() - loginLivesMs))
    .execute();
}
