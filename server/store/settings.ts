import type { Kysely, Selectable } from "kysely";
import { sql } from "kysely";
import type { Connection, ConnectionId, StageMapping, Tenant, TenantId } from "../../core/types.ts";
import { textArray } from "./array.ts";
import { toConnection } from "./connections.ts";
import { gather } from "./gather.ts";
import type { ConnectionTable, Tables } from "./tables.ts";
import { toTenant } from "./tenants.ts";

/** All that reading a connection goes by. */
export interface Settings {
  readonly connection: Connection;
  readonly tenant: Tenant;
  /** The newest; absent before it is mapped. */
  readonly mapping?: StageMapping;
}

export type FindSettings = (tenantId: TenantId, id: ConnectionId) => Promise<Settings | undefined>;

interface Asked {
  readonly tenantId: TenantId;
  readonly id: ConnectionId;
}
type Row = Selectable<ConnectionTable> & {
  readonly n: number;
  readonly paused_reason: string | null;
  readonly tenant: Parameters<typeof toTenant>[0];
  readonly mapping: StageMapping | null;
};

/** In one question for all who ask at the same moment, since it is asked at every poll. `offset 0`: as in sql/known.sql. */
export function settingsReader(db: Kysely<Tables>): FindSettings {
  const find = gather(async (asked: readonly Asked[]): Promise<readonly (Settings | undefined)[]> => {
    const { rows } = await sql<Row>`
      select a.n::int, c.*, l.paused_reason, to_jsonb(t) as tenant, m.body as mapping
      from unnest(${textArray(asked.map(({ tenantId }) => tenantId))}::text[],
        ${textArray(asked.map(({ id }) => id))}::text[]) with ordinality a (tenant_id, id, n)
      join lateral (select * from connection where tenant_id = a.tenant_id and id = a.id offset 0) c on true
      join lateral (select * from tenant where id = a.tenant_id offset 0) t on true
      left join lateral (
        select paused_reason from lane where tenant_id = a.tenant_id and kind = 'read' and id = a.id offset 0
      ) l on true
      left join lateral (
        select body from stage_mapping where tenant_id = a.tenant_id and connection_id = a.id order by version desc limit 1
      ) m on true`.execute(db);
    const found = new Map(rows.map((row) => [row.n, row]));
    return asked.map((_, n) => toSettings(found.get(n + 1)));
  });
  return (tenantId, id) => find({ tenantId, id });
}

function toSettings(row: Row | undefined): Settings | undefined {
  if (!row) return undefined;
  const { tenant, mapping } = row;
  return { connection: toConnection(row), tenant: toTenant(tenant), ...(mapping && { mapping }) };
}
