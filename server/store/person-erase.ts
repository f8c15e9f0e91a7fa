import { type Kysely, sql, type Transaction } from "kysely";
import { recordKey } from "../../core/connector.ts";
import { erasedRecord, tombstone } from "../../core/erased.ts";
import type { ConnectionId, RecordRef, Tenant, TenantId } from "../../core/types.ts";
import { bury } from "./erased.ts";
import { type Held, heldOf } from "./person-search.ts";
import type { Tables } from "./tables.ts";

/**
 * Erases the people behind these records of one connection, in one transaction: events that wait are given up, events that left
 * lose their person, pushes and Meta's words are cleared, and the ledger goes on under names that say nothing. What remains is
 * counts, stages and times.
 *
 * @returns what there was
 */
export async function eraseRecords(
  db: Kysely<Tables>,
  tenant: Pick<Tenant, "id" | "eventKey">,
  connectionId: ConnectionId,
  records: readonly RecordRef[],
  now: Date,
): Promise<Held> {
  const names = records.map((record) => ({
    ...record,
    key: recordKey(record),
    hash: erasedRecord(tombstone(tenant, connectionId, record)).id,
  }));
  return await db.transaction().execute(async (trx) => {
    await bury(trx, tenant, connectionId, records, now);
    await interrupt(trx, tenant.id, connectionId, now);
    const turns = await turnsOf(trx, tenant.id, connectionId, names);
    const held = await heldOf(trx, tenant.id, connectionId, records);
    for (const [datasetId, of] of Map.groupBy(turns, (turn) => turn.datasetId)) {
      const seqs = of.map(({ seq }) => seq);
      await giveUp(trx, tenant.id, datasetId, seqs, now);
      await blank(trx, tenant.id, datasetId, seqs, names);
      await forgetWords(trx, tenant.id, datasetId, seqs);
    }
    await rename(trx, tenant.id, connectionId, names);
    return held;
  });
}

interface Name extends RecordRef {
  readonly key: string;
  readonly hash: string;
}
type Trx = Transaction<Tables>;

/** A reader that has looked the person up already loses its turn, and reads once more. */
async function interrupt(trx: Trx, tenantId: TenantId, connectionId: ConnectionId, now: Date): Promise<void> {
  await sql`
    update lane set lease_until = null, lease_token = lease_token + 1,
      due_at = case when paused_reason is null then ${now}::timestamptz end
    where tenant_id = ${tenantId} and kind = 'read' and id = ${connectionId}`.execute(trx);
}

/** Every number that their events have had. The lanes stand still from here on, so that what waits is known. */
async function turnsOf(
  trx: Trx,
  tenantId: TenantId,
  connectionId: ConnectionId,
  names: readonly Name[],
): Promise<readonly { readonly datasetId: string; readonly seq: number }[]> {
  const keys = names.map(({ key }) => key);
  await sql`
    select id from lane where tenant_id = ${tenantId} and kind = 'send' and id in (
      select dataset_id from record_stage
      where tenant_id = ${tenantId} and connection_id = ${connectionId} and record = any(${keys}) and outcome = 'event')
    order by id for update`.execute(trx);
  const { rows } = await sql<{ datasetId: string; seq: number }>`
    with recursive turn as (
      select o.dataset_id, o.seq, o.again_of from record_stage s
      join outbox o on o.tenant_id = s.tenant_id and o.dataset_id = s.dataset_id and o.seq = s.seq
      where s.tenant_id = ${tenantId} and s.connection_id = ${connectionId} and s.record = any(${keys})
        and s.outcome = 'event'
      union all
      select o.dataset_id, o.seq, o.again_of from turn t
      join outbox o on o.tenant_id = ${tenantId} and o.dataset_id = t.dataset_id and o.seq = t.again_of
    )
    select dataset_id as "datasetId", seq from turn`.execute(trx);
  return rows;
}

/** Those that wait; the sender passes over what names nobody. */
async function giveUp(trx: Trx, tenantId: TenantId, datasetId: string, seqs: readonly number[], now: Date) {
  await sql`
    insert into dead_event (tenant_id, dataset_id, at, seq, reason)
    select ${tenantId}, ${datasetId}, ${now}::timestamptz, e.seq, 'erased'
    from unnest(${[...seqs]}::bigint[]) e (seq)
    where e.seq > (select cursor_seq from lane where tenant_id = ${tenantId} and kind = 'send' and id = ${datasetId})
    on conflict (tenant_id, dataset_id, seq) do nothing`.execute(trx);
}

async function blank(
  trx: Trx,
  tenantId: TenantId,
  datasetId: string,
  seqs: readonly number[],
  names: readonly Name[],
): Promise<void> {
  await sql`
    update outbox o set record = 'erased:' || n.hash,
      payload = regexp_replace(o.payload, '"user_data":[{][^}]*[}]', '"user_data":{}')
    from unnest(${names.map(({ key }) => key)}::text[], ${names.map(({ hash }) => hash)}::text[]) n (key, hash)
    where o.tenant_id = ${tenantId} and o.dataset_id = ${datasetId} and o.seq = any(${[...seqs]}::bigint[])
      and o.record = n.key`.execute(trx);
}

/** Meta's words may repeat what was sent. */
async function forgetWords(trx: Trx, tenantId: TenantId, datasetId: string, seqs: readonly number[]): Promise<void> {
  const { numAffectedRows = 0n } = await sql`
    update dead_event set words = null
    where tenant_id = ${tenantId} and dataset_id = ${datasetId} and seq = any(${[...seqs]}::bigint[])
      and words is not null`.execute(trx);
  await sql`
    update dispatch p set words = null
    where tenant_id = ${tenantId} and dataset_id = ${datasetId} and words is not null
      and exists (select from unnest(${[...seqs]}::bigint[]) e (seq) where e.seq between p.seq_from and p.seq_to)`.execute(
    trx,
  );
  if (numAffectedRows === 0n) return;
  await sql`
    update problem set details = details - 'words' where tenant_id = ${tenantId} and about = ${datasetId}`.execute(trx);
}

async function rename(trx: Trx, tenantId: TenantId, connectionId: ConnectionId, names: readonly Name[]): Promise<void> {
  const known = sql`unnest(${names.map(({ object }) => object)}::text[], ${names.map(({ id }) => id)}::text[],
    ${names.map(({ key }) => key)}::text[], ${names.map(({ hash }) => hash)}::text[]) n (object, id, key, hash)`;
  await sql`
    update record_stage s set record = 'erased:' || n.hash from ${known}
    where s.tenant_id = ${tenantId} and s.connection_id = ${connectionId} and s.record = n.key`.execute(trx);
  await sql`
    update inbox i set body = null, object = 'erased', record_id = n.hash from ${known}
    where i.tenant_id = ${tenantId} and i.connection_id = ${connectionId} and i.object = n.object
      and i.record_id = n.id`.execute(trx);
  await sql`
    delete from ring r using ${known}
    where r.tenant_id = ${tenantId} and r.connection_id = ${connectionId} and r.object = n.object
      and r.record_id = n.id`.execute(trx);
}
