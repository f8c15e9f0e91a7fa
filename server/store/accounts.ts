import { type Kysely, sql } from "kysely";
import type { ConnectionId, DatasetId, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** A connected account, as far as setting it up goes. */
export interface AccountState {
  readonly id: ConnectionId;
  readonly connector: string;
  readonly name: string;
  readonly sandbox: boolean;
  readonly datasetId: DatasetId | null;
  readonly sendFrom: Date | null;
  readonly pausedReason: string | null;
  readonly why: string | null;
  readonly lastReadAt: Date | null;
  readonly lastChangeAt: Date | null;
  /** Its first reading is not through, or it is read anew. */
  readonly firstReading: boolean;
  /** Stage entries read so far. */
  readonly read: number;
}

/** The accounts of a tenant that are connected, the first one first. An in-house CRM counts once it has pushed something. */
export async function accountStates(db: Kysely<Tables>, tenantId: TenantId): Promise<readonly AccountState[]> {
  const { rows } = await sql<AccountState>`
    select c.id, c.connector, c.name, c.sandbox, c.dataset_id as "datasetId", c.send_from as "sendFrom",
      l.paused_reason as "pausedReason", l.why, p.updated_at as "lastReadAt", l.moved_at as "lastChangeAt",
      coalesce(p.body::jsonb ->> 'phase', 'baseline') = 'baseline' as "firstReading",
      (select coalesce(sum(n), 0)::bigint from tally t where t.tenant_id = c.tenant_id and t.connection_id = c.id
        and t.outcome not like 'dropped:%') as read
    from connection c join lane l on l.tenant_id = c.tenant_id and l.kind = 'read' and l.id = c.id
    left join checkpoint p on p.tenant_id = c.tenant_id and p.connection_id = c.id
    where c.tenant_id = ${tenantId} and (c.connector <> 'http' or l.moved_at is not null)
    order by c.created_at, c.id`.execute(db);
  return rows;
}

/**
 * When Meta first accepted an event of this connection, of those requests that left within a week of the instant: who is live
 * for longer is told the latest instead. Undefined: none yet.
 */
export async function firstAcceptedAt(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { id, datasetId }: { readonly id: ConnectionId; readonly datasetId: DatasetId },
  since: Date,
): Promise<Date | undefined> {
  const until = new Date(since.getTime() + 7 * 86_400_000);
  const { rows } = await sql<{ at: Date }>`
    select p.sent_at as at from dispatch p
    where p.tenant_id = ${tenantId} and p.dataset_id = ${datasetId} and p.verdict = 'accepted'
      and p.sent_at >= ${since}::timestamptz and p.sent_at < ${until}::timestamptz
      and exists (
        select 1 from outbox o
        where o.tenant_id = p.tenant_id and o.dataset_id = p.dataset_id and o.seq between p.seq_from and p.seq_to
          and o.connection_id = ${id} and o.created_at >= ${since}::timestamptz
      )
    order by p.sent_at limit 1`.execute(db);
  return rows[0]?.at;
}
