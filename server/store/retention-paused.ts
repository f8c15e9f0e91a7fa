import { type Kysely, sql } from "kysely";
import { limits } from "../../core/meta/limits.ts";
import type { DeadEvent, Lease, Outbox } from "../../core/outbox.ts";
import type { TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

interface PausedStore {
  readonly db: Kysely<Tables>;
  readonly outbox: Outbox;
}

const page = 500;

/** The latest event time whose deadline has passed. */
const tooOld = (now: Date): Date => new Date(now.getTime() - (limits.maxAgeMs - limits.ageMarginMs));

/**
 * Events of paused lanes do not wait beyond their deadline: they are given up, from the front, so that the count of what waits
 * stays true and nothing personal lies longer than it may. Under the lane's lease, so that nobody else is at it.
 *
 * @returns how many were given up
 */
export async function expirePaused(store: PausedStore, now: Date): Promise<number> {
  const { rows } = await sql<{ tenantId: TenantId; id: string }>`
    select l.tenant_id as "tenantId", l.id from lane l
    join lateral (
      select event_time from outbox o
      where o.tenant_id = l.tenant_id and o.dataset_id = l.id and o.seq > l.cursor_seq and o.created_at >= l.waiting_since
      order by o.seq limit 1
    ) front on front.event_time < ${tooOld(now)}::timestamptz
    where l.kind = 'send' and l.paused_reason is not null and l.waiting_since is not null
    order by l.tenant_id, l.id`.execute(store.db);
  let expired = 0;
  for (const lane of rows) {
    const lease = await leased(store.db, lane, now);
    if (!lease) continue; // Whoever works on it finishes first.
    try {
      expired += await expireFront(store, lease, now);
    } finally {
      await free(store.db, lease);
    }
  }
  return expired;
}

async function expireFront(store: PausedStore, lease: Lease, now: Date): Promise<number> {
  let expired = 0;
  for (let paused = true, more = true; paused && more; ) {
    const events = await front(store.db, lease);
    const end = events.findIndex(({ eventTime }) => eventTime >= tooOld(now));
    const old = end < 0 ? events : events.slice(0, end);
    const last = old.at(-1);
    if (!last) break;
    const { unsure } = lease;
    const dead = old.map(
      ({ seq }): DeadEvent => ({ seq, reason: seq <= (unsure?.upTo ?? 0) ? "unconfirmed" : "expired" }),
    );
    ({ paused } = await store.outbox.advance(lease, { cursor: last.seq, dead }, now));
    expired += old.length;
    more = old.length === page;
  }
  return expired;
}

async function front(
  db: Kysely<Tables>,
  { tenantId, id }: Lease,
): Promise<readonly { seq: number; eventTime: Date }[]> {
  const { rows } = await sql<{ seq: number; eventTime: Date }>`
    select o.seq, o.event_time as "eventTime"
    from lane l
    join outbox o on o.tenant_id = l.tenant_id and o.dataset_id = l.id and o.seq > l.cursor_seq
      and o.created_at >= l.waiting_since
    where l.tenant_id = ${tenantId} and l.kind = 'send' and l.id = ${id}
    order by o.seq limit ${page}`.execute(db);
  return rows;
}

async function leased(
  db: Kysely<Tables>,
  { tenantId, id }: { readonly tenantId: TenantId; readonly id: string },
  now: Date,
): Promise<Lease | undefined> {
  const until = new Date(now.getTime() + limits.leaseMs);
  const { rows } = await sql<{ token: number; attempts: number; since: Date | null; up_to: number | null }>`
    update lane set lease_until = ${until}::timestamptz, lease_token = lease_token + 1
    where tenant_id = ${tenantId} and kind = 'send' and id = ${id} and paused_reason is not null
      and (lease_until is null or lease_until <= ${now}::timestamptz)
    returning lease_token as token, attempts, unsure_since as since, unsure_seq as up_to`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  const { token, attempts, since, up_to } = row;
  const unsure = since && up_to !== null ? { unsure: { since, upTo: up_to } } : {};
  return { tenantId, kind: "send", id, token, until, attempts, ...unsure };
}

/** Due when it was due: a lane that somebody resumed meanwhile goes on at once. */
async function free(db: Kysely<Tables>, { tenantId, id, token }: Lease): Promise<void> {
  await sql`
    update lane set lease_until = null
    where tenant_id = ${tenantId} and kind = 'send' and id = ${id} and lease_token = ${token}`.execute(db);
}
