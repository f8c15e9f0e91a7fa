import type { Kysely } from "kysely";
import { recordKey } from "../../core/connector.ts";
import { erasedRecord, tombstone } from "../../core/erased.ts";
import type { ConnectionId, RecordRef, Tenant } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** Which of these records belong to people who were erased, by `recordKey`, and how the ledger calls each since then. */
export async function erasedAmong(
  db: Kysely<Tables>,
  tenant: Pick<Tenant, "id" | "eventKey">,
  connectionId: ConnectionId,
  records: readonly RecordRef[],
): Promise<ReadonlyMap<string, RecordRef>> {
  const byHash = new Map(records.map((record) => [tombstone(tenant, connectionId, record), record]));
  if (byHash.size === 0) return new Map();
  const rows = await db
    .selectFrom("erased")
    .select("record_hash")
    .where("tenant_id", "=", tenant.id)
    .where("connection_id", "=", connectionId)
    .where("record_hash", "in", [...byHash.keys()])
    .execute();
  return new Map(
    rows.flatMap(({ record_hash: hash }) => {
      const record = byHash.get(hash);
      return record ? [[recordKey(record), erasedRecord(hash)] as const] : [];
    }),
  );
}

/** From now on nothing of these records is kept under their own names, whoever brings them. */
export async function bury(
  db: Kysely<Tables>,
  tenant: Pick<Tenant, "id" | "eventKey">,
  connectionId: ConnectionId,
  records: readonly RecordRef[],
  now: Date,
): Promise<void> {
  const hashes = [...new Set(records.map((record) => tombstone(tenant, connectionId, record)))];
  if (hashes.length === 0) return;
  await db
    .insertInto("erased")
    .values(hashes.map((hash) => ({ at: now, tenant_id: tenant.id, connection_id: connectionId, record_hash: hash })))
    .onConflict((conflict) => conflict.columns(["tenant_id", "connection_id", "record_hash"]).doNothing())
    .execute();
}
