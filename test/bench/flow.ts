import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { z } from "zod";
import { type AnyConnector, defineConnector, type Page, recordKey } from "../../core/connector.ts";
import { limits } from "../../core/meta/limits.ts";
import { createSender } from "../../core/meta/sender.ts";
import type { Log } from "../../core/ports.ts";
import type { Lead, StageObservation } from "../../core/types.ts";
import { createTokens } from "../../server/access/tokens.ts";
import { createAgent, createFetch } from "../../server/network/transport.ts";
import { startEmbedded } from "../../server/store/embedded/start.ts";
import { saveMapping } from "../../server/store/mappings.ts";
import { openStore, type Store } from "../../server/store/open.ts";
import { createVault } from "../../server/store/vault.ts";
import { startLanes } from "../../server/workers/lanes.ts";
import { reading } from "../../server/workers/reading.ts";
import { sending } from "../../server/workers/sending.ts";
import { connectCrm, connectMeta, ensureTenant } from "../../server/workspaces/workspace.ts";
import type { Figure } from "./figure.ts";
import { lead, setting } from "./people.ts";
import { startSink } from "./sink.ts";

const quiet: Log = { info: () => {}, warn: () => {}, error: (message) => console.error(message) };

/** From observation to Meta's yes through the whole of ingest, store and delivery, on the embedded database. */
export async function flow(): Promise<readonly Figure[]> {
  const url = process.env.DATABASE_URL;
  const dataDir = mkdtempSync(join(tmpdir(), "stagewire-bench-"));
  const embedded = url ? undefined : await startEmbedded({ dataDir, log: quiet });
  const store = await openStore(url ?? embedded?.url ?? "", { log: quiet, connections: 12 });
  try {
    const where = url ? "PostgreSQL" : "embedded";
    const small = await run(store, { name: "small", connections: 100, pages: 10, pageSize: 100 });
    const large = await run(store, { name: "large", connections: 20, pages: 10, pageSize: 1000 });
    return [
      { figure: `flow, pages of 100, ${where}`, value: small.perSecond, unit: "events/s", target: 40_000 },
      { figure: `flow, pages of 1,000, ${where}`, value: large.perSecond, unit: "events/s", target: 40_000 },
      { figure: "log written, pages of 100, ledger included", value: small.bytes, unit: "bytes/event" },
      { figure: "log written, pages of 1,000, ledger included", value: large.bytes, unit: "bytes/event" },
    ];
  } finally {
    await store.close();
    await embedded?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Load {
  readonly name: string;
  readonly connections: number;
  readonly pages: number;
  readonly pageSize: number;
}

async function run(store: Store, load: Load): Promise<{ perSecond: number; bytes: number }> {
  const sink = await startSink();
  const agent = createAgent();
  const clock = { now: () => new Date() };
  const vault = createVault([{ id: "k", key: "0".repeat(64) }]);
  const tokens = createTokens({ db: store.db, vault, clock });
  const parts = { store, vault, tokens, clock };
  const connector = synthetic(load);
  const tenant = await ensureTenant(`Bench ${load.name}`, "US", parts);
  for (let n = 0; n < load.connections; n += 1) {
    const datasetId = await connectMeta(
      tenant.id,
      { metaId: String(10_000 + n), name: "x" },
      { token: "t".repeat(200) },
      parts,
    );
    const made = await connectCrm(
      {
        tenantId: tenant.id,
        connector: "bench",
        accountId: String(n),
        name: "x",
        config: {},
        datasetId,
        sendFrom: new Date(0),
      },
      { type: "static", accessToken: "t" },
      parts,
    );
    const { version: _, ...mapping } = setting.mapping.mapping;
    await saveMapping(store.db, tenant.id, made.id, { from: 0, mapping, savedBy: "bench" }, clock.now());
  }
  const total = load.connections * load.pages * load.pageSize;
  const fetch = createFetch(agent, { hosts: [], trustedOrigins: [sink.origin], timeoutMs: 10_000, maxBytes: 100_000 });
  const send = createSender({ fetch, clock, origin: sink.origin, version: "v26.0", partnerAgent: "stagewire" });
  const ports = { outbox: store.outbox, send, clock, random: Math.random, log: quiet };
  const access = { agent, tokens, clock, log: quiet, inbox: () => ({ read: async () => [] }) };
  const runner = { ...ports, leaseMs: limits.leaseMs, lookEveryMs: 50 };
  const before = await wal(store);
  const started = performance.now();
  const senders = startLanes({ ...runner, kind: "send", concurrency: 6, work: sending({ ...ports, store, vault }) });
  const readers = startLanes({
    ...runner,
    kind: "read",
    concurrency: 4,
    work: reading({
      ...ports,
      store,
      connectors: new Map([["bench", connector]]),
      access,
      wakeSender: () => senders.wake(),
    }),
  });
  while ((await accepted(store, tenant.id)) < total) await new Promise((resolve) => setTimeout(resolve, 50));
  const seconds = (performance.now() - started) / 1000;
  await readers.stop();
  await senders.stop();
  const bytes = (await wal(store)) - before;
  await agent.close();
  sink.stop();
  return { perSecond: total / seconds, bytes: bytes / total };
}

async function wal(store: Store): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`select (pg_current_wal_lsn() - '0/0')::float8 as bytes`.execute(
    store.db,
  );
  return rows[0]?.bytes ?? 0;
}

async function accepted(store: Store, tenantId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(cursor_seq), 0)::float8 as n from lane where tenant_id = ${tenantId} and kind = 'send'`.execute(
    store.db,
  );
  return rows[0]?.n ?? 0;
}

/** A CRM whose every record has just entered its stage, and which knows everybody's mail and phone. */
function synthetic({ pages, pageSize }: Load): AnyConnector {
  const person = (id: string): Lead => lead(Number(id) % 1_000_000, 2);
  const config = z.object({});
  const checkpoint = z.object({ v: z.literal(1), page: z.number() });
  const now = Date.now();
  return defineConnector<z.infer<typeof config>, z.infer<typeof checkpoint>>({
    manifest: {
      id: "bench",
      crmName: "HubSpot",
      auth: "oauth",
      origin: "https://bench.invalid",
      scopes: [],
      hosts: { api: [], token: [] },
      limits: { pollEveryMs: 3_600_000, requestsPerSecond: 1000 },
      can: { history: "full", push: false, backfill: false },
    },
    config,
    checkpoint,
    account: async () => ({ id: "1", name: "bench", sandbox: true }),
    check: async () => ({ ok: true, probes: [] }),
    pipelines: async () => [],
    fields: async () => [],
    async *baseline({ accountId }, resume): AsyncIterable<Page<z.infer<typeof checkpoint>>> {
      for (let page = resume?.page ?? 0; page < pages; page += 1) {
        const observations = Array.from({ length: pageSize }, (_, n): StageObservation => {
          const at = page * pageSize + n;
          return {
            record: { object: "deal", id: String((Number(accountId) + 1) * 1_000_000 + at) },
            pipelineId: "sales",
            stageId: "s0",
            enteredAt: new Date(now - 3_600_000 + at),
            timeQuality: "exact",
          };
        });
        yield { observations, checkpoint: { v: 1, page: page + 1 }, caughtUp: page === pages - 1 };
      }
    },
    async *changes(_access, since) {
      yield { observations: [], checkpoint: since, caughtUp: true };
    },
    async *history() {},
    read: async () => [],
    leads: async (_access, records) => new Map(records.map((record) => [recordKey(record), person(record.id)])),
    uninstall: async () => ({ removed: [], left: [] }),
  }) as AnyConnector;
}
