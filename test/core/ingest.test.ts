import { expect, test } from "vitest";
import { z } from "zod";
import { type Access, type AnyConnector, defineConnector, type Page, recordKey } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import { ingest } from "../../core/ingest.ts";
import { indexMapping, suggest } from "../../core/mapping.ts";
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

const tenantId = "ten_1" as TenantId;
const start = new Date("2026-11-23T12:00:00Z");
const pipeline: Pipeline = {
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
const seen = (id: string, stageId: string, minutesAgo: number): StageObservation => ({
  record: { object: "deal", id },
  pipelineId: "p",
  stageId,
  enteredAt: new Date(start.getTime() - minutesAgo * 60_000),
  timeQuality: "exact",
});

/** A CRM in which we say what is read next. */
function crm() {
  const script = {
    baseline: [] as StageObservation[][],
    changes: [] as StageObservation[][],
    records: [] as StageObservation[],
    fail: undefined as Failure | undefined,
  };
  const asked = { baseline: 0, changes: 0, read: [] as string[], leads: [] as string[] };
  async function* pages(
    batches: readonly StageObservation[][],
    from: number,
  ): AsyncIterable<Page<{ v: 1; at: number }>> {
    const rest = batches.slice(from);
    if (rest.length === 0) yield { observations: [], checkpoint: { v: 1, at: from }, caughtUp: true };
    for (const [n, observations] of rest.entries()) {
      if (script.fail) throw script.fail;
      yield { observations, checkpoint: { v: 1, at: from + n + 1 }, caughtUp: n === rest.length - 1 };
    }
  }
  const connector = defineConnector<unknown, { v: 1; at: number }>({
    manifest: {
      id: "script",
      crmName: "Script",
      auth: "oauth",
      scopes: [],
      hosts: { api: [], token: [] },
      limits: { pollEveryMs: 60_000, requestsPerSecond: 1 },
      can: { history: "full", push: false, backfill: true },
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
    history: () => pages([], 0),
    read: async (_access, records) => {
      asked.read.push(...records.map(recordKey));
      return script.records.filter(({ record }) => records.some((wanted) => recordKey(wanted) === recordKey(record)));
    },
    leads: async (_access, records: readonly RecordRef[]): Promise<ReadonlyMap<string, Lead>> => {
      asked.leads.push(...records.map(recordKey));
      return new Map(
        records.map((record) => [
          recordKey(record),
          { leadId: `10000000000000${record.id.padStart(2, "0")}`, contact: {} },
        ]),
      );
    },
    uninstall: async () => ({ removed: [], left: [] }),
  });
  return { script, asked, connector: connector as AnyConnector };
}

function world(more: Partial<Connection> = {}) {
  const { script, asked, connector } = crm();
  const outbox = createMemoryOutbox();
  const connection: Connection = {
    tenantId,
    id: "con_1" as ConnectionId,
    connector: "script",
    accountId: "1",
    name: "x",
    config: {},
    datasetId: "dst_1" as DatasetId,
    sendFrom: new Date(start.getTime() - 3_600_000),
    ...more,
  };
  outbox.openLane(tenantId, "read", connection.id, start);
  outbox.openLane(tenantId, "send", "dst_1");
  let now = start;
  const setting = {
    tenant: { eventKey: "k", allowedKeys: [] },
    connection,
    leadEventSource: "Script",
    mapping: indexMapping(suggest([pipeline])),
  };
  return {
    script,
    asked,
    outbox,
    connection,
    lane: () => outbox.lane(tenantId, "read", connection.id),
    outcomes: () =>
      outbox
        .ledger(tenantId, connection.id)
        .map((o) => `${o.entry.record.id}${o.entry.stageId} ${o.outcome === "send" ? "send" : o.reason}`),
    events: () =>
      outbox.events(tenantId, "dst_1" as DatasetId).map(({ payload }) => JSON.parse(payload).event_name as string),
    async turn(at = start): Promise<boolean> {
      now = at;
      const [lease] = await outbox.claim("read", now, 1, 60_000);
      if (!lease) return false;
      const ports = {
        outbox,
        clock: { now: () => now },
        random: () => 1,
        log: { info: () => {}, warn: () => {}, error: () => {} },
      };
      await ingest(
        lease,
        { connector, access: {} as Access<unknown>, connection, setting, pollEveryMs: 60_000 },
        ports,
      );
      return true;
    },
  };
}
const later = (ms: number): Date => new Date(start.getTime() + ms);

test("the baseline fills the ledger and sends only what lies after the start that was chosen", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 300), seen("1", "b", 30)], [seen("2", "a", 500)]];
  await it.turn();
  expect(it.outcomes()).toEqual(["1a before_live", "1b send", "2a before_live"]);
  expect(it.asked.leads).toEqual([recordKey({ object: "deal", id: "1" })]);
});

test("changes after the baseline are sent once, however often they are read", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 300)]];
  await it.turn();
  it.script.changes = [
    [seen("1", "b", 5)],
    [seen("1", "b", 5), seen("1", "a", 300)],
    [seen("1", "c", 4), seen("1", "b", 5)],
  ];
  await it.turn(later(60_000));
  expect([it.events(), it.asked.baseline, it.asked.changes]).toEqual([["B", "C"], 1, 1]);
});

test("a jump over stages is filled, in funnel order, before the stage that was reached", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "won", 5)]];
  await it.turn();
  expect(it.events()).toEqual(["A", "B", "C", "WON"]);
});

test("a stage that was filled and is then reported late is not sent twice", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "c", 5)]];
  await it.turn();
  it.script.changes = [[seen("1", "b", 6), seen("1", "c", 5)]];
  await it.turn(later(60_000));
  expect(it.outcomes().at(-1)).toBe("1b sent_as_filled");
  expect(it.events()).toEqual(["A", "B", "C"]);
});

test("nothing is filled for a stage that is itself not sent", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "c", 300)]];
  await it.turn();
  expect(it.outcomes()).toEqual(["1c before_live"]);
});

test("a connection that is not live keeps everything and sends nothing", async () => {
  const { sendFrom: _, ...rest } = world().connection;
  const it = world();
  Object.assign(it.connection, rest, { sendFrom: undefined });
  it.script.baseline = [[seen("1", "a", 5)]];
  await it.turn();
  expect([it.outcomes(), it.asked.leads]).toEqual([["1a not_live"], []]);
});

test("a ring is answered by reading the record, without waiting for the next poll and without polling", async () => {
  const it = world();
  await it.turn();
  const { baseline, changes } = it.asked;
  it.script.records = [seen("7", "a", 1)];
  await it.outbox.ring(tenantId, it.connection.id, [{ object: "deal", id: "7" }], later(1_000));
  expect(await it.turn(later(1_000))).toBe(true);
  expect([it.events(), it.asked.read]).toEqual([["A"], [recordKey({ object: "deal", id: "7" })]]);
  expect([it.asked.baseline, it.asked.changes]).toEqual([baseline, changes]);
  expect(it.lane()?.dueAt).toEqual(later(60_000));
  expect((await it.outbox.rings(tenantId, it.connection.id, 10)).records).toEqual([]);
});

test("a ring for the whole account polls at once", async () => {
  const it = world();
  await it.turn();
  await it.outbox.ring(tenantId, it.connection.id, "all", later(1_000));
  await it.turn(later(1_000));
  expect(it.asked.changes).toBe(1);
});

test("a fault in the middle keeps the pages before it and goes on behind them", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 5)], [seen("2", "a", 5)]];
  const pages = it.script.baseline;
  it.script.baseline = pages.slice(0, 1);
  await it.turn();
  it.script.changes = [[seen("2", "a", 5)]];
  it.script.fail = new Failure("crm_unavailable", "503");
  await it.turn(later(60_000));
  expect(it.lane()).toMatchObject({ attempts: 1, why: "crm_unavailable", dueAt: later(65_000) });
  it.script.fail = undefined;
  await it.turn(later(65_000));
  expect([it.events(), it.lane()?.attempts]).toEqual([["A", "A"], 0]);
});

test("a limit waits as long as the CRM asks, a revoked access until somebody reconnects", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 5)]];
  it.script.fail = new Failure("crm_limit", "", { retryAt: later(900_000) });
  await it.turn();
  expect(it.lane()?.dueAt).toEqual(later(900_000));
  it.script.fail = new Failure("crm_disconnected");
  await it.turn(later(900_000));
  expect(it.lane()).toMatchObject({ paused: "crm_disconnected", dueAt: undefined });
});

test("a checkpoint that the CRM has forgotten starts the baseline again and sends nothing twice", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 5)]];
  await it.turn();
  it.script.changes = [[]];
  it.script.fail = new Failure("checkpoint_lost");
  await it.turn(later(60_000));
  it.script.fail = undefined;
  it.script.baseline = [[seen("1", "a", 5), seen("1", "b", 2)]];
  await it.turn(later(60_000));
  expect([it.asked.baseline, it.events()]).toEqual([2, ["A", "B"]]);
});
