import { type Kysely, sql } from "kysely";
import { limits } from "../../core/meta/limits.ts";
import {
  type AccessEnding,
  type Drift,
  type Evidence,
  endingSoonMs,
  type LaneEvidence,
  patienceMs,
  type RefusedGroup,
} from "../../core/open-problems.ts";
import type { TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";
import { unmappedEntries } from "./unmapped.ts";

const dayMs = 86_400_000;
/** Events younger than this at `now` can still be sent. */
const sendableFrom = (now: Date): Date => new Date(now.getTime() - limits.maxAgeMs + limits.ageMarginMs);
const ago = (now: Date, ms: number): Date => new Date(now.getTime() - ms);

/**
 * The tenants that there is something to look at, by indexes that hold troubled rows only: a quiet tenant costs nothing.
 * Asked across tenants, as the claiming of lanes is.
 */
export async function troubledTenants(db: Kysely<Tables>, now: Date): Promise<readonly TenantId[]> {
  const { rows } = await sql<{ id: TenantId }>`
    select tenant_id as id from lane where why is not null and kind in ('read', 'send')
    union
    select tenant_id from lane where kind = 'send' and due_at is not null and next_seq > cursor_seq + 1
      and waiting_since <= ${ago(now, patienceMs)}::timestamptz
    union
    select tenant_id from problem where closed_at is null
    union
    select tenant_id from dead_event where again_seq is null and at >= ${ago(now, limits.maxAgeMs)}::timestamptz
    union
    select tenant_id from dataset where access_ends_at <= ${ago(now, -endingSoonMs)}::timestamptz
      and disconnected_at is null
    union
    select tenant_id from reconciliation where missed_at >= ${ago(now, 2 * dayMs)}::timestamptz
    union
    select tenant_id from tally where outcome = 'stage_not_mapped' and n > 0
      and day >= ${ago(now, limits.maxAgeMs).toISOString().slice(0, 10)}::date
    order by id`.execute(db);
  return rows.map(({ id }) => id);
}

/** How the tenant stands. */
export async function evidenceOf(db: Kysely<Tables>, tenantId: TenantId, now: Date): Promise<Evidence> {
  return {
    lanes: [...(await senders(db, tenantId, now)), ...(await readers(db, tenantId))],
    refused: await refusedGroups(db, tenantId, now),
    drifts: await drifts(db, tenantId, now),
    endings: await endings(db, tenantId, now),
    unmapped: await unmappedEntries(db, tenantId, ago(now, limits.maxAgeMs)),
  };
}

/** Send lanes that are stopped or wait, and those whose first event has been there for longer than sending takes. */
async function senders(db: Kysely<Tables>, tenantId: TenantId, now: Date): Promise<readonly LaneEvidence[]> {
  const soon = new Date(sendableFrom(now).getTime() + dayMs);
  const { rows } = await sql<Row>`
    select 'send' as kind, l.id, d.name, null as connector, l.paused_reason as "pausedReason", l.why,
      l.next_seq - 1 - l.cursor_seq as waiting, greatest(l.moved_at, w.kept_at, d.created_at) as since,
      w.oldest as "oldestEventAt", w.expiring
    from lane l join dataset d on d.tenant_id = l.tenant_id and d.id = l.id
    cross join lateral (
      select min(o.event_time) as oldest, min(o.created_at) as kept_at,
        count(*) filter (where o.event_time < ${soon}::timestamptz) as expiring
      from outbox o
      where o.tenant_id = l.tenant_id and o.dataset_id = l.id and o.seq > l.cursor_seq
        and o.created_at >= l.waiting_since
    ) w
    where l.tenant_id = ${tenantId} and l.kind = 'send' and (d.disconnected_at is null or l.next_seq - 1 > l.cursor_seq)
      and (l.why is not null or l.paused_reason is not null
      or l.waiting_since <= ${ago(now, patienceMs)}::timestamptz)
    order by l.id`.execute(db);
  return rows.map(toLane);
}

/** Read lanes that are stopped or wait. What was pushed to us counts from when it came, all else from the last reading. */
async function readers(db: Kysely<Tables>, tenantId: TenantId): Promise<readonly LaneEvidence[]> {
  const { rows } = await sql<Row>`
    select 'read' as kind, l.id, c.name, c.connector, l.paused_reason as "pausedReason", l.why,
      l.next_seq - 1 - l.cursor_seq as waiting, null as "oldestEventAt", 0::bigint as expiring,
      greatest(p.updated_at, c.created_at, (select min(received_at) from inbox i
        where i.tenant_id = l.tenant_id and i.connection_id = l.id and i.body is not null)) as since
    from lane l join connection c on c.tenant_id = l.tenant_id and c.id = l.id
    left join checkpoint p on p.tenant_id = l.tenant_id and p.connection_id = l.id
    where l.tenant_id = ${tenantId} and l.kind = 'read' and c.disconnected_at is null and (l.why is not null or l.paused_reason is not null)
    order by l.id`.execute(db);
  return rows.map(toLane);
}

interface Row {
  readonly kind: LaneEvidence["kind"];
  readonly id: string;
  readonly name: string;
  readonly connector: string | null;
  readonly pausedReason: string | null;
  readonly why: string | null;
  readonly waiting: number;
  readonly since: Date;
  readonly oldestEventAt: Date | null;
  readonly expiring: number;
}

const toLane = ({ connector, pausedReason, why, oldestEventAt, ...lane }: Row): LaneEvidence => ({
  ...lane,
  ...(connector && { connector }),
  ...(pausedReason && { pausedReason }),
  ...(why && { why }),
  ...(oldestEventAt && { oldestEventAt }),
});

async function refusedGroups(db: Kysely<Tables>, tenantId: TenantId, now: Date): Promise<readonly RefusedGroup[]> {
  const { rows } = await sql<
    Omit<RefusedGroup, "code" | "subcode" | "words"> &
      Record<"code" | "subcode", number | null> & { words: string | null }
  >`
    select g.dataset_id as "datasetId", d.name, g.reason, g.code, g.subcode, g.count, g."firstAt", g."oldestEventAt",
      g."youngestEventAt", w.words
    from (
      select e.dataset_id, e.reason, e.code, e.subcode, count(*) as count, min(e.at) as "firstAt",
        min(o.event_time) as "oldestEventAt", max(o.event_time) as "youngestEventAt",
        max(e.seq) filter (where e.words is not null) as told
      from dead_event e
      join outbox o on o.tenant_id = e.tenant_id and o.dataset_id = e.dataset_id and o.seq = e.seq
      where e.tenant_id = ${tenantId} and e.reason <> 'erased' and e.at >= ${ago(now, limits.maxAgeMs)}::timestamptz and e.again_seq is null
        and o.created_at >= ${ago(now, limits.maxAgeMs + dayMs)}::timestamptz
        and o.event_time > ${sendableFrom(now)}::timestamptz
      group by e.dataset_id, e.reason, e.code, e.subcode
    ) g
    join dataset d on d.tenant_id = ${tenantId} and d.id = g.dataset_id
    left join dead_event w on w.tenant_id = ${tenantId} and w.dataset_id = g.dataset_id and w.seq = g.told
    order by g.dataset_id, g.reason, g.code, g.subcode`.execute(db);
  return rows.map(({ code, subcode, words, ...group }) => ({
    ...group,
    ...(code !== null && { code }),
    ...(subcode !== null && { subcode }),
    ...(words && { words }),
  }));
}

async function drifts(db: Kysely<Tables>, tenantId: TenantId, now: Date): Promise<readonly Drift[]> {
  const { rows } = await sql<Drift>`
    select r.connection_id as "connectionId", c.name, c.connector, sum(r.missed)::bigint as missed,
      min(r.missed_at) as "firstAt"
    from reconciliation r join connection c on c.tenant_id = r.tenant_id and c.id = r.connection_id
    where r.tenant_id = ${tenantId} and r.missed_at >= ${ago(now, 2 * dayMs)}::timestamptz
    group by r.connection_id, c.name, c.connector order by r.connection_id`.execute(db);
  return rows;
}

/** Where Meta has refused the access already, that is the problem. */
async function endings(db: Kysely<Tables>, tenantId: TenantId, now: Date): Promise<readonly AccessEnding[]> {
  const { rows } = await sql<AccessEnding>`
    select d.id as "datasetId", d.name, d.access_ends_at as "endsAt"
    from dataset d join lane l on l.tenant_id = d.tenant_id and l.kind = 'send' and l.id = d.id
    where d.tenant_id = ${tenantId} and d.access_ends_at <= ${ago(now, -endingSoonMs)}::timestamptz
      and d.disconnected_at is null and l.paused_reason is distinct from 'meta_token'
    order by d.id`.execute(db);
  return rows;
}
