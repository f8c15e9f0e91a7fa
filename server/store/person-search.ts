import { type Kysely, sql } from "kysely";
import type { ConnectionId, RecordRef, TenantId } from "../../core/types.ts";
import { recordOf } from "./deliveries.ts";
import type { Tables } from "./tables.ts";

/** A record that names a person, and the account it is of. */
export interface Found {
  readonly connectionId: ConnectionId;
  readonly record: RecordRef;
}

/** Events looked at by one statement. */
const page = 5_000;

/**
 * Records in whose events, or pushes not read yet, one of these texts stands: hashes in their quotes, lead ids. Events tell of
 * people for as long as core/privacy.ts keeps payloads. Every event of the tenant is looked at, page by page along each log.
 */
export async function recordsNaming(
  db: Kysely<Tables>,
  tenantId: TenantId,
  texts: readonly string[],
  connectionId?: ConnectionId,
): Promise<readonly Found[]> {
  if (texts.length === 0) return [];
  const found = new Map<string, Found>();
  const add = (connection: ConnectionId, key: string): void => {
    if (key.startsWith("erased:") || (connectionId !== undefined && connection !== connectionId)) return;
    found.set(`${connection} ${key}`, { connectionId: connection, record: recordOf(key) });
  };
  const datasets = await db.selectFrom("dataset").select("id").where("tenant_id", "=", tenantId).execute();
  for (const { id } of datasets)
    for await (const rows of eventsNaming(db, tenantId, id, texts))
      for (const { connection_id, record } of rows) add(connection_id, record);
  const pushed = await sql<{ connection_id: ConnectionId; object: string; record_id: string }>`
    select distinct connection_id, object, record_id from inbox
    where tenant_id = ${tenantId} and body is not null and ${naming(sql.ref("body"), texts)}`.execute(db);
  for (const { connection_id, object, record_id } of pushed.rows) add(connection_id, `${object}:${record_id}`);
  return [...found.values()];
}

async function* eventsNaming(
  db: Kysely<Tables>,
  tenantId: TenantId,
  datasetId: string,
  texts: readonly string[],
): AsyncIterable<readonly { readonly connection_id: ConnectionId; readonly record: string }[]> {
  for (let after = 0; ; ) {
    const { rows } = await sql<{ seq: number; connection_id: ConnectionId | null; record: string | null }>`
      with log as materialized (
        select seq, connection_id, record, payload from outbox
        where tenant_id = ${tenantId} and dataset_id = ${datasetId} and seq > ${after}
        order by seq limit ${page}
      )
      select seq, connection_id, record from log where ${naming(sql.ref("payload"), texts)}
      union all
      select max(seq), null, null from log having count(*) = ${page}`.execute(db);
    yield rows.flatMap(({ connection_id, record }) => (connection_id && record ? [{ connection_id, record }] : []));
    const last = rows.find(({ connection_id }) => connection_id === null);
    if (!last) return;
    after = last.seq;
  }
}

const naming = (column: ReturnType<typeof sql.ref>, texts: readonly string[]) =>
  sql`exists (select from unnest(${[...texts]}::text[]) wanted (text) where position(wanted.text in ${column}) > 0)`;

/** What is held of records: entries of the ledger, events by how they stand, and pushes. */
export interface Held {
  readonly entries: number;
  readonly sent: number;
  readonly waiting: number;
  readonly givenUp: number;
  readonly pushes: number;
}

export async function heldOf(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  records: readonly RecordRef[],
): Promise<Held> {
  const keys = records.map(({ object, id }) => `${object}:${id}`);
  const { rows } = await sql<Held>`
    select count(*)::int as entries,
      (count(*) filter (where s.outcome = 'event' and d.seq is null and s.seq <= l.cursor_seq))::int as sent,
      (count(*) filter (where s.outcome = 'event' and d.seq is null and s.seq > l.cursor_seq))::int as waiting,
      (count(*) filter (where s.outcome = 'event' and d.seq is not null))::int as "givenUp",
      (select count(*)::int from inbox where tenant_id = ${tenantId} and connection_id = ${connectionId}
        and object || ':' || record_id = any(${keys})) as pushes
    from record_stage s
    left join lane l on l.tenant_id = s.tenant_id and l.kind = 'send' and l.id = s.dataset_id
    left join dead_event d on d.tenant_id = s.tenant_id and d.dataset_id = s.dataset_id and d.seq = s.seq
    where s.tenant_id = ${tenantId} and s.connection_id = ${connectionId} and s.record = any(${keys})`.execute(db);
  return rows[0] ?? { entries: 0, sent: 0, waiting: 0, givenUp: 0, pushes: 0 };
}

/** The texts by which the events of a record name its person to others: what Meta calls `lead_id` and `em`. */
export async function namesIn(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  record: RecordRef,
): Promise<readonly string[]> {
  const { rows } = await sql<{ payload: string }>`
    select o.payload from record_stage s
    join outbox o on o.tenant_id = s.tenant_id and o.dataset_id = s.dataset_id and o.seq = s.seq
    where s.tenant_id = ${tenantId} and s.connection_id = ${connectionId}
      and s.record = ${`${record.object}:${record.id}`} and s.outcome = 'event'`.execute(db);
  return [
    ...new Set(
      rows.flatMap(({ payload }) => [
        ...(/"lead_id":\d+[,}]/.exec(payload) ?? []),
        ...(/"em":\[([^\]]*)\]/.exec(payload)?.[1]?.split(",") ?? []),
      ]),
    ),
  ];
}
