import { type Kysely, type RawBuilder, sql } from "kysely";
import type { DatasetId, TenantId } from "../../core/types.ts";
import { type Place, refusalsOf, skipReasonsOf, type Wanted } from "./delivery-wanted.ts";
import type { Tables } from "./tables.ts";

/** A dataset's lane: what lies behind its cursor is settled. */
export interface Lane {
  readonly id: DatasetId;
  readonly cursor: number;
}

export interface Scan {
  readonly wanted: Wanted;
  readonly lanes: readonly Lane[];
  /** Only what comes after this in the list, and was kept at or after `since`. */
  readonly after: Place | undefined;
  readonly since: Date;
  /** How many are answered at most, and how many looked at. */
  readonly limit: number;
  readonly looked: number;
}

export interface Scanned {
  readonly found: readonly Place[];
  /** The last one that was looked at; undefined: there is nothing further. */
  readonly reached: Place | undefined;
}

/**
 * Looks at so many deliveries, newest first, and picks those that are wanted. What was sent is found in the log, newest numbers
 * first; what was not, in the ledger. No index is kept for what may be asked: each would cost every event, and a million is
 * looked through within a few calls.
 */
export async function scan(db: Kysely<Tables>, tenantId: TenantId, asked: Scan): Promise<Scanned> {
  const streams = [...notSent(tenantId, asked), ...events(tenantId, asked), ...refused(tenantId, asked)];
  if (streams.length === 0) return { found: [], reached: undefined };
  const { wanted, limit, looked } = asked;
  const { rows } = await sql<Place & { readonly looked: number | null }>`
    with picked as materialized (
      select * from (${sql.join(streams, sql` union all `)}) c order by ${order(sql`desc`)} limit ${looked}
    ), fitting as (
      select p.* from picked p
      left join lateral (
        select s.dataset_id, s.seq from record_stage s
        where s.tenant_id = ${tenantId} and s.connection_id = p."connectionId" and s.record = p.record
          and s.place = p.place and p.seq > 0 ${ofStage(wanted)}
        offset 0
      ) now on true
      left join lateral (
        select true as is from dead_event d
        where d.tenant_id = ${tenantId} and d.dataset_id = p."datasetId" and d.seq = p.seq and p.alive
        offset 0
      ) dead on true
      where p.fits and dead.is is null
        and (p.seq = 0 or (now.dataset_id = p."datasetId" and now.seq = p.seq))
      order by ${order(sql`desc`)} limit ${limit}
    ), last as (
      select p.*, (select count(*) from picked) as looked from picked p order by ${order(sql`asc`)} limit 1
    )
    select * from (
      select "keptAt", "datasetId", seq, "connectionId", record, place, null::bigint as looked from fitting
      union all select "keptAt", "datasetId", seq, "connectionId", record, place, looked from last
    ) answer order by looked nulls first, ${order(sql`desc`)}`.execute(db);
  const found = rows.filter((row) => row.looked === null).map(placeOf);
  const last = rows.find((row) => row.looked !== null);
  return { found, reached: last?.looked === looked ? placeOf(last) : undefined };
}

const order = (way: RawBuilder<unknown>) =>
  sql`"keptAt" ${way}, "datasetId" ${way}, seq ${way}, "connectionId" ${way}, record ${way}, place ${way}`;

const placeOf = ({ keptAt, datasetId, seq, connectionId, record, place }: Place): Place => ({
  keptAt,
  datasetId,
  seq,
  connectionId,
  record,
  place,
});

/** The ledger's rows that are no events. */
function notSent(tenantId: TenantId, { wanted, after, since, looked }: Scan): readonly RawBuilder<unknown>[] {
  const { state, connectionId, eventName, datasetId, naming, between, to } = wanted;
  const reasons = skipReasonsOf(wanted);
  const noEvent = (state ?? "not_sent") === "not_sent" && !eventName && !datasetId && !naming && !between;
  if (!noEvent || reasons?.length === 0) return [];
  // Of one moment they come after all events.
  const below =
    after?.datasetId === ""
      ? sql`and (s.read_at < ${after.keptAt}::timestamptz
          or (s.connection_id, s.record, s.place) < (${after.connectionId}, ${after.record}, ${after.place}::int))`
      : sql``;
  return [
    sql`(select s.read_at as "keptAt", '' as "datasetId", 0::bigint as seq, s.connection_id as "connectionId", s.record, s.place,
        false as alive, (true ${reasons ? sql`and s.outcome = any(${[...reasons]}::text[])` : sql``}
          ${connectionId ? sql`and s.connection_id = ${connectionId}` : sql``} ${ofStage(wanted)}) as fits
      from record_stage s
      where s.tenant_id = ${tenantId} and s.outcome <> 'event' and s.read_at >= ${since}::timestamptz
        ${after ? sql`and s.read_at <= ${after.keptAt}::timestamptz` : sql``} ${below}
        ${to ? sql`and s.read_at < ${to}::timestamptz` : sql``}
      order by s.read_at desc, s.connection_id desc, s.record desc, s.place desc limit ${looked})`,
  ];
}

/** What came into the logs; what was given up too where any state will do. */
function events(tenantId: TenantId, asked: Scan): readonly RawBuilder<unknown>[] {
  const { wanted, looked, since } = asked;
  const { state } = wanted;
  if (wanted.reasons || state === "not_sent" || state === "refused") return [];
  const parts = partsOf(asked);
  if (parts.length === 0) return [];
  return [
    sql`(select o.created_at as "keptAt", t.id as "datasetId", o.seq, o.connection_id as "connectionId", o.record, o.place,
        ${state !== undefined}::boolean as alive, o.fits
      from ${unnested(parts)}
      cross join lateral (
        select o.created_at, o.seq, o.connection_id, o.record, o.place, ${fits(wanted)} as fits from outbox o
        where o.tenant_id = ${tenantId} and o.dataset_id = t.id and o.seq > t.above and o.seq < t.below
          and o.created_at <= t.at_most and o.created_at >= ${since}::timestamptz
        order by o.seq desc limit ${looked}
      ) o)`,
  ];
}

/** What was given up and not sent again. */
function refused(tenantId: TenantId, asked: Scan): readonly RawBuilder<unknown>[] {
  const { wanted, looked, since } = asked;
  const { state } = wanted;
  const reasons = refusalsOf(wanted);
  const asksForThem = state === "refused" || (state === undefined && reasons !== undefined);
  if (!asksForThem || reasons?.length === 0) return [];
  const parts = partsOf(asked);
  if (parts.length === 0) return [];
  return [
    sql`(select o.created_at as "keptAt", t.id as "datasetId", o.seq, o.connection_id as "connectionId", o.record, o.place,
        false as alive, o.fits
      from ${unnested(parts)}
      cross join lateral (
        select o.created_at, e.seq, o.connection_id, o.record, o.place,
          (e.again_seq is null ${reasons ? sql`and e.reason = any(${[...reasons]}::text[])` : sql``} and ${fits(wanted)}) as fits
        from dead_event e
        cross join lateral (
          select * from outbox o
          where o.tenant_id = ${tenantId} and o.dataset_id = t.id and o.seq = e.seq and o.created_at <= t.at_most
            and o.created_at >= ${since}::timestamptz
          offset 0
        ) o
        where e.tenant_id = ${tenantId} and e.dataset_id = t.id and e.seq > t.above and e.seq < t.below
        order by e.seq desc limit ${looked}
      ) o)`,
  ];
}

interface Part {
  readonly id: DatasetId;
  /** Numbers between these two, both left out. */
  readonly above: number;
  readonly below: number;
  readonly atMost: Date;
}

const highest = Number.MAX_SAFE_INTEGER;
const never = new Date("9999-12-31T00:00:00Z");

/** Which part of each dataset's log is still to be looked at: along a log the time never falls. */
function partsOf({ wanted: { state, datasetId, between, to }, lanes, after }: Scan): readonly Part[] {
  const latest = to ? new Date(to.getTime() - 1) : never;
  return lanes
    .filter(({ id }) => (datasetId ?? id) === id && (between?.datasetId ?? id) === id)
    .map(({ id, cursor }) => {
      const shownBefore = after && id > after.datasetId;
      const reached = after ? new Date(after.keptAt.getTime() - (shownBefore ? 1 : 0)) : never;
      return {
        id,
        above: Math.max(state === "waiting" ? cursor : 0, (between?.first ?? 1) - 1),
        below: Math.min(
          after?.datasetId === id ? after.seq : highest,
          state === "accepted" ? cursor + 1 : highest,
          (between?.last ?? highest - 1) + 1,
        ),
        atMost: reached < latest ? reached : latest,
      };
    });
}

const unnested = (parts: readonly Part[]) =>
  sql`unnest(${parts.map(({ id }) => id)}::text[], ${parts.map(({ above }) => above)}::bigint[],
    ${parts.map(({ below }) => below)}::bigint[], ${parts.map(({ atMost }) => atMost)}::timestamptz[])
    t (id, above, below, at_most)`;

/** What the event itself tells. */
function fits({ connectionId, eventName, sentAs, naming }: Wanted): RawBuilder<unknown> {
  const named = (texts: readonly string[]) =>
    sql`(${sql.join(
      texts.map((text) => sql`position(${text} in o.payload) > 0`),
      sql` or `,
    )})`;
  return sql`(true ${connectionId ? sql`and o.connection_id = ${connectionId}` : sql``}
    ${eventName === undefined ? sql`` : sql`and ${named([nameIn(eventName)])}`}
    ${sentAs ? sql`and ${named(sentAs.map(nameIn))}` : sql``}
    ${naming ? sql`and ${named(naming)}` : sql``})`;
}

/** As core/meta/event.ts writes it. */
const nameIn = (eventName: string): string => `"event_name":${JSON.stringify(eventName)},`;

const ofStage = ({ pipelineId, stageId }: Wanted) =>
  sql`${pipelineId === undefined ? sql`` : sql`and s.pipeline_id = ${pipelineId}`}
    ${stageId === undefined ? sql`` : sql`and s.stage_id = ${stageId}`}`;
