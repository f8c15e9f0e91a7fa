import type { Kysely } from "kysely";
import type { TenantId } from "../../core/types.ts";
import { requestPlace } from "./authorization-requests.ts";
import { installPlace } from "./installs.ts";
import type { Tables } from "./tables.ts";
import type { Sealed, SecretPlace } from "./vault.ts";

/** Something sealed, wherever it lies. */
export interface SealedRow {
  readonly place: SecretPlace;
  readonly sealed: Sealed;
  /** The same, sealed anew. False: it was changed or taken meanwhile, and nothing happened. */
  replace(sealed: Sealed): Promise<boolean>;
}

/** What is sealed with another key than `keyId`, in whichever table; at most `limit` of each. */
export async function sealedWithOthers(
  db: Kysely<Tables>,
  keyId: string,
  limit: number,
): Promise<readonly SealedRow[]> {
  const [secrets, requests, installs] = await Promise.all([
    db.selectFrom("secret").selectAll().where("key_id", "!=", keyId).limit(limit).execute(),
    db.selectFrom("authorization_request").selectAll().where("key_id", "!=", keyId).limit(limit).execute(),
    db.selectFrom("install").selectAll().where("key_id", "!=", keyId).limit(limit).execute(),
  ]);
  return [
    ...secrets.map((row) => ({
      place: { tenantId: row.tenant_id as TenantId, ownerId: row.owner_id, kind: row.kind },
      sealed: { keyId: row.key_id, ciphertext: row.ciphertext },
      // Its generation and its lease stay: whoever renews it right now has seen this very secret, and goes on.
      replace: async ({ keyId: key_id, ciphertext }: Sealed) =>
        one(
          await db
            .updateTable("secret")
            .set({ key_id, ciphertext })
            .where("tenant_id", "=", row.tenant_id)
            .where("owner_id", "=", row.owner_id)
            .where("kind", "=", row.kind)
            .where("generation", "=", row.generation)
            .where("key_id", "=", row.key_id)
            .executeTakeFirstOrThrow(),
        ),
    })),
    ...requests.map((row) => ({
      place: requestPlace(row.state_hash),
      sealed: { keyId: row.key_id, ciphertext: row.ciphertext },
      replace: async ({ keyId: key_id, ciphertext }: Sealed) =>
        one(
          await db
            .updateTable("authorization_request")
            .set({ key_id, ciphertext })
            .where("state_hash", "=", row.state_hash)
            .executeTakeFirstOrThrow(),
        ),
    })),
    ...installs.map((row) => ({
      place: installPlace(row.id),
      sealed: { keyId: row.key_id, ciphertext: row.ciphertext },
      replace: async ({ keyId: key_id, ciphertext }: Sealed) =>
        one(
          await db
            .updateTable("install")
            .set({ key_id, ciphertext })
            .where("id", "=", row.id)
            .where("ciphertext", "=", row.ciphertext)
            .executeTakeFirstOrThrow(),
        ),
    })),
  ];
}

const one = ({ numUpdatedRows }: { readonly numUpdatedRows: bigint }): boolean => numUpdatedRows === 1n;
