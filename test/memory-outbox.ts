import { recordKey } from "../core/connector.ts";
import { Failure } from "../core/errors.ts";
import { deadlineOf } from "../core/meta/limits.ts";
import type {
  DeadEvent,
  Delivery,
  Dispatch,
  Kept,
  KnownEntry,
  Lease,
  Outbox,
  Outcome,
  ReconciledDay,
  Release,
  Unsure,
} from "../core/outbox.ts";
import type { ConnectionId, DatasetId, RecordRef, StageEntry, TenantId } from "../core/types.ts";

/** What a lane is at the moment. */
interface MemoryLane {
  readonly tenantId: TenantId;
  readonly kind: Lease["kind"];
  readonly id: string;
  nextSeq: number;
  cursorSeq: number;
  token: number;
  attempts: number;
  dueAt?: Date | undefined;
  leaseUntil?: Date | undefined;
  paused?: string | undefined;
  why?: Release["why"];
  unsure?: Unsure | undefined;
}

/** `againOf`: the number that this event had before it was set aside or sent again. */
type MemoryEvent = Delivery & {
  readonly connectionId: ConnectionId;
  readonly entry: StageEntry;
  readonly againOf?: number;
};
/** The ledger's row; `seq` is where its event is now. */
type MemoryRow = Outcome & { readonly seq?: number };

/** The store's twin in memory: the same contract, held by the same suite; for simulations and unit tests. */
export interface MemoryOutbox extends Outbox {
  openLane(tenantId: TenantId, kind: Lease["kind"], id: string, dueAt?: Date): void;
  pauseLane(tenantId: TenantId, kind: Lease["kind"], id: string, reason: string): void;
  resumeLane(tenantId: TenantId, kind: Lease["kind"], id: string, now: Date): void;
  /** Everything that was ever written, for a test to judge by. */
  lane(tenantId: TenantId, kind: Lease["kind"], id: string): MemoryLane | undefined;
  lanes(): readonly MemoryLane[];
  ledger(tenantId: TenantId, connectionId: ConnectionId): readonly MemoryRow[];
  events(tenantId: TenantId, datasetId: DatasetId): readonly MemoryEvent[];
  dispatches(tenantId: TenantId, datasetId: DatasetId): readonly Dispatch[];
  dead(tenantId: TenantId, datasetId: DatasetId): ReadonlyMap<number, DeadEvent>;
  tallies(tenantId: TenantId, connectionId: ConnectionId): ReadonlyMap<string, number>;
  reconciled(tenantId: TenantId, connectionId: ConnectionId): ReadonlyMap<string, ReconciledDay>;
}

/** What belongs to one connection or one dataset. */
interface Shelf {
  checkpoint: string | undefined;
  readonly rings: Map<string, { readonly record: RecordRef; readonly seq: number }>;
  readonly ledger: Map<string, MemoryRow>;
  readonly tallies: Map<string, number>;
  readonly reconciled: Map<string, ReconciledDay>;
  readonly events: MemoryEvent[];
  readonly dispatches: Dispatch[];
  readonly dead: Map<number, DeadEvent>;
}

const everything: RecordRef = { object: "", id: "" };
const key = (...parts: readonly string[]): string => JSON.stringify(parts);
const placeKey = ({ entry: { record }, place }: Outcome): string => key(record.object, record.id, String(place));

export function createMemoryOutbox(): MemoryOutbox {
  const lanes = new Map<string, MemoryLane>();
  const shelves = new Map<string, Shelf>();

  const laneOf = (tenantId: string, kind: string, id: string): MemoryLane | undefined =>
    lanes.get(key(tenantId, kind, id));
  const mustHave = (tenantId: string, kind: string, id: string): MemoryLane => {
    const lane = laneOf(tenantId, kind, id);
    if (!lane) throw new Failure("not_found", `${kind === "read" ? "connection" : "dataset"} ${id}`);
    return lane;
  };
  const shelfOf = (tenantId: string, id: string): Shelf => {
    const found = shelves.get(key(tenantId, id)) ?? emptyShelf();
    shelves.set(key(tenantId, id), found);
    return found;
  };
  /** The same event once more, at the end of its lane; the ledger follows it there. */
  const again = (
    lane: MemoryLane,
    shelf: Shelf,
    seq: number,
    now: Date,
    { aside = false, payload }: { aside?: boolean; payload?: string },
  ): void => {
    const event = shelf.events[seq - 1];
    if (!event) throw new TypeError(`no event ${seq}`);
    const next = lane.nextSeq++;
    shelf.events.push({
      ...event,
      seq: next,
      keptAt: now,
      againOf: seq,
      asides: event.asides + (aside ? 1 : 0),
      payload: payload ?? event.payload,
    });
    const ledger = shelfOf(lane.tenantId, event.connectionId).ledger;
    for (const [name, row] of ledger)
      if (row.seq === seq && recordKey(row.entry.record) === recordKey(event.entry.record))
        ledger.set(name, { ...row, seq: next });
  };
  const fenced = (lease: Lease): MemoryLane => {
    const lane = laneOf(lease.tenantId, lease.kind, lease.id);
    if (!lane?.leaseUntil || lane.token !== lease.token) throw new Failure("lease_lost");
    return lane;
  };

  return {
    openLane: (tenantId, kind, id, dueAt) => {
      if (!laneOf(tenantId, kind, id))
        lanes.set(key(tenantId, kind, id), {
          tenantId,
          kind,
          id,
          nextSeq: 1,
          cursorSeq: 0,
          token: 0,
          attempts: 0,
          dueAt,
        });
    },
    pauseLane: (tenantId, kind, id, reason) =>
      void Object.assign(mustHave(tenantId, kind, id), { paused: reason, why: reason, dueAt: undefined }),
    resumeLane: (tenantId, kind, id, now) => {
      const lane = mustHave(tenantId, kind, id);
      const dueAt = kind === "read" || hasMore(lane) ? now : undefined;
      Object.assign(lane, { paused: undefined, why: undefined, attempts: 0, dueAt });
    },
    lane: laneOf,
    lanes: () => [...lanes.values()],
    ledger: (tenantId, connectionId) => [...shelfOf(tenantId, connectionId).ledger.values()],
    events: (tenantId, datasetId) => shelfOf(tenantId, datasetId).events,
    dispatches: (tenantId, datasetId) => shelfOf(tenantId, datasetId).dispatches,
    dead: (tenantId, datasetId) => shelfOf(tenantId, datasetId).dead,
    tallies: (tenantId, connectionId) => shelfOf(tenantId, connectionId).tallies,
    reconciled: (tenantId, connectionId) => shelfOf(tenantId, connectionId).reconciled,

    checkpoint: async (tenantId, connectionId) => {
      const { checkpoint } = shelfOf(tenantId, connectionId);
      return checkpoint && JSON.parse(checkpoint);
    },
    known: async (tenantId, connectionId, records) => {
      const asked = new Set(records.map(recordKey));
      const entries = [...shelfOf(tenantId, connectionId).ledger.values()].map(
        (row): KnownEntry => ({ ...bare(row.entry), place: row.place, outcome: nameOf(row) }),
      );
      return Map.groupBy(
        entries
          .filter(({ record }) => asked.has(recordKey(record)))
          .sort((a, b) => a.enteredAt.getTime() - b.enteredAt.getTime() || a.place - b.place),
        ({ record }) => recordKey(record),
      );
    },
    rings: async (tenantId, connectionId, limit) => {
      const all = [...shelfOf(tenantId, connectionId).rings.values()].sort((a, b) => a.seq - b.seq);
      const rung = all.slice(0, limit);
      return {
        records: rung.flatMap(({ record }) => (record.object === "" ? [] : [record])),
        all: rung.some(({ record }) => record.object === ""),
        upTo:
          rung.length === limit ? (rung.at(-1)?.seq ?? 0) : (laneOf(tenantId, "read", connectionId)?.nextSeq ?? 1) - 1,
      };
    },
    ring: async (tenantId, connectionId, records, now) => {
      const rung = new Map((records === "all" ? [everything] : records).map((record) => [recordKey(record), record]));
      if (rung.size === 0) return;
      const lane = mustHave(tenantId, "read", connectionId);
      for (const [name, record] of rung)
        shelfOf(tenantId, connectionId).rings.set(name, { record, seq: lane.nextSeq++ });
      lane.dueAt = rungDue(lane, now);
    },
    keep: async (lease, kept, now) => {
      const lane = fenced(lease);
      const shelf = shelfOf(lease.tenantId, lease.id);
      const sent = kept.outcomes.filter((outcome) => outcome.outcome === "send");
      if (sent.length > 0 && !kept.datasetId) throw new TypeError("events need a dataset");
      const target = sent.length > 0 ? mustHave(lease.tenantId, "send", kept.datasetId ?? "") : undefined;
      const rows = new Set(kept.outcomes.map(placeKey));
      const clash = kept.outcomes.some((outcome) => {
        const row = shelf.ledger.get(placeKey(outcome));
        return outcome.instead ? !row || nameOf(row) !== outcome.instead : row !== undefined;
      });
      if (clash || rows.size < kept.outcomes.length) throw new Failure("lease_lost", "a stage entry was kept before");

      for (const outcome of kept.outcomes) {
        const seq = outcome.outcome === "send" && target ? target.nextSeq++ : undefined;
        shelf.ledger.set(placeKey(outcome), { ...outcome, ...(seq !== undefined && { seq }) });
        if (outcome.outcome !== "send" || !target || seq === undefined) continue;
        const { entry, payload } = outcome;
        shelfOf(lease.tenantId, target.id).events.push({
          seq,
          payload,
          eventTime: entry.enteredAt,
          keptAt: now,
          asides: 0,
          connectionId: lease.id as ConnectionId,
          entry: bare(entry),
        });
      }
      if (target) target.dueAt = target.paused ? undefined : (target.dueAt ?? now);
      count(shelf.tallies, kept);
      for (const day of kept.reconciled ?? []) {
        const missed = (shelf.reconciled.get(day.day)?.missed ?? 0) + day.missed;
        shelf.reconciled.set(day.day, { ...day, missed });
      }
      if (kept.checkpoint !== undefined) shelf.checkpoint = JSON.stringify(kept.checkpoint);
      const { ringsUpTo = 0 } = kept;
      for (const [name, { seq }] of shelf.rings) if (seq <= ringsUpTo) shelf.rings.delete(name);
      lane.cursorSeq = Math.max(lane.cursorSeq, ringsUpTo);
      return { paused: lane.paused !== undefined };
    },
    claim: async (kind, now, limit, leaseMs) => {
      const until = new Date(now.getTime() + leaseMs);
      return [...lanes.values()]
        .filter((lane) => lane.kind === kind && lane.dueAt && lane.dueAt <= now && !leased(lane, now))
        .sort((a, b) => Number(a.dueAt) - Number(b.dueAt))
        .slice(0, limit)
        .map((lane) => {
          Object.assign(lane, { leaseUntil: until, dueAt: until, token: lane.token + 1 });
          const { tenantId, id, token, attempts, unsure } = lane;
          return { tenantId, kind, id, token, until, attempts, ...(unsure && { unsure }) };
        });
    },
    read: async (lease, limit) => {
      const lane = laneOf(lease.tenantId, "send", lease.id);
      if (!lane || lane.token !== lease.token || lane.paused) return [];
      return shelfOf(lease.tenantId, lease.id)
        .events.slice(lane.cursorSeq, lane.cursorSeq + limit)
        .map(({ seq, payload, eventTime, keptAt, asides }) => {
          const unsureSince = unsureSinceOf(shelfOf(lease.tenantId, lease.id), seq);
          return { seq, payload, eventTime, keptAt, asides, ...(unsureSince && { unsureSince }) };
        });
    },
    advance: async (lease, { cursor = 0, dispatch, dead = [], aside = [], unsure }, now) => {
      const lane = fenced(lease);
      const shelf = shelfOf(lease.tenantId, lease.id);
      if (dispatch) shelf.dispatches.push(dispatch);
      for (const event of dead) if (!shelf.dead.has(event.seq)) shelf.dead.set(event.seq, event);
      for (const seq of new Set(aside)) if (!hasMoved(shelf, seq)) again(lane, shelf, seq, now, { aside: true });
      lane.cursorSeq = Math.max(lane.cursorSeq, cursor);
      if (unsure)
        lane.unsure = {
          since: lane.unsure && lane.unsure.since < unsure.since ? lane.unsure.since : unsure.since,
          upTo: Math.max(lane.unsure?.upTo ?? 0, unsure.upTo),
        };
      if (lane.unsure && lane.cursorSeq >= lane.unsure.upTo) lane.unsure = undefined;
      return { paused: lane.paused !== undefined };
    },
    redrive: async (tenantId, datasetId, events, now) => {
      const lane = mustHave(tenantId, "send", datasetId);
      const shelf = shelfOf(tenantId, datasetId);
      const asked = [...new Map(events.map((event) => [event.seq, event])).values()];
      const taken = asked.filter(({ seq }) => {
        const event = shelf.events[seq - 1];
        return event && shelf.dead.has(seq) && !hasMoved(shelf, seq) ? deadlineOf(event.eventTime) >= now : false;
      });
      for (const { seq, payload } of taken) again(lane, shelf, seq, now, payload === undefined ? {} : { payload });
      if (taken.length > 0 && !lane.paused) lane.dueAt ??= now;
      return taken.map(({ seq }) => seq);
    },
    release: async (lease, { dueAt, attempts = 0, why, paused }, now) => {
      const lane = fenced(lease);
      Object.assign(lane, { leaseUntil: undefined, attempts, why, paused: paused ?? lane.paused });
      const polls = lane.kind === "read" && attempts === 0 && !why;
      if (lane.paused) lane.dueAt = undefined;
      else lane.dueAt = hasMore(lane) && (!dueAt || polls) ? now : dueAt;
      return lane.dueAt;
    },
  };
}

const emptyShelf = (): Shelf => ({
  checkpoint: undefined,
  rings: new Map(),
  ledger: new Map(),
  tallies: new Map(),
  reconciled: new Map(),
  events: [],
  dispatches: [],
  dead: new Map(),
});

/** Whether this number was given up for a later one. */
const hasMoved = ({ events }: Shelf, seq: number): boolean => events.some(({ againOf }) => againOf === seq);

/** When the first request left that held this event, under any of its numbers since somebody last sent it again, and had no answer. */
function unsureSinceOf({ events, dispatches, dead }: Shelf, seq: number): Date | undefined {
  const numbers = new Set<number>();
  for (let at: number | undefined = seq; at !== undefined && !dead.has(at); at = events[at - 1]?.againOf)
    numbers.add(at);
  return dispatches.find(
    ({ verdict, seqFrom, seqTo }) => verdict === "unknown" && [...numbers].some((at) => at >= seqFrom && at <= seqTo),
  )?.sentAt;
}

const hasMore = ({ nextSeq, cursorSeq }: MemoryLane): boolean => nextSeq > cursorSeq + 1;
const leased = ({ leaseUntil }: MemoryLane, now: Date): boolean => leaseUntil !== undefined && leaseUntil > now;

/** A lane that waits for a reason or is being worked on keeps its due time. */
function rungDue(lane: MemoryLane, now: Date): Date | undefined {
  if (lane.paused) return undefined;
  if (!lane.dueAt || lane.attempts > 0 || lane.why || leased(lane, now)) return lane.dueAt ?? now;
  return lane.dueAt < now ? lane.dueAt : now;
}

const nameOf = (outcome: Outcome): KnownEntry["outcome"] => (outcome.outcome === "send" ? "event" : outcome.reason);

function count(tallies: Map<string, number>, { outcomes, dropped = {} }: Kept): void {
  const add = (what: string, n: number) => tallies.set(what, (tallies.get(what) ?? 0) + n);
  for (const outcome of outcomes) {
    add(nameOf(outcome), 1);
    if (outcome.instead) add(outcome.instead, -1);
  }
  for (const [what, n] of Object.entries(dropped)) add(`dropped:${what}`, n);
}

/** What a store gives back: the entry's own fields and nothing that came along with them. */
const bare = ({ record, pipelineId, stageId, enteredAt, timeQuality, entry, filled }: StageEntry): StageEntry => ({
  record: { object: record.object, id: record.id },
  pipelineId,
  stageId,
  enteredAt,
  timeQuality,
  entry,
  filled,
});
