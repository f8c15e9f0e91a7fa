import { type Kysely, sql } from "kysely";
import type { Connection, ConnectionId, StageMapping, Tenant, TenantId } from "../../core/types.ts";
import { toConnection, withLane } from "./connections.ts";
import type { Tables } from "./tables.ts";
import { toTenant } from "./tenants.ts";

/** All that reading a connection goes by. */
export interface Settings {
  readonly connection: Connection;
  readonly tenant: Tenant;
  /** The newest; absent before it is mapped. */
  readonly mapping?: StageMapping;
}

/** In one question, since it is asked at every poll. */
export async function findSettings(
  db: Kysely<Tables>,
  tenantId: TenantId,
  id: ConnectionId,
): Promise<Settings | undefined> {
  const row = await withLane(db)
    .innerJoin("tenant", "tenant.id", "connection.tenant_id")
    .select([
      sql<Parameters<typeof toTenant>[0]>`to_jsonb(tenant)`.as("tenant"),
      sql<StageMapping | null>`(select body from stage_mapping m
        where m.tenant_id = connection.tenant_id and m.connection_id = connection.id
        order by m.version desc limit 1)`.as("mapping"),
    ])
    .where("connection.tenant_id", "=", tenantId)
    .where("connection.id", "=", id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { tenant, mapping, ...connection } = row;
  return { connection: toConnection(connection), tenant: toTenant(tenant), ...(mapping && { mapping }) };
}
