import { type Kysely, sql } from "kysely";
import type { RefusalReason, SkipReason } from "../../core/problems.ts";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import type { Whereabouts } from "../../core/way.ts";
import type { Tables } from "./tables.ts";

/** Stage changes of one stage that came to the same. */
export interface ChangeCount extends Whereabouts {
  readonly connectionId: ConnectionId;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly count: number;
}
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/**
 * What became of all that was read in each of these times, which follow one another, by when it was read. From the ledger
 * itself, so that each number is the number of its rows.
 */
export async function countChanges(
  db: Kysely<Tables>,
  tenantId: TenantId,
  spans: readonly Span[],
): Promise<readonly (readonly ChangeCount[])[]> {
  const bounds = [...new Set(spans.flatMap(({ from, to }) => [from.getTime(), to.getTime()]))];
  const within = runsOf(spans).map(
    ({ from, to }) => sql<boolean>`s.read_at >= ${from}::timestamptz and s.read_at < ${to}::timestamptz`,
  );
  // Kept apart by `offset 0`, the bound has few values for the planner, as it has in truth; else it would sort all the rows.
  const { rows } = await sql<Row>`
    select b.bound, s.connection_id as "connectionId", s.pipeline_id as "pipelineId", s.stage_id as "stageId", s.outcome,
      d.reason, count(*) as count, count(*) filter (where s.seq > l.cursor_seq and d.seq is null) as waiting
    from record_stage s
    cross join lateral (
      select width_bucket(s.read_at, ${bounds.map((at) => new Date(at))}::timestamptz[]) as bound offset 0
    ) b
    left join lane l on l.tenant_id = ${tenantId} and l.kind = 'send' and l.id = s.dataset_id
    left join dead_event d on d.tenant_id = ${tenantId} and d.dataset_id = s.dataset_id and d.seq = s.seq
    where s.tenant_id = ${tenantId} and (${sql.join(within, sql` or `)})
    group by b.bound, s.connection_id, s.pipeline_id, s.stage_id, s.outcome, d.reason`.execute(db);
  const found = Map.groupBy(rows, ({ bound }) => bounds[bound - 1]);
  return spans.map(({ from }) => (found.get(from.getTime()) ?? []).flatMap(countsOf));
}

/** Times that follow one another without a gap as one. */
function runsOf(spans: readonly Span[]): readonly Span[] {
  const runs: Span[] = [];
  for (const span of spans) {
    const last = runs.at(-1);
    if (last?.to.getTime() === span.from.getTime()) runs[runs.length - 1] = { from: last.from, to: span.to };
    else runs.push(span);
  }
  return runs;
}

interface Row extends Pick<ChangeCount, "connectionId" | "pipelineId" | "stageId" | "count"> {
  /** Which of the bounds it lies behind, from 1. */
  readonly bound: number;
  readonly outcome: SkipReason | "event";
  readonly reason: RefusalReason | null;
  readonly waiting: number;
}

function countsOf({ outcome, reason, waiting, count, connectionId, pipelineId, stageId }: Row): ChangeCount[] {
  const stage = { connectionId, pipelineId, stageId };
  if (outcome !== "event") return [{ ...stage, state: "not_sent", reason: outcome, count }];
  if (reason !== null) return [{ ...stage, state: "refused", reason, count }];
  const rows: ChangeCount[] = [
    { ...stage, state: "accepted", reason: null, count: count - waiting },
    { ...stage, state: "waiting", reason: null, count: waiting },
  ];
  return rows.filter((row) => row.count > 0);
}

/** How many entries of each outcome were kept on each day of UTC: what changes when a day's entries are decided anew. */
export async function dayTallies(
  db: Kysely<Tables>,
  tenantId: TenantId,
  since: Date,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ day: string; tally: string }>`
    select day::text as day, string_agg(connection_id || ' ' || outcome || ' ' || n, ',' order by connection_id, outcome) as tally
    from tally
    where tenant_id = ${tenantId} and day >= ${since.toISOString().slice(0, 10)}::date and outcome not like 'dropped:%'
    group by day`.execute(db);
  return new Map(rows.map(({ day, tally }) => [day, tally]));
}
