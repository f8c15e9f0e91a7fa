import { type Kysely, sql } from "kysely";
import { recordKey } from "../../core/connector.ts";
import type { RefusalReason } from "../../core/problems.ts";
import type { ConnectionId, DatasetId, RecordRef, TenantId, TimeQuality } from "../../core/types.ts";
import { type Attempt, attemptsOf } from "./attempts.ts";
import type { Tables } from "./tables.ts";

/** An event with all that has happened to it. */
export interface DeliveryState {
  readonly connectionId: ConnectionId;
  readonly record: RecordRef;
  readonly place: number;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly enteredAt: Date;
  readonly timeQuality: TimeQuality;
  readonly filled: boolean;
  readonly mappingVersion: number;
  readonly datasetId: DatasetId;
  /** Where it is now: its number in the dataset's lane. */
  readonly seq: number;
  readonly state: "accepted" | "waiting" | "refused";
  readonly eventTime: Date;
  /** As it left last, or will leave next. */
  readonly payload: string;
  /** Every number that it has had, the oldest first. */
  readonly turns: readonly Turn[];
}

/** One way through the lane: an event that is set aside or sent again gets another. */
export interface Turn {
  readonly seq: number;
  /** When it came into the lane. */
  readonly at: Date;
  readonly came: "kept" | "set_aside" | "sent_again";
  readonly attempts: readonly Attempt[];
  readonly refused?: Refused;
}

/** Given up, with Meta's words where there are any. */
export interface Refused {
  readonly at: Date;
  readonly reason: RefusalReason;
  readonly code: number | null;
  readonly subcode: number | null;
  readonly words: string | null;
  readonly traceId: string | null;
}

/** The event that has, or once had, this number; undefined where there is none, or none any more. */
export async function findDelivery(
  db: Kysely<Tables>,
  tenantId: TenantId,
  datasetId: DatasetId,
  seq: number,
): Promise<DeliveryState | undefined> {
  const { rows } = await sql<{ connection_id: string; record: string; place: number }>`
    select connection_id, record, place from outbox
    where tenant_id = ${tenantId} and dataset_id = ${datasetId} and seq = ${seq}`.execute(db);
  const [origin] = rows;
  return origin && (await ofEntry(db, tenantId, origin));
}

/** The event that this stage entry became, if it did. */
export const findDeliveryOfEntry = (
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  record: RecordRef,
  place: number,
): Promise<DeliveryState | undefined> =>
  ofEntry(db, tenantId, { connection_id: connectionId, record: recordKey(record), place });

interface Entry {
  readonly pipelineId: string;
  readonly stageId: string;
  readonly enteredAt: Date;
  readonly timeQuality: TimeQuality;
  readonly filled: boolean;
  readonly mappingVersion: number;
  readonly datasetId: DatasetId;
  readonly seq: number;
  readonly cursor: number;
}

async function ofEntry(
  db: Kysely<Tables>,
  tenantId: TenantId,
  origin: { readonly connection_id: string; readonly record: string; readonly place: number },
): Promise<DeliveryState | undefined> {
  const { rows } = await sql<Entry>`
    select s.pipeline_id as "pipelineId", s.stage_id as "stageId", s.entered_at as "enteredAt",
      s.time_quality as "timeQuality", s.filled, s.mapping_version as "mappingVersion", s.dataset_id as "datasetId", s.seq,
      l.cursor_seq as cursor
    from record_stage s join lane l on l.tenant_id = s.tenant_id and l.kind = 'send' and l.id = s.dataset_id
    where s.tenant_id = ${tenantId} and s.connection_id = ${origin.connection_id} and s.record = ${origin.record}
      and s.place = ${origin.place}`.execute(db);
  const [entry] = rows;
  if (!entry) return undefined;
  const turns = await turnsOf(db, tenantId, entry);
  const last = turns.at(-1);
  if (!last) return undefined;
  const refused = refusalOf(last);
  const { cursor, ...known } = entry;
  const state = refused ? "refused" : entry.seq <= cursor ? "accepted" : "waiting";
  const attempts = await attemptsOf(db, tenantId, entry.datasetId, turns, state);
  return {
    ...known,
    connectionId: origin.connection_id as ConnectionId,
    record: recordOf(origin.record),
    place: origin.place,
    state,
    eventTime: last.event_time,
    payload: last.payload,
    turns: turns.map((turn, n): Turn => {
      const given = refusalOf(turn);
      const before = turns[n - 1];
      return {
        seq: turn.seq,
        at: turn.created_at,
        came: !before ? "kept" : turn.asides > before.asides ? "set_aside" : "sent_again",
        attempts: attempts.get(turn.seq) ?? [],
        ...(given && { refused: given }),
      };
    }),
  };
}

export interface TurnRow {
  readonly seq: number;
  readonly created_at: Date;
  readonly event_time: Date;
  readonly payload: string;
  readonly asides: number;
  readonly dead_at: Date | null;
  readonly reason: RefusalReason | null;
  readonly code: number | null;
  readonly subcode: number | null;
  readonly words: string | null;
  readonly trace_id: string | null;
}

/** Back from where it is now; each number names the one before. */
async function turnsOf(db: Kysely<Tables>, tenantId: TenantId, { datasetId, seq }: Entry): Promise<readonly TurnRow[]> {
  const { rows } = await sql<TurnRow>`
    with recursive turn as (
      select o.seq, o.created_at, o.event_time, o.payload, o.asides, o.again_of from outbox o
      where o.tenant_id = ${tenantId} and o.dataset_id = ${datasetId} and o.seq = ${seq}
      union all
      select o.seq, o.created_at, o.event_time, o.payload, o.asides, o.again_of from turn t
      join outbox o on o.tenant_id = ${tenantId} and o.dataset_id = ${datasetId} and o.seq = t.again_of
    )
    select t.seq, t.created_at, t.event_time, t.payload, t.asides, d.at as dead_at, d.reason, d.code, d.subcode, d.words,
      d.trace_id
    from turn t
    left join dead_event d on d.tenant_id = ${tenantId} and d.dataset_id = ${datasetId} and d.seq = t.seq
    order by t.seq`.execute(db);
  return rows;
}

function refusalOf({ dead_at, reason, code, subcode, words, trace_id }: TurnRow): Refused | undefined {
  return dead_at && reason ? { at: dead_at, reason, code, subcode, words, traceId: trace_id } : undefined;
}

/** A record from its key: no object's name holds a colon. */
export const recordOf = (key: string): RecordRef => ({
  object: key.slice(0, key.indexOf(":")),
  id: key.slice(key.indexOf(":") + 1),
});

/** Where the events of a record's entries are now, by place. */
export async function entryStates(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  record: RecordRef,
): Promise<ReadonlyMap<number, Pick<DeliveryState, "datasetId" | "seq" | "state"> & { reason: RefusalReason | null }>> {
  const { rows } = await sql<{
    place: number;
    datasetId: DatasetId;
    seq: number;
    state: DeliveryState["state"];
    reason: RefusalReason | null;
  }>`
    select s.place, s.dataset_id as "datasetId", s.seq, d.reason,
      case when d.seq is not null then 'refused' when s.seq <= l.cursor_seq then 'accepted' else 'waiting' end as state
    from record_stage s
    join lane l on l.tenant_id = s.tenant_id and l.kind = 'send' and l.id = s.dataset_id
    left join dead_event d on d.tenant_id = s.tenant_id and d.dataset_id = s.dataset_id and d.seq = s.seq
    where s.tenant_id = ${tenantId} and s.connection_id = ${connectionId} and s.record = ${recordKey(record)}
      and s.outcome = 'event'`.execute(db);
  return new Map(rows.map(({ place, ...where }) => [place, where]));
}
