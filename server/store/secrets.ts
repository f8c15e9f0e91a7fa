import { type Kysely, sql } from "kysely";
import type { TenantId } from "../../core/types.ts";
import { textArray } from "./array.ts";
import { gather } from "./gather.ts";
import type { Tables } from "./tables.ts";
import type { Sealed, SecretPlace } from "./vault.ts";

export interface StoredSecret extends Sealed {
  /** Counts every change; whoever replaces the secret names the one it saw. */
  readonly generation: number;
}

export async function loadSecret(db: Kysely<Tables>, place: SecretPlace): Promise<StoredSecret | undefined> {
  const row = await db
    .selectFrom("secret")
    .select(["generation", "key_id", "ciphertext"])
    .where("tenant_id", "=", place.tenantId)
    .where("owner_id", "=", place.ownerId)
    .where("kind", "=", place.kind)
    .executeTakeFirst();
  return row && { generation: row.generation, keyId: row.key_id, ciphertext: row.ciphertext };
}

/** The same for all who ask at the same moment, in one question. `offset 0`: as in sql/known.sql. */
export function secretReader(db: Kysely<Tables>): (place: SecretPlace) => Promise<StoredSecret | undefined> {
  return gather(async (places: readonly SecretPlace[]) => {
    const { rows } = await sql<{ n: number; generation: number; key_id: string; ciphertext: Buffer }>`
      select a.n::int, s.generation, s.key_id, s.ciphertext
      from unnest(${textArray(places.map(({ tenantId }) => tenantId))}::text[],
        ${textArray(places.map(({ ownerId }) => ownerId))}::text[], ${textArray(places.map(({ kind }) => kind))}::text[])
        with ordinality a (tenant_id, owner_id, kind, n)
      join lateral (
        select * from secret where tenant_id = a.tenant_id and owner_id = a.owner_id and kind = a.kind offset 0
      ) s on true`.execute(db);
    const found = new Map(
      rows.map(({ n, generation, key_id: keyId, ciphertext }) => [n, { generation, keyId, ciphertext }]),
    );
    return places.map((_, n) => found.get(n + 1));
  });
}

/** When the secret that is there was saved; undefined: there is none. */
export async function secretSince(db: Kysely<Tables>, place: SecretPlace): Promise<Date | undefined> {
  const row = await db
    .selectFrom("secret")
    .select("updated_at")
    .where("tenant_id", "=", place.tenantId)
    .where("owner_id", "=", place.ownerId)
    .where("kind", "=", place.kind)
    .executeTakeFirst();
  return row?.updated_at;
}

/** Replaces generation `seen` (0: there was none) and ends its lease. False: somebody else has replaced it. */
export async function saveSecret(
  db: Kysely<Tables>,
  place: SecretPlace,
  { keyId, ciphertext }: Sealed,
  seen: number,
  now: Date,
): Promise<boolean> {
  const values = { generation: seen + 1, key_id: keyId, ciphertext, updated_at: now, lease_until: null };
  if (seen > 0) return (await at(db, place, seen).set(values).executeTakeFirstOrThrow()).numUpdatedRows === 1n;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("secret")
    .values({ tenant_id: place.tenantId, owner_id: place.ownerId, kind: place.kind, ...values })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** One refresh at a time: true for the one that may replace generation `seen` until then. */
export async function leaseSecret(
  db: Kysely<Tables>,
  place: SecretPlace,
  seen: number,
  now: Date,
  until: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await at(db, place, seen)
    .set({ lease_until: until })
    .where((where) => where.or([where("lease_until", "is", null), where("lease_until", "<=", now)]))
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** The refresh failed: the next may try. False: the secret was replaced, or the lease is another's by now. */
export async function releaseSecret(
  db: Kysely<Tables>,
  place: SecretPlace,
  seen: number,
  until: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await at(db, place, seen)
    .set({ lease_until: null })
    .where("lease_until", "=", until)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function forgetSecrets(db: Kysely<Tables>, tenantId: TenantId, ownerId: string): Promise<void> {
  await db.deleteFrom("secret").where("tenant_id", "=", tenantId).where("owner_id", "=", ownerId).execute();
}

const at = (db: Kysely<Tables>, { tenantId, ownerId, kind }: SecretPlace, generation: number) =>
  db
    .updateTable("secret")
    .where("tenant_id", "=", tenantId)
    .where("owner_id", "=", ownerId)
    .where("kind", "=", kind)
    .where("generation", "=", generation);
