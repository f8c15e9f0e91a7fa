import { type Kysely, sql } from "kysely";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** A grant that nobody has renewed for long. */
export interface QuietGrant {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly connector: string;
}

/**
 * Grants not renewed since `before`, from the one after `after` on; those that are known to be dead, or were let go, are left
 * out.
 */
export async function quietGrants(
  db: Kysely<Tables>,
  { before, after, limit }: { readonly before: Date; readonly after?: QuietGrant | undefined; readonly limit: number },
): Promise<readonly QuietGrant[]> {
  const rows = await db
    .selectFrom("secret")
    .innerJoin("connection", (join) =>
      join.onRef("connection.tenant_id", "=", "secret.tenant_id").onRef("connection.id", "=", "secret.owner_id"),
    )
    .leftJoin("lane", (join) =>
      join
        .onRef("lane.tenant_id", "=", "secret.tenant_id")
        .on("lane.kind", "=", "read")
        .onRef("lane.id", "=", "secret.owner_id"),
    )
    .select(["secret.tenant_id", "connection.id", "connection.connector"])
    .where("secret.kind", "=", "grant")
    .where("secret.updated_at", "<=", before)
    .where(sql<boolean>`(secret.tenant_id, secret.owner_id) > (${after?.tenantId ?? ""}, ${after?.connectionId ?? ""})`)
    .where("connection.disconnected_at", "is", null)
    .where((where) =>
      where.or([where("lane.paused_reason", "is", null), where("lane.paused_reason", "!=", "crm_disconnected")]),
    )
    .orderBy("secret.tenant_id")
    .orderBy("secret.owner_id")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    tenantId: row.tenant_id as TenantId,
    connectionId: row.id as ConnectionId,
    connector: row.connector,
  }));
}
