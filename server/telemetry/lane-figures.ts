import type { Pool } from "pg";
import { deadlineOf } from "../../core/meta/limits.ts";
import type { Lease } from "../../core/outbox.ts";
import { translated } from "../store/unavailable.ts";

export type LaneKind = Lease["kind"];

/** What stands in the database at a moment, over all tenants: counts and milliseconds, nothing that names anybody. */
export interface LaneFigures {
  /** Lanes that are due and that nobody works on, and how long the longest has been so. */
  readonly due: readonly { readonly lane: LaneKind; readonly count: number; readonly lateMs: number }[];
  /** Lanes that something makes wait; `paused`: until a person acts, else until their next try. */
  readonly held: readonly {
    readonly lane: LaneKind;
    readonly why: string;
    readonly paused: boolean;
    readonly count: number;
  }[];
  readonly waitingEvents: number;
  /** Of the events that leave next: how long the oldest has been in the log, and until the first deadline. */
  readonly oldestWaitingMs?: number;
  readonly nearestDeadlineMs?: number;
  readonly problems: readonly { readonly code: string; readonly count: number }[];
  /** Mails to be sent; `tried`: at least once in vain. */
  readonly mails: readonly { readonly tried: boolean; readonly count: number }[];
}

/**
 * Rows of one form: what, of which lane, under which name, how many, and the instant that goes with it. A lane of a dataset
 * in which something waits is due some day or is paused, and whoever is held up says why: so `lane_due` and `lane_troubled`
 * find all that matter, and 100,000 idle ones cost nothing. The head of a lane is its oldest event but for those set aside;
 * partitions from before it began to wait are not looked at. $1 now
 */
const text = `
with standing as (
  select tenant_id, id, cursor_seq, next_seq, coalesce(waiting_since, kept_at) as since
  from lane where kind = 'send' and due_at is not null
  union all
  select tenant_id, id, cursor_seq, next_seq, coalesce(waiting_since, kept_at)
  from lane where kind = 'send' and why is not null and due_at is null
), head as (
  select s.next_seq - 1 - s.cursor_seq as waiting, o.event_time, o.created_at
  from standing s left join lateral (
    select event_time, created_at from outbox o
    where o.tenant_id = s.tenant_id and o.dataset_id = s.id and o.created_at >= s.since and o.seq > s.cursor_seq
    order by o.seq limit 1
  ) o on true
  where s.next_seq > s.cursor_seq + 1
)
select 'due' as what, kind as lane, null as name, count(*) as n, min(due_at) as at from lane
  where kind in ('read', 'send', 'upkeep') and due_at <= $1::timestamptz
    and (lease_until is null or lease_until <= $1::timestamptz)
  group by kind
union all
select case when paused_reason is null then 'held' else 'paused' end, kind, coalesce(paused_reason, why), count(*), null
  from lane where why is not null group by 1, 2, 3
union all
select 'waiting', null, null, coalesce(sum(waiting), 0)::bigint, min(created_at) from head
union all
select 'first', null, null, count(*), min(event_time) from head
union all
select 'problem', null, code, count(*), null from problem where closed_at is null group by code
union all
select case when attempts = 0 then 'mail' else 'tried' end, null, null, count(*), null
  from mail where due_at is not null group by 1`;

interface Row {
  readonly what: "due" | "held" | "paused" | "waiting" | "first" | "problem" | "mail" | "tried";
  readonly lane: LaneKind;
  readonly name: string;
  readonly n: number;
  readonly at: Date | null;
}

/** Asks the database, as the workers' role. Throws `store_unavailable`. */
export async function laneFigures(pool: Pool, now: Date): Promise<LaneFigures> {
  // Without a name: planned for this very instant, since how many lanes are due decides which way is the cheap one.
  const { rows } = await pool.query<Row>({ text, values: [now] }).catch((error: unknown) => {
    throw translated(error);
  });
  const of = (...whats: readonly Row["what"][]): readonly Row[] => rows.filter(({ what }) => whats.includes(what));
  const since = (at: Date | null): number => (at ? Math.max(0, now.getTime() - at.getTime()) : 0);
  const [waiting] = of("waiting");
  const [first] = of("first");
  return {
    due: of("due").map(({ lane, n, at }) => ({ lane, count: n, lateMs: since(at) })),
    held: of("held", "paused").map(({ what, lane, name, n }) => ({
      lane,
      why: name,
      paused: what === "paused",
      count: n,
    })),
    waitingEvents: waiting?.n ?? 0,
    ...(waiting?.at && { oldestWaitingMs: since(waiting.at) }),
    ...(first?.at && { nearestDeadlineMs: deadlineOf(first.at).getTime() - now.getTime() }),
    problems: of("problem").map(({ name, n }) => ({ code: name, count: n })),
    mails: of("mail", "tried").map(({ what, n }) => ({ tried: what === "tried", count: n })),
  };
}
