import type { Kysely, Selectable, Transaction } from "kysely";
import type { Connection, ConnectionId, DatasetId, TenantId } from "../../core/types.ts";
import { newId } from "./ids.ts";
import { openLane } from "./lanes.ts";
import type { ConnectionTable, Tables } from "./tables.ts";

export type NewConnection = Omit<Connection, "id" | "pausedReason">;

/**
 * The connection to this account, made with its lane (due now) where it is new. A connection that was there keeps its config,
 * dataset and position: connecting again continues.
 */
export async function addConnection(db: Kysely<Tables>, connection: NewConnection, now: Date): Promise<Connection> {
  const { tenantId, connector, accountId, name, config, datasetId, sendFrom } = connection;
  const { id } = await db
    .insertInto("connection")
    .values({
      tenant_id: tenantId,
      id: newId("con"),
      connector,
      account_id: accountId,
      name,
      config: JSON.stringify(config),
      dataset_id: datasetId ?? null,
      send_from: sendFrom ?? null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.columns(["tenant_id", "connector", "account_id"]).doUpdateSet({ name }))
    .returning("id")
    .executeTakeFirstOrThrow();
  await openLane(db, { tenantId, kind: "read", id }, now);
  const made = await findConnection(db, tenantId, id as ConnectionId);
  if (!made) throw new TypeError("a connection vanished while it was made");
  return made;
}

export async function findConnection(
  db: Kysely<Tables>,
  tenantId: TenantId,
  id: ConnectionId,
): Promise<Connection | undefined> {
  const row = await withLane(db)
    .where("connection.tenant_id", "=", tenantId)
    .where("connection.id", "=", id)
    .executeTakeFirst();
  return row && toConnection(row);
}

/** The connection as it is by now; nobody else changes it until the transaction ends. */
export async function lockConnection(
  trx: Transaction<Tables>,
  tenantId: TenantId,
  id: ConnectionId,
): Promise<Connection | undefined> {
  await trx
    .selectFrom("connection")
    .select("id")
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .forUpdate()
    .execute();
  return await findConnection(trx, tenantId, id);
}

export async function listConnections(db: Kysely<Tables>, tenantId: TenantId): Promise<readonly Connection[]> {
  const rows = await withLane(db)
    .where("connection.tenant_id", "=", tenantId)
    .orderBy("connection.created_at")
    .orderBy("connection.id")
    .execute();
  return rows.map(toConnection);
}

/** Whom a webhook concerns: nobody who has disconnected the account, or lost it to another workspace. This and `connectionOfId` are the only questions that are asked across tenants. */
export async function connectionsOfAccount(
  db: Kysely<Tables>,
  connector: string,
  accountId: string,
): Promise<readonly Connection[]> {
  const rows = await withLane(db)
    .where("connection.connector", "=", connector)
    .where("connection.account_id", "=", accountId)
    .where("connection.disconnected_at", "is", null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("claimed_account")
            .select("owner_id")
            .where("provider", "=", connector)
            .where("account_id", "=", accountId)
            .whereRef("tenant_id", "<>", "connection.tenant_id"),
        ),
      ),
    )
    .execute();
  return rows.map(toConnection);
}

/** Whom a push concerns, before its key has told whose it is. */
export async function connectionOfId(db: Kysely<Tables>, id: string): Promise<Connection | undefined> {
  const row = await withLane(db).where("connection.id", "=", id).executeTakeFirst();
  return row && toConnection(row);
}

/** Only what is named changes; `sendFrom: null` takes it off the air. */
export async function changeConnection(
  db: Kysely<Tables>,
  tenantId: TenantId,
  id: ConnectionId,
  change: { name?: string; accountId?: string; config?: unknown; datasetId?: DatasetId; sendFrom?: Date | null },
): Promise<void> {
  const { name, accountId, config, datasetId, sendFrom } = change;
  await db
    .updateTable("connection")
    .set({
      ...(name !== undefined && { name }),
      ...(accountId !== undefined && { account_id: accountId }),
      ...(config !== undefined && { config: JSON.stringify(config) }),
      ...(datasetId !== undefined && { dataset_id: datasetId }),
      ...(sendFrom !== undefined && { send_from: sendFrom }),
    })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .execute();
}

export const withLane = (db: Kysely<Tables>) =>
  db
    .selectFrom("connection")
    .leftJoin("lane", (join) =>
      join
        .onRef("lane.tenant_id", "=", "connection.tenant_id")
        .on("lane.kind", "=", "read")
        .onRef("lane.id", "=", "connection.id"),
    )
    .selectAll("connection")
    .select("lane.paused_reason");

export const toConnection = (
  row: Selectable<ConnectionTable> & { readonly paused_reason: string | null },
): Connection => ({
  tenantId: row.tenant_id as TenantId,
  id: row.id as ConnectionId,
  connector: row.connector,
  accountId: row.account_id,
  name: row.name,
  config: row.config,
  ...(row.dataset_id !== null && { datasetId: row.dataset_id as DatasetId }),
  ...(row.send_from !== null && { sendFrom: row.send_from }),
  ...(row.paused_reason !== null && { pausedReason: row.paused_reason }),
});
