import type { Kysely } from "kysely";
import type { ConnectionId, Dataset, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** The account is not read any more; mapping, ledger and history stay, for the day on which it is connected again. */
export async function markDisconnected(
  db: Kysely<Tables>,
  tenantId: TenantId,
  id: ConnectionId,
  now: Date,
): Promise<void> {
  await db
    .updateTable("connection")
    .set({ disconnected_at: now, scopes: [] })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .execute();
  // Nothing is wrong with it: nobody needs to be told, and nobody to look.
  await db
    .updateTable("lane")
    .set({ why: null })
    .where("tenant_id", "=", tenantId)
    .where("kind", "=", "read")
    .where("id", "=", id)
    .execute();
  // Keys to push with open nothing any more.
  await db
    .updateTable("ingest_key")
    .set({ ends_at: now })
    .where("tenant_id", "=", tenantId)
    .where("connection_id", "=", id)
    .where(({ eb, or }) => or([eb("ends_at", "is", null), eb("ends_at", ">", now)]))
    .execute();
}

export async function markDatasetDisconnected(
  db: Kysely<Tables>,
  { tenantId, id }: Pick<Dataset, "tenantId" | "id">,
  now: Date,
): Promise<void> {
  await db
    .updateTable("dataset")
    .set({ disconnected_at: now, access_ends_at: null, business_id: null })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .execute();
}

/** Events that wait for a dataset. */
export async function waitingFor(
  db: Kysely<Tables>,
  { tenantId, id }: Pick<Dataset, "tenantId" | "id">,
): Promise<number> {
  const lane = await db
    .selectFrom("lane")
    .select(["next_seq", "cursor_seq"])
    .where("tenant_id", "=", tenantId)
    .where("kind", "=", "send")
    .where("id", "=", id)
    .executeTakeFirst();
  return lane ? lane.next_seq - 1 - lane.cursor_seq : 0;
}

/** Where the grant of a connection lies from its disconnecting until its vendor has heard of it; nobody reads with it. */
export const leavingOf = ({ tenantId, id }: { readonly tenantId: TenantId; readonly id: ConnectionId }) => ({
  tenantId,
  ownerId: id,
  kind: "leaving",
});

export interface Leaving {
  readonly tenantId: TenantId;
  readonly id: ConnectionId;
  readonly disconnectedAt: Date;
}

/** Over all tenants: connections whose vendor has not heard yet that we are gone. */
export async function leavingConnections(db: Kysely<Tables>, limit: number): Promise<readonly Leaving[]> {
  const rows = await db
    .selectFrom("secret")
    .innerJoin("connection", (join) =>
      join.onRef("connection.tenant_id", "=", "secret.tenant_id").onRef("connection.id", "=", "secret.owner_id"),
    )
    .select(["secret.tenant_id", "secret.owner_id", "connection.disconnected_at"])
    .where("secret.kind", "=", "leaving")
    .orderBy("secret.updated_at")
    .orderBy("secret.tenant_id")
    .orderBy("secret.owner_id")
    .limit(limit)
    .execute();
  return rows.map(({ tenant_id, owner_id, disconnected_at }) => ({
    tenantId: tenant_id as TenantId,
    id: owner_id as ConnectionId,
    disconnectedAt: disconnected_at ?? new Date(0),
  }));
}

export async function forgetLeaving(db: Kysely<Tables>, { tenantId, id }: Pick<Leaving, "tenantId" | "id">) {
  await db
    .deleteFrom("secret")
    .where("tenant_id", "=", tenantId)
    .where("owner_id", "=", id)
    .where("kind", "=", "leaving")
    .execute();
}
