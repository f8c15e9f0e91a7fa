import { type Kysely, type RawBuilder, sql } from "kysely";
import type { TenantId } from "../../core/types.ts";
import { type Stretch, unnested } from "./delivery-stretch.ts";
import { isWholeLog, type Place, soughtBy, type Wanted } from "./delivery-wanted.ts";
import type { Tables } from "./tables.ts";

export interface Scan {
  readonly wanted: Wanted;
  /** The part of each dataset's log that is still to be looked at. */
  readonly stretches: readonly Stretch[];
  /** Only what comes after this in the list, and was kept at or after `since`. */
  readonly after: Place | undefined;
  readonly since: Date;
  /** How many are answered at most, and how many looked at of each log and of the ledger. */
  readonly limit: number;
  readonly looked: number;
}

export interface Scanned {
  readonly found: readonly Place[];
  /** How far everything was looked at; undefined: there is nothing further. */
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
  const { wanted, limit } = asked;
  const { rows } = await sql<Place & { readonly end: boolean }>`
    with picked as materialized (
      ${sql.join(streams, sql` union all `)}
    ), reached as (
      select * from picked where is_end order by ${order(sql`desc`)} limit 1
    ), fitting as (
      select p.* from (
        select p.* from picked p left join reached r on true
        where p.fits and (r.is_end is null or ${key("p")} >= ${key("r")})
        order by ${order(sql`desc`, "p")}
      ) p
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
      where dead.is is null and (p.seq = 0 or (now.dataset_id = p."datasetId" and now.seq = p.seq))
      limit ${limit}
    )
    select "keptAt", "datasetId", seq, "connectionId", record, place, "end" from (
      select *, false as "end" from fitting union all select *, true as "end" from reached
    ) answer order by "end", ${order(sql`desc`)}`.execute(db);
  const found = rows.filter(({ end }) => !end).map(placeOf);
  const reached = rows.find(({ end }) => end);
  return { found, reached: reached && placeOf(reached) };
}

const columns = ['"keptAt"', '"datasetId"', "seq", '"connectionId"', "record", "place"] as const;
const key = (of: "p" | "r") => sql.raw(`(${columns.map((column) => `${of}.${column}`).join(", ")})`);
const order = (way: RawBuilder<unknown>, of?: "p") =>
  sql.join(columns.map((column) => sql`${sql.raw(of ? `${of}.${column}` : column)} ${way}`));

const placeOf = ({ keptAt, datasetId, seq, connectionId, record, place }: Place): Place => ({
  keptAt,
  datasetId,
  seq,
  connectionId,
  record,
  place,
});

/** Of what was looked at only what may fit goes on, and the last one, at which the next call begins. */
const narrowed = (rows: RawBuilder<unknown>, looked: number) =>
  sql`select * from (select r.*, row_number() over () = ${looked} as is_end from (${rows}) r) r where fits or is_end`;

/** The ledger's rows that are no events. */
function notSent(tenantId: TenantId, { wanted, after, since, looked }: Scan): readonly RawBuilder<unknown>[] {
  const { connectionId, eventName, datasetId, naming, between, to } = wanted;
  const { notSent: reasons } = soughtBy(wanted);
  if (eventName || datasetId || naming || between || reasons?.length === 0) return [];
  // Of one moment they come after all events.
  const below =
    after?.datasetId === ""
      ? sql`and (s.read_at < ${after.keptAt}::timestamptz
          or (s.connection_id, s.record, s.place) < (${after.connectionId}, ${after.record}, ${after.place}::int))`
      : sql``;
  const rows = sql`
    select s.read_at as "keptAt", '' as "datasetId", 0::bigint as seq, s.connection_id as "connectionId", s.record, s.place,
      false as alive, (true ${reasons ? sql`and s.outcome = any(${[...reasons]}::text[])` : sql``}
        ${connectionId ? sql`and s.connection_id = ${connectionId}` : sql``} ${ofStage(wanted)}) as fits
    from record_stage s
    where s.tenant_id = ${tenantId} and s.outcome <> 'event' and s.read_at >= ${since}::timestamptz
      ${after ? sql`and s.read_at <= ${after.keptAt}::timestamptz` : sql``} ${below}
      ${to ? sql`and s.read_at < ${to}::timestamptz` : sql``}
    order by s.read_at desc, s.connection_id desc, s.record desc, s.place desc limit ${looked}`;
  return [narrowed(rows, looked)];
}

/** What came into the logs; what was given up too where any state will do. */
function events(tenantId: TenantId, asked: Scan): readonly RawBuilder<unknown>[] {
  const { wanted, stretches, looked, since } = asked;
  const sought = soughtBy(wanted);
  if (!(sought.accepted || sought.waiting) || noEvents(asked)) return [];
  const rows = sql`
    select o.created_at as "keptAt", t.id as "datasetId", o.seq, o.connection_id as "connectionId", o.record, o.place,
      ${!isWholeLog(sought)}::boolean as alive, ${fits(wanted)} as fits
    from outbox o
    where o.tenant_id = ${tenantId} and o.dataset_id = t.id and o.seq > t.above and o.seq < t.below
      and o.created_at <= t.latest and o.created_at >= ${since}::timestamptz
    order by o.seq desc limit ${looked}`;
  return [sql`select e.* from ${unnested(stretches)} cross join lateral (${narrowed(rows, looked)}) e`];
}

/** What was given up and not sent again. */
function refused(tenantId: TenantId, asked: Scan): readonly RawBuilder<unknown>[] {
  const { wanted, stretches, looked, since } = asked;
  const sought = soughtBy(wanted);
  const { refused: reasons } = sought;
  if (isWholeLog(sought) || reasons?.length === 0 || noEvents(asked)) return [];
  const rows = sql`
    select e.seq, e.at, (e.again_seq is null ${reasons ? sql`and e.reason = any(${[...reasons]}::text[])` : sql``}) as fits
    from dead_event e
    where e.tenant_id = ${tenantId} and e.dataset_id = t.id and e.seq > t.above and e.seq < t.below
    order by e.seq desc limit ${looked}`;
  return [
    sql`select o.created_at as "keptAt", t.id as "datasetId", e.seq, o.connection_id as "connectionId", o.record, o.place,
        false as alive, e.fits and ${fits(wanted)} as fits, e.is_end
      from ${unnested(stretches)}
      cross join lateral (${narrowed(rows, looked)}) e
      cross join lateral (
        select * from outbox o
        where o.tenant_id = ${tenantId} and o.dataset_id = t.id and o.seq = e.seq and o.created_at >= ${since}::timestamptz
          and o.created_at >= e.at - interval '9 days' and o.created_at <= e.at + interval '1 day'
        offset 0
      ) o`,
  ];
}

/** Of a stage that was never sent there are none. */
const noEvents = ({ stretches, wanted }: Scan): boolean => stretches.length === 0 || wanted.sentAs?.length === 0;

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
