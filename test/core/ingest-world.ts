import { z } from "zod";
import { type Access, type AnyConnector, defineConnector, type Page, recordKey } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import { ingest, type ReadSoFar } from "../../core/ingest.ts";
import { indexMapping, suggest } from "../../core/mapping.ts";
import type { Kept, ReconciledDay } from "../../core/outbox.ts";
import type { Fact } from "../../core/ports.ts";
import type {
  Connection,
  ConnectionId,
  DatasetId,
  Lead,
  Pipeline,
  RecordRef,
  StageObservation,
  TenantId,
} from "../../core/types.ts";
import { createMemoryOutbox } from "../memory-outbox.ts";

export const tenantId = "ten_1" as TenantId;
export const start = new Date("2026-11-23T12:00:00Z");
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** So many milliseconds after the start. */
export const later = (ms: number): Date => new Date(start.getTime() + ms);

export const pipeline: Pipeline = {
  id: "p",
  label: "P",
  object: "deal",
  stages: ["a", "b", "c", "won"].map((id) => ({
    id,
    label: id.toUpperCase(),
    outcome: id === "won" ? "won" : "open",
    active: true,
  })),
};
export const seen = (id: string, stageId: string, minutesAgo: number): StageObservation => ({
  record: { object: "deal", id },
  pipelineId: "p",
  stageId,
  enteredAt: later(-minutesAgo * minute),
  timeQuality: "exact",
});

/** A page of the history as the connector is about to give it. */
interface Slice {
  readonly from: Date;
  readonly to: Date;
  readonly n: number;
}

/** A CRM in which we say what is read next. */
export function crm() {
  const script = {
    baseline: [] as StageObservation[][],
    changes: [] as StageObservation[][],
    records: [] as StageObservation[],
    /** All that ever happened: what the history tells, `historyPage` entries at a time. */
    truth: [] as StageObservation[],
    historyPage: 100,
    /** Happens before each page of the baseline and the changes is given. */
    beforeBatch: async (): Promise<void> => {},
    /** Happens before each page of the history is given. */
    beforePage: (_slice: Slice): void => {},
    /** Records whose person nobody has attached yet. */
    nobodyBehind: new Set<string>(),
    fail: undefined as Failure | undefined,
  };
  const asked = {
    baseline: 0,
    changes: 0,
    history: [] as { from: Date; to: Date }[],
    read: [] as string[],
    leads: [] as string[],
  };
  const can: { history: "full" | "none"; push: boolean; backfill: boolean } = {
    history: "full",
    push: false,
    backfill: true,
  };
  async function* pages(
    batches: readonly StageObservation[][],
    from: number,
  ): AsyncIterable<Page<{ v: 1; at: number }>> {
    const rest = batches.slice(from);
    if (rest.length === 0) yield { observations: [], checkpoint: { v: 1, at: from }, caughtUp: true };
    for (const [n, observations] of rest.entries()) {
      await script.beforeBatch();
      if (script.fail) throw script.fail;
      const progress = { done: from + n + 1, total: batches.length };
      yield { observations, checkpoint: { v: 1, at: from + n + 1 }, caughtUp: n === rest.length - 1, progress };
    }
  }
  const connector = defineConnector<unknown, { v: 1; at: number }>({
    manifest: {
      id: "script",
      crmName: "Script",
      auth: "oauth",
      scopes: [],
      hosts: { api: [], token: [] },
      limits: { pollEveryMs: minute, requestsPerSecond: 1 },
      can,
    },
    config: z.unknown(),
    checkpoint: z.object({ v: z.literal(1), at: z.number() }),
    account: async () => ({ id: "1", name: "x", sandbox: true }),
    check: async () => ({ ok: true, probes: [] }),
    pipelines: async () => [pipeline],
    fields: async () => [],
    baseline: (_access, resume) => {
      asked.baseline += 1;
      return pages(script.baseline, resume?.at ?? 0);
    },
    changes: (_access, since) => {
      asked.changes += 1;
      return pages(script.changes, Math.max(0, since.at - script.baseline.length));
    },
    async *history(_access, { from, to }, resume) {
      asked.history.push({ from, to });
      for (let at = resume?.at ?? 0; ; at += script.historyPage) {
        script.beforePage({ from, to, n: at / script.historyPage });
        const within = script.truth.filter(({ enteredAt }) => enteredAt >= from && enteredAt < to);
        const caughtUp = at + script.historyPage >= within.length;
        yield {
          observations: within.slice(at, at + script.historyPage),
          checkpoint: { v: 1, at: at + script.historyPage },
          caughtUp,
        };
        if (caughtUp) return;
      }
    },
    read: async (_access, records) => {
      asked.read.push(...records.map(recordKey));
      return script.records.filter(({ record }) => records.some((wanted) => recordKey(wanted) === recordKey(record)));
    },
    leads: async (_access, records: readonly RecordRef[]): Promise<ReadonlyMap<string, Lead>> => {
      asked.leads.push(...records.map(recordKey));
      return new Map(
        records
          .filter(({ id }) => !script.nobodyBehind.has(id))
          .map((record) => [
            recordKey(record),
            { leadId: String(1_000_000_000_000_000 + Number(record.id)), contact: {} },
          ]),
      );
    },
    uninstall: async () => ({ removed: [], left: [] }),
  });
  return { script, asked, can, connector: connector as AnyConnector };
}

export function world(more: Partial<Connection> = {}) {
  const { script, asked, can, connector } = crm();
  const outbox = createMemoryOutbox();
  const connection: Connection = {
    tenantId,
    id: "con_1" as ConnectionId,
    connector: "script",
    accountId: "1",
    name: "x",
    config: {},
    datasetId: "dst_1" as DatasetId,
    sendFrom: later(-hour),
    ...more,
  };
  outbox.openLane(tenantId, "read", connection.id, start);
  outbox.openLane(tenantId, "send", "dst_1");
  let now = start;
  const facts: Fact[] = [];
  const kept: Kept[] = [];
  const told: ReadSoFar[] = [];
  const setting = {
    tenant: { eventKey: "k", allowedKeys: [] },
    connection,
    leadEventSource: "Script",
    mapping: indexMapping(suggest([pipeline])),
  };
  /** Pages to be kept before the process dies, and whether it dies after or before the last is written. */
  const crash = { after: Number.POSITIVE_INFINITY, written: true };
  const mortal: typeof outbox.keep = async (lease, page, at) => {
    crash.after -= 1;
    if (crash.after <= 0 && !crash.written) throw new Failure("store_unavailable");
    const standing = await outbox.keep(lease, page, at);
    kept.push(page);
    if (crash.after <= 0) throw new Failure("store_unavailable");
    return standing;
  };
  const turn = async (at = now): Promise<boolean> => {
    now = at;
    const [lease] = await outbox.claim("read", now, 1, minute);
    if (!lease) return false;
    await ingest(
      lease,
      { connector, access: {} as Access<unknown>, connection, setting, pollEveryMs: minute },
      {
        outbox: { ...outbox, keep: mortal },
        clock: { now: () => now },
        random: () => 1,
        log: { info: () => {}, warn: () => {}, error: () => {} },
        tell: (fact) => void facts.push(fact),
        readSoFar: async (_lease, _connection, soFar) => void told.push(soFar),
      },
    );
    return true;
  };
  return {
    script,
    asked,
    outbox,
    connection,
    setting,
    can,
    facts,
    /** How far the reading of the whole account was said to have come. */
    told,
    kept,
    crash,
    turn,
    /** Turns until nothing is due at this instant. */
    async turns(at: Date): Promise<number> {
      now = at;
      for (let count = 0; count < 1_000; count += 1) if (!(await turn(now))) return count;
      throw new Error("it never comes to rest");
    },
    now: () => now,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    lane: () => outbox.lane(tenantId, "read", connection.id),
    outcomes: () =>
      outbox
        .ledger(tenantId, connection.id)
        .map((o) => `${o.entry.record.id}${o.entry.stageId} ${o.outcome === "send" ? "send" : o.reason}`),
    events: () =>
      outbox.events(tenantId, "dst_1" as DatasetId).map(({ payload }) => JSON.parse(payload).event_name as string),
    ring: (id: string) => outbox.ring(tenantId, connection.id, [{ object: "deal", id }], now),
    reconciled: (): readonly ReconciledDay[] => [...outbox.reconciled(tenantId, connection.id).values()],
    /** `[seen, missed]` of every comparison that came to its end. */
    compared: () => facts.flatMap((fact) => (fact.fact === "reconciled" ? [[fact.seen, fact.missed]] : [])),
  };
}
