import type { Kysely } from "kysely";
import type { PersonId, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";
import type { Sealed, SecretPlace } from "./vault.ts";

/** A consent page that somebody is on, for ten minutes at most. */
export interface AuthorizationRequest {
  /** SHA-256 (hex) of the state that the vendor brings back. */
  readonly stateHash: string;
  /** SHA-256 (hex) of the cookie of the browser that may come back with it. */
  readonly browserHash: string;
  readonly provider: string;
  readonly purpose: "install" | "sign_in" | "meta";
  /** Who was signed in when it began, and where. */
  readonly tenantId?: TenantId;
  readonly personId?: PersonId;
  readonly sealed: Sealed;
}

/** Longer than anybody reads a consent page. */
export const requestLivesMs = 10 * 60_000;

/** Where the sealed part of a request lies: nobody's workspace yet, so under its own name alone. */
export const requestPlace = (stateHash: string): SecretPlace => ({
  tenantId: "" as TenantId,
  ownerId: stateHash,
  kind: "authorization",
});

export async function addAuthorizationRequest(
  db: Kysely<Tables>,
  { stateHash, browserHash, provider, purpose, tenantId, personId, sealed }: AuthorizationRequest,
  now: Date,
): Promise<void> {
  await db
    .insertInto("authorization_request")
    .values({
      state_hash: stateHash,
      browser_hash: browserHash,
      provider,
      purpose,
      tenant_id: tenantId ?? null,
      person_id: personId ?? null,
      key_id: sealed.keyId,
      ciphertext: sealed.ciphertext,
      created_at: now,
    })
    .execute();
}

/** Takes it away, whatever comes of it: a state serves once. Undefined: never made, used, or too old. */
export async function takeAuthorizationRequest(
  db: Kysely<Tables>,
  stateHash: string,
  now: Date,
): Promise<AuthorizationRequest | undefined> {
  const row = await db
    .deleteFrom("authorization_request")
    .where("state_hash", "=", stateHash)
    .returningAll()
    .executeTakeFirst();
  if (!row || now.getTime() - row.created_at.getTime() > requestLivesMs) return undefined;
  return {
    stateHash,
    browserHash: row.browser_hash,
    provider: row.provider,
    purpose: row.purpose,
    ...(row.tenant_id !== null && { tenantId: row.tenant_id as TenantId }),
    ...(row.person_id !== null && { personId: row.person_id as PersonId }),
    sealed: { keyId: row.key_id, ciphertext: row.ciphertext },
  };
}

/** Forgets those that nobody came back with. */
export async function dropAuthorizationRequests(db: Kysely<Tables>, now: Date): Promise<void> {
  const before = new Date(now.getTime() - requestLivesMs);
  await db.deleteFrom("authorization_request").where("created_at", "<", before).execute();
}
