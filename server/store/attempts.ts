import { type Kysely, sql } from "kysely";
import type { LaneReason } from "../../core/outbox.ts";
import type { DatasetId, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** A request that the event was in, and what came of it. */
export interface Attempt {
  readonly at: Date;
  readonly tookMs: number;
  /** Events in the request. */
  readonly events: number;
  readonly verdict: "accepted" | "retry" | "refused" | "unknown" | "blocked";
  readonly why: LaneReason | null;
  readonly status: number | null;
  readonly code: number | null;
  readonly subcode: number | null;
  readonly traceId: string | null;
  /** Meta's own words, where the request was neither accepted nor refused. */
  readonly words: string | null;
}

interface TurnInLane {
  readonly seq: number;
  readonly created_at: Date;
  readonly dead_at: Date | null;
}

const minute = 60_000;
/** An event lives a week; two processes' clocks may differ a little. */
const longestMs = 8 * 86_400_000;
const shownAtMost = 100;

/**
 * The requests that each turn of an event was in, by its number. Most are over within minutes of its coming, so those are
 * looked at first: a busy dataset makes millions in a week.
 */
export async function attemptsOf(
  db: Kysely<Tables>,
  tenantId: TenantId,
  datasetId: DatasetId,
  turns: readonly TurnInLane[],
  state: "accepted" | "waiting" | "refused",
): Promise<ReadonlyMap<number, readonly Attempt[]>> {
  const found = new Map<number, readonly Attempt[]>();
  for (const [n, turn] of turns.entries()) {
    const from = new Date(turn.created_at.getTime() - minute);
    const latest = new Date(turn.created_at.getTime() + longestMs);
    const over = turn.dead_at ?? turns[n + 1]?.created_at;
    const within = (until: Date): Promise<readonly Attempt[]> =>
      requests(db, tenantId, datasetId, turn.seq, from, until);
    const soon = over ? undefined : await within(new Date(turn.created_at.getTime() + 10 * minute));
    const all = state === "accepted" && soon?.some(({ verdict }) => verdict === "accepted") ? soon : undefined;
    found.set(turn.seq, all ?? (await within(over ? new Date(over.getTime() + minute) : latest)));
  }
  return found;
}

async function requests(
  db: Kysely<Tables>,
  tenantId: TenantId,
  datasetId: DatasetId,
  seq: number,
  from: Date,
  until: Date,
): Promise<readonly Attempt[]> {
  const { rows } = await sql<Attempt>`
    select sent_at as at, took_ms as "tookMs", events, verdict, why, status, code, subcode, trace_id as "traceId", words
    from dispatch
    where tenant_id = ${tenantId} and dataset_id = ${datasetId}
      and sent_at >= ${from}::timestamptz and sent_at <= ${until}::timestamptz
      and seq_from <= ${seq} and seq_to >= ${seq}
    order by sent_at desc, id desc limit ${shownAtMost}`.execute(db);
  return rows.reverse();
}
