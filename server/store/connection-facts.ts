import { type Kysely, sql } from "kysely";
import type { ConnectionId, DatasetId, PersonId, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** What is known of an account beside how it fares. */
export interface ConnectionFacts {
  readonly id: ConnectionId;
  readonly connector: string;
  readonly name: string;
  readonly accountId: string;
  /** As granted, not as asked for; empty where the access was given without telling. */
  readonly scopes: readonly string[];
  readonly sandbox: boolean;
  readonly since: Date;
  readonly grantedBy: PersonId | null;
  readonly disconnectedAt: Date | null;
  readonly liveSince: Date | null;
  readonly dataset: DatasetId | null;
  readonly pausedReason: string | null;
}

export async function connectionFacts(db: Kysely<Tables>, tenantId: TenantId): Promise<readonly ConnectionFacts[]> {
  const { rows } = await sql<ConnectionFacts>`
    select c.id, c.connector, c.name, c.account_id as "accountId", c.scopes, c.sandbox, c.created_at as since,
      c.connected_by as "grantedBy", c.disconnected_at as "disconnectedAt", c.send_from as "liveSince",
      c.dataset_id as dataset, l.paused_reason as "pausedReason"
    from connection c left join lane l on l.tenant_id = c.tenant_id and l.kind = 'read' and l.id = c.id
    where c.tenant_id = ${tenantId} order by c.created_at, c.id`.execute(db);
  return rows;
}

/** When each dataset was connected first, and what it stands still for. */
export async function datasetTimes(
  db: Kysely<Tables>,
  tenantId: TenantId,
): Promise<ReadonlyMap<DatasetId, { readonly since: Date; readonly pausedReason: string | null }>> {
  const { rows } = await sql<{ id: DatasetId; since: Date; pausedReason: string | null }>`
    select d.id, d.created_at as since, l.paused_reason as "pausedReason"
    from dataset d left join lane l on l.tenant_id = d.tenant_id and l.kind = 'send' and l.id = d.id
    where d.tenant_id = ${tenantId}`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Who paused each connection and dataset last, and when: as the audit log has it. */
export async function lastPauses(
  db: Kysely<Tables>,
  tenantId: TenantId,
): Promise<ReadonlyMap<string, { readonly at: Date; readonly who: string }>> {
  const { rows } = await sql<{ about: string; at: Date; who: string }>`
    select distinct on (about ->> 'id') about ->> 'id' as about, at, who from audit
    where tenant_id = ${tenantId} and what in ('connection.paused', 'dataset.paused')
    order by about ->> 'id', at desc, id desc`.execute(db);
  return new Map(rows.map(({ about, at, who }) => [about, { at, who }]));
}
