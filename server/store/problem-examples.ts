import { type Kysely, sql } from "kysely";
import { limits } from "../../core/meta/limits.ts";
import type { ConnectionId, DatasetId, TenantId } from "../../core/types.ts";
import type { RefusalCause } from "./refused.ts";
import type { Tables } from "./tables.ts";

/** An event that a problem is about. */
export interface Example {
  readonly datasetId: DatasetId;
  readonly seq: number;
  readonly connectionId: ConnectionId;
  /** `deal:9911` */
  readonly record: string;
  readonly eventTime: Date;
  readonly payload: string;
  /** Meta's own. */
  readonly words: string | null;
}

const shown = 5;
const dayMs = 86_400_000;

/** The latest that were refused for this cause and not sent again. */
export async function refusedExamples(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { datasetId, reason, code, subcode }: RefusalCause,
  now: Date,
): Promise<readonly Example[]> {
  const since = new Date(now.getTime() - limits.maxAgeMs);
  const { rows } = await sql<Example>`
    select ${datasetId}::text as "datasetId", d.seq, o.connection_id as "connectionId", o.record,
      o.event_time as "eventTime", o.payload, d.words
    from (
      select seq, words from dead_event
      where tenant_id = ${tenantId} and dataset_id = ${datasetId} and at >= ${since}::timestamptz
        and reason = ${reason} and code is not distinct from ${code}::int
        and subcode is not distinct from ${subcode}::int and again_seq is null
      order by seq desc limit ${shown}
    ) d
    join lateral (
      select connection_id, record, event_time, payload from outbox
      where tenant_id = ${tenantId} and dataset_id = ${datasetId} and seq = d.seq
        and created_at >= ${new Date(since.getTime() - dayMs)}::timestamptz
      offset 0
    ) o on true
    order by d.seq desc`.execute(db);
  return rows;
}

/** The first that wait for the dataset. */
export async function waitingExamples(
  db: Kysely<Tables>,
  tenantId: TenantId,
  datasetId: DatasetId,
): Promise<readonly Example[]> {
  const { rows } = await sql<Example>`
    select o.dataset_id as "datasetId", o.seq, o.connection_id as "connectionId", o.record, o.event_time as "eventTime",
      o.payload, null as words
    from lane l
    join outbox o on o.tenant_id = l.tenant_id and o.dataset_id = l.id and o.seq > l.cursor_seq
      and o.created_at >= l.waiting_since
    where l.tenant_id = ${tenantId} and l.kind = 'send' and l.id = ${datasetId}
    order by o.seq limit ${shown}`.execute(db);
  return rows;
}

/** How long Meta took for a request of this dataset lately. */
export async function requestMs(
  db: Kysely<Tables>,
  tenantId: TenantId,
  datasetId: DatasetId,
): Promise<number | undefined> {
  const { rows } = await sql<{ ms: number | null }>`
    select avg(took_ms)::float8 as ms from (
      select took_ms from dispatch
      where tenant_id = ${tenantId} and dataset_id = ${datasetId} and verdict = 'accepted'
      order by sent_at desc limit 20) latest`.execute(db);
  return rows[0]?.ms ?? undefined;
}

/** Which of these connections and datasets stand still until somebody resumes them, and for what. */
export async function standingStill(
  db: Kysely<Tables>,
  tenantId: TenantId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("lane")
    .select(["id", "paused_reason"])
    .where("tenant_id", "=", tenantId)
    .where("id", "in", ids)
    .where("paused_reason", "is not", null)
    .execute();
  return new Map(rows.map(({ id, paused_reason }) => [id, paused_reason ?? ""]));
}
