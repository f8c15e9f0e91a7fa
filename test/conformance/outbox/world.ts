import assert from "node:assert/strict";
import { isFailure } from "../../../core/errors.ts";
import type { Dispatch, Kept, Lease, Outbox, Outcome, ReconciledDay } from "../../../core/outbox.ts";
import type { FailureCode, SkipReason } from "../../../core/problems.ts";
import type { ConnectionId, DatasetId, StageEntry, TenantId } from "../../../core/types.ts";

/** An empty store, and what the contract leaves to others: opening lanes and resuming them. */
export interface OutboxWorld {
  readonly outbox: Outbox;
  /** The same store as another process sees it. */
  readonly other: Outbox;
  openLane(tenantId: TenantId, kind: Lease["kind"], id: string, dueAt?: Date): Promise<void>;
  pauseLane(tenantId: TenantId, kind: Lease["kind"], id: string, reason: string): Promise<void>;
  resumeLane(tenantId: TenantId, kind: Lease["kind"], id: string, now: Date): Promise<void>;
  /** What lies in the store, for a check to judge by. */
  ledger(tenantId: TenantId, connectionId: ConnectionId): Promise<readonly LedgerRow[]>;
  /** By outcome, over all days; what counts to nothing is left out. */
  tallies(tenantId: TenantId, connectionId: ConnectionId): Promise<Readonly<Record<string, number>>>;
  /** Days that were compared with the CRM, in their order. */
  reconciled(tenantId: TenantId, connectionId: ConnectionId): Promise<readonly ReconciledDay[]>;
}
/** In the order of record and place. `seq`: where the entry's event is now. */
export interface LedgerRow {
  readonly record: string;
  readonly place: number;
  readonly outcome: string;
  readonly seq?: number;
}
export type Check = (world: OutboxWorld) => Promise<void>;

export const tenant = "ten_one" as TenantId;
export const connection = "con_one" as ConnectionId;
export const dataset = "dst_one" as DatasetId;
export const minute = 60_000;

const start = Date.UTC(2026, 10, 23, 9);
/** Minutes after the start of the story. */
export const at = (minutes: number): Date => new Date(start + minutes * minute);

/** One connection, due from the start, and one dataset. */
export async function open(world: OutboxWorld): Promise<void> {
  await world.openLane(tenant, "read", connection, at(0));
  await world.openLane(tenant, "send", dataset);
}

export function entry(
  recordId: string,
  stageId = "s1",
  enteredAt = at(-60),
  more: Partial<StageEntry> = {},
): StageEntry {
  return {
    record: { object: "deal", id: recordId },
    pipelineId: "p1",
    stageId,
    enteredAt,
    timeQuality: "exact",
    entry: `t${enteredAt.getTime()}`,
    filled: false,
    ...more,
  };
}
/** `place`: 1 unless the record has entries already. */
export const sent = (of: StageEntry, place = 1): Outcome => ({
  entry: of,
  place,
  outcome: "send",
  payload: payload(of),
});
export const skipped = (of: StageEntry, place = 1, reason: SkipReason = "stage_ignored"): Outcome => ({
  entry: of,
  place,
  outcome: "skip",
  reason,
});
const payload = ({ record, stageId }: StageEntry): string => `{"event_name":"${stageId}","record":"${record.id}"}`;
export const kept = (outcomes: readonly Outcome[], more: Partial<Kept> = {}): Kept => ({
  outcomes,
  datasetId: dataset,
  mappingVersion: 1,
  ...more,
});

/** The only due lane of its kind. */
export async function claimOne(outbox: Outbox, kind: Lease["kind"], now: Date, leaseMs = minute): Promise<Lease> {
  const [lease, ...more] = await outbox.claim(kind, now, 10, leaseMs);
  assert.ok(lease, `no ${kind} lane is due`);
  assert.equal(more.length, 0, "more than one lane is due");
  return lease;
}

export async function noneDue(outbox: Outbox, kind: Lease["kind"], now: Date): Promise<void> {
  assert.deepEqual(await outbox.claim(kind, now, 10, minute), []);
}

/** Reads a connection once: keeps these events and gives the lane back until `next`. */
export async function ingest(
  world: OutboxWorld,
  entries: readonly StageEntry[],
  now: Date,
  next?: Date,
): Promise<void> {
  const lease = await claimOne(world.outbox, "read", now);
  await world.outbox.keep(lease, kept(entries.map((of) => sent(of))), now);
  await world.outbox.release(lease, next ? { dueAt: next } : {}, now);
}

export async function failsWith(code: FailureCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => isFailure(error, code) || assert.fail(`expected ${code}, got ${error}`));
}

export const records = (...ids: readonly string[]) => ids.map((id) => ({ object: "deal", id }));

/** `count` entries of records of their own, named by numbers from `from`. */
export const entries = (from: number, count: number): readonly StageEntry[] =>
  Array.from({ length: count }, (_, n) => entry(String(from + n)));
export const seqs = (deliveries: readonly { readonly seq: number }[]): readonly number[] =>
  deliveries.map(({ seq }) => seq);
/** A request with these events. */
export const dispatch = (seqFrom: number, seqTo: number, verdict: Dispatch["verdict"] = "accepted"): Dispatch => ({
  seqFrom,
  seqTo,
  events: seqTo - seqFrom + 1,
  sentAt: at(0),
  tookMs: 12.5,
  verdict,
});
