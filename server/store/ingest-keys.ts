import type { Kysely, Selectable } from "kysely";
import type { ConnectionId, PersonId, TenantId } from "../../core/types.ts";
import { newId } from "./ids.ts";
import type { Tables } from "./tables.ts";
import type { IngestKeyTable } from "./tables-people.ts";

/** A key as it is kept: what it opens, never the key itself. */
export interface IngestKey {
  readonly id: string;
  readonly name: string;
  /** SHA-256 (hex). */
  readonly hash: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly usedAt?: Date;
  readonly endsAt?: Date;
}
export interface KeysOf {
  readonly tenantId: TenantId;
  readonly id: ConnectionId;
}

/** Keys that ended so long ago are forgotten; the audit log goes on naming them. */
const keptMs = 90 * 86_400_000;

export async function addIngestKey(
  db: Kysely<Tables>,
  of: KeysOf,
  { name, hash, createdBy }: { readonly name: string; readonly hash: string; readonly createdBy: PersonId },
  now: Date,
): Promise<IngestKey> {
  const id = newId("key");
  const mine = { tenant_id: of.tenantId, connection_id: of.id, id };
  await db
    .insertInto("ingest_key")
    .values({ ...mine, name, key_hash: hash, created_by: createdBy, created_at: now })
    .execute();
  await db
    .deleteFrom("ingest_key")
    .where("tenant_id", "=", of.tenantId)
    .where("connection_id", "=", of.id)
    .where("ends_at", "<", new Date(now.getTime() - keptMs))
    .execute();
  return { id, name, hash, createdBy, createdAt: now };
}

/** The latest first. */
export async function listIngestKeys(db: Kysely<Tables>, { tenantId, id }: KeysOf): Promise<readonly IngestKey[]> {
  const rows = await db
    .selectFrom("ingest_key")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("connection_id", "=", id)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
  return rows.map(toKey);
}

/** What opens the connection at this moment. */
export async function liveIngestKeys(db: Kysely<Tables>, of: KeysOf, now: Date): Promise<readonly IngestKey[]> {
  return (await listIngestKeys(db, of)).filter((key) => isLive(key, now));
}

export const isLive = ({ endsAt }: IngestKey, now: Date): boolean => endsAt === undefined || endsAt > now;

/** Ends one key (`key`) or all of a connection, unless they end sooner anyway. */
export async function endIngestKeys(db: Kysely<Tables>, of: KeysOf, endsAt: Date, key?: string): Promise<void> {
  const ending = db
    .updateTable("ingest_key")
    .set({ ends_at: endsAt })
    .where("tenant_id", "=", of.tenantId)
    .where("connection_id", "=", of.id)
    .where(({ eb, or }) => or([eb("ends_at", "is", null), eb("ends_at", ">", endsAt)]));
  await (key === undefined ? ending : ending.where("id", "=", key)).execute();
}

export async function noteIngestKeyUsed(db: Kysely<Tables>, of: KeysOf, key: string, now: Date): Promise<void> {
  await db
    .updateTable("ingest_key")
    .set({ used_at: now })
    .where("tenant_id", "=", of.tenantId)
    .where("connection_id", "=", of.id)
    .where("id", "=", key)
    .execute();
}

const toKey = (row: Selectable<IngestKeyTable>): IngestKey => ({
  id: row.id,
  name: row.name,
  hash: row.key_hash,
  createdBy: row.created_by,
  createdAt: row.created_at,
  ...(row.used_at && { usedAt: row.used_at }),
  ...(row.ends_at && { endsAt: row.ends_at }),
});
