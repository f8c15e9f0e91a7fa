import type { Kysely, Selectable } from "kysely";
import { z } from "zod";
import type { PersonId, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";
import type { InstallTable } from "./tables-people.ts";
import type { Sealed, SecretPlace } from "./vault.ts";

/** What is shown of an account before anybody has confirmed it. Names and scopes; no secret. */
export const About = z.strictObject({
  accountName: z.string(),
  /** A test account of the vendor. */
  sandbox: z.boolean(),
  /** As granted, not as asked for. */
  scopes: z.array(z.string()),
  personName: z.string().optional(),
  /** Where the vendor's marketplace wants the browser back. */
  returnUrl: z.string().optional(),
  /** Which page of the console was left for this. */
  returnTo: z.string().optional(),
  /** Origin of the place of sign-in: where the grant can be revoked. */
  origin: z.string(),
});
export type About = z.infer<typeof About>;

/** An account that let us in and that nobody has confirmed yet. */
export interface Install {
  readonly id: string;
  readonly browserHash: string;
  readonly provider: string;
  readonly accountId: string;
  /** Whose consent it was. */
  readonly personId: PersonId;
  /** The workspace that was open when it was asked for. */
  readonly tenantId?: TenantId;
  /** The consent was asked for by us, from this browser. */
  readonly asked: boolean;
  readonly about: About;
  /** The grant. */
  readonly sealed: Sealed;
  readonly createdAt: Date;
}

/** What nobody confirmed is revoked and forgotten after a day. */
export const installLivesMs = 24 * 3_600_000;

/** Where the grant of an install lies: nobody's workspace yet, so under its own name alone. */
export const installPlace = (id: string): SecretPlace => ({
  tenantId: "" as TenantId,
  ownerId: id,
  kind: "install",
});

export async function addInstall(db: Kysely<Tables>, install: Install): Promise<void> {
  await db
    .insertInto("install")
    .values({
      id: install.id,
      browser_hash: install.browserHash,
      provider: install.provider,
      account_id: install.accountId,
      person_id: install.personId,
      tenant_id: install.tenantId ?? null,
      asked: install.asked,
      about: JSON.stringify(install.about),
      key_id: install.sealed.keyId,
      ciphertext: install.sealed.ciphertext,
      created_at: install.createdAt,
    })
    .execute();
}

/** Those that this browser brought, the latest first. */
export async function installsOfBrowser(
  db: Kysely<Tables>,
  browserHash: string,
  now: Date,
): Promise<readonly Install[]> {
  const rows = await db
    .selectFrom("install")
    .selectAll()
    .where("browser_hash", "=", browserHash)
    .where("created_at", ">", new Date(now.getTime() - installLivesMs))
    .orderBy("created_at", "desc")
    .orderBy("id")
    .execute();
  return rows.map(toInstall);
}

/** Takes it out for good: whoever gets it decides what becomes of its grant. Undefined: another one was faster. */
export async function takeInstall(db: Kysely<Tables>, id: string): Promise<Install | undefined> {
  const row = await db.deleteFrom("install").where("id", "=", id).returningAll().executeTakeFirst();
  return row && toInstall(row);
}

/** Those that nobody confirmed in time. */
export async function oldInstalls(db: Kysely<Tables>, now: Date, limit: number): Promise<readonly Install[]> {
  const rows = await db
    .selectFrom("install")
    .selectAll()
    .where("created_at", "<=", new Date(now.getTime() - installLivesMs))
    .orderBy("created_at")
    .limit(limit)
    .execute();
  return rows.map(toInstall);
}

const toInstall = (row: Selectable<InstallTable>): Install => ({
  id: row.id,
  browserHash: row.browser_hash,
  provider: row.provider,
  accountId: row.account_id,
  personId: row.person_id as PersonId,
  ...(row.tenant_id !== null && { tenantId: row.tenant_id as TenantId }),
  asked: row.asked,
  about: About.parse(row.about),
  sealed: { keyId: row.key_id, ciphertext: row.ciphertext },
  createdAt: row.created_at,
});
