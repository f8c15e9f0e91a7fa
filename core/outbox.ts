import type { BlockReason, DelayReason, FailureCode, RefusalReason, SkipReason } from "./problems.ts";
import type { ConnectionId, DatasetId, RecordRef, StageEntry, TenantId } from "./types.ts";

/**
 * The contract a store must keep. test/conformance/outbox.ts holds every implementation to it.
 *
 * A lane is a fair queue: one for reading each connection (`read`), one for sending to each dataset (`send`), one for each
 * piece of housekeeping (`upkeep`). Whoever holds its lease works on it alone; every write names the lease's token and is
 * void (`lease_lost`) once another has it.
 */
export interface Lease {
  readonly tenantId: TenantId;
  readonly kind: "read" | "send" | "upkeep";
  /** The connection's or the dataset's id, or the housekeeping's name. */
  readonly id: string;
  /** Rises with every claim. */
  readonly token: number;
  readonly until: Date;
  /** Failed tries in a row. */
  readonly attempts: number;
  /** What may have been taken already; gone once the cursor has passed it. */
  readonly unsure?: Unsure;
}

/** Events up to the number `upTo` were in a request that nobody answered; the first such request left at `since`. */
export interface Unsure {
  readonly since: Date;
  readonly upTo: number;
}

/** An entry as the ledger holds it. */
export interface KnownEntry extends StageEntry {
  /** Its number among the entries of its record, from 1; a number is never given twice. */
  readonly place: number;
  /** What was decided: it became an event, or the rule under which it did not. */
  readonly outcome: "event" | SkipReason;
}

/** A stage entry with what was decided about it. */
export type Outcome = {
  readonly entry: StageEntry;
  readonly place: number;
  /** The rule under which it was not sent before: the ledger's row of this place is decided anew. */
  readonly instead?: SkipReason;
} & (
  | {
      readonly outcome: "send";
      /** The event as it will leave, serialised once. */
      readonly payload: string;
    }
  | { readonly outcome: "skip"; readonly reason: SkipReason }
);

export interface Kept {
  readonly outcomes: readonly Outcome[];
  /** Where events go; required when an outcome is `send`. */
  readonly datasetId?: DatasetId;
  readonly mappingVersion: number;
  /** Stored as it is; absent when rings were answered and the reading position did not move. */
  readonly checkpoint?: unknown;
  /** Rings answered by this page: those up to and including this number are done. */
  readonly ringsUpTo?: number;
  /** Match-key values left out as unusable, by `key:why`: counted for the admin. */
  readonly dropped?: Readonly<Record<string, number>>;
  /** Days that have just been compared with the CRM to their end. */
  readonly reconciled?: readonly ReconciledDay[];
}

/** One day (UTC, of the entries' own times) of one connection, as the CRM's history tells it. */
export interface ReconciledDay {
  /** `2026-11-23` */
  readonly day: string;
  /** Stage entries that the CRM has of this day. */
  readonly seen: number;
  /** Those of them that neither doorbell nor poll had brought: kept now, late. */
  readonly missed: number;
}

export interface RingBatch {
  /** Oldest rings first, at most as many as asked for. */
  readonly records: readonly RecordRef[];
  /** True when somebody rang for the whole account. */
  readonly all: boolean;
  /**
   * The number up to which nothing else is left once these are answered: the last ring's when there are more than were
   * asked for, else the lane's newest (what was pushed into the inbox counts on the same lane).
   */
  readonly upTo: number;
}

/** An event on its way. */
export interface Delivery {
  readonly seq: number;
  readonly payload: string;
  readonly eventTime: Date;
  /** When it came into the log. */
  readonly keptAt: Date;
  /** How often it has been set aside because Meta stumbled over it. */
  readonly asides: number;
  /**
   * It may have been taken already: when the first request with it left that nobody answered, under whatever number it had
   * then. What an operator sends again begins anew.
   */
  readonly unsureSince?: Date;
}

/** One request to Meta and what came of it. */
export interface Dispatch {
  readonly seqFrom: number;
  readonly seqTo: number;
  /** Events in the request. */
  readonly events: number;
  readonly sentAt: Date;
  readonly tookMs: number;
  readonly verdict: "accepted" | "retry" | "refused" | "unknown" | "blocked";
  readonly why?: DelayReason | RefusalReason | BlockReason;
  readonly status?: number;
  readonly code?: number;
  readonly subcode?: number;
  readonly traceId?: string;
  /** Meta's own words, where nothing was settled by them: an event that is given up has them itself. */
  readonly words?: string;
}

/** An event given up, with Meta's own words where there are any. */
export interface DeadEvent {
  readonly seq: number;
  readonly reason: RefusalReason;
  readonly code?: number;
  readonly subcode?: number;
  readonly words?: string;
  readonly traceId?: string;
}

/** What one request, or the decision to make none, changes in a lane. */
export interface Step {
  readonly cursor?: number;
  readonly dispatch?: Dispatch;
  readonly dead?: readonly DeadEvent[];
  /** Events (below the cursor) that go to the end of the lane to be tried again there, as they are. */
  readonly aside?: readonly number[];
  /** The request was not answered; the earliest `since` and the highest `upTo` stay. */
  readonly unsure?: Unsure;
}
/** How the lane stands that was written to. */
export interface Standing {
  /** Somebody paused it: nothing more of it may be read or sent. */
  readonly paused: boolean;
}

/** How a lane goes on after a release. */
export interface Release {
  /** Due again at this instant even if nothing new comes; absent: only when there is more. */
  readonly dueAt?: Date;
  /** Failed tries in a row, this one included; absent: 0. */
  readonly attempts?: number;
  /** What makes it wait, for the status sentence; kept on the lane until the next release. */
  readonly why?: LaneReason;
  /** Not due until resumed. */
  readonly paused?: BlockReason | "crm_disconnected";
}
export type LaneReason = DelayReason | RefusalReason | BlockReason | FailureCode;

export interface Outbox {
  /** What `keep` stored last for this connection. */
  checkpoint(tenantId: TenantId, connectionId: ConnectionId): Promise<unknown>;
  /** Every entry known of these records, by `recordKey`, oldest first; entries of one moment by place. */
  known(
    tenantId: TenantId,
    connectionId: ConnectionId,
    records: readonly RecordRef[],
  ): Promise<ReadonlyMap<string, readonly KnownEntry[]>>;
  /** Rings not answered yet. */
  rings(tenantId: TenantId, connectionId: ConnectionId, limit: number): Promise<RingBatch>;
  /** Stores rings durably and makes the connection's lane due. */
  ring(tenantId: TenantId, connectionId: ConnectionId, records: readonly RecordRef[] | "all", now: Date): Promise<void>;
  /** Ledger entries, events, reasons, answered rings and the checkpoint: one transaction under the lease's token, or nothing. */
  keep(lease: Lease, kept: Kept, now: Date): Promise<Standing>;
  /** Leases due lanes, longest due first, `leaseMs` from now. */
  claim(kind: Lease["kind"], now: Date, limit: number, leaseMs: number): Promise<readonly Lease[]>;
  /** The next deliveries in sequence; none of a lane that was paused meanwhile. */
  read(lease: Lease, limit: number): Promise<readonly Delivery[]>;
  /** Notes a request; moves the cursor past what was accepted, given up or set aside. One transaction. */
  advance(lease: Lease, step: Step, now: Date): Promise<Standing>;
  /**
   * Gives the lane back; it is due at once when something came in meanwhile that was not worked on.
   * @returns when it is due again; undefined: when something comes, or somebody resumes it
   */
  release(lease: Lease, next: Release, now: Date): Promise<Date | undefined>;
  /**
   * Gives events that were given up another try, at the end of their lane, as they were or with another payload (of the same
   * event id). Left out: what was not given up, was sent again before, is past its deadline, or whose payload is dropped.
   * @returns the numbers that were taken, of `events`
   */
  redrive(
    tenantId: TenantId,
    datasetId: DatasetId,
    events: readonly { readonly seq: number; readonly payload?: string }[],
    now: Date,
  ): Promise<readonly number[]>;
}
