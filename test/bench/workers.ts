import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Registry } from "prom-client";
import { http } from "../../connectors/http/index.ts";
import { createBreakers } from "../../core/breaker.ts";
import { limits } from "../../core/meta/limits.ts";
import { createSender } from "../../core/meta/sender.ts";
import type { Lease } from "../../core/outbox.ts";
import type { Connection, Lead, RecordRef } from "../../core/types.ts";
import { createPace } from "../../server/network/pace.ts";
import { createAgent, createFetch } from "../../server/network/transport.ts";
import { inboxReader } from "../../server/store/inbox.ts";
import { renewLease } from "../../server/store/lanes.ts";
import { openStore, type Store } from "../../server/store/open.ts";
import { countFacts } from "../../server/telemetry/facts.ts";
import { startLanes } from "../../server/workers/lanes.ts";
import { reading } from "../../server/workers/reading.ts";
import { sending } from "../../server/workers/sending.ts";
import { type Holdings, syntheticCrm } from "./crm.ts";
import { connections, lingerMs, quiet } from "./server.ts";
import { clock, keysTo } from "./workspace.ts";

export interface WorkersOptions {
  /** Where Meta is. */
  readonly origin: string;
  /** Lanes worked on at a time, as the server has them unless told; 0: nobody does. */
  readonly read?: number;
  readonly send?: number;
  readonly crm?: Holdings;
  readonly pollEveryMs?: number;
  readonly lookEveryMs?: number;
}
export interface Workers {
  wakeReaders(): void;
  stop(): Promise<void>;
}
export interface Hooks {
  /** Hears which events Meta has taken, at the moment at which its answer is here. */
  readonly taken?: (metaId: string, payloads: readonly string[]) => void;
  /** Whom the CRM says a record is about. */
  readonly person?: (record: RecordRef) => Lead;
}

if (process.argv[1] === import.meta.filename) await serve(JSON.parse(process.argv[2] ?? "{}"));

/** The two lease runners as the server puts them together, in this process. */
export function startWorkers(store: Store, options: WorkersOptions, { taken, person }: Hooks = {}): Workers {
  const { read = limits.readingLanes, send: most = limits.sendingLanes } = options;
  const { origin, crm = { pages: 0, pageSize: 0 }, pollEveryMs, lookEveryMs = 250 } = options;
  const agent = createAgent();
  const keys = keysTo(store);
  const fetch = createFetch(agent, {
    hosts: [],
    trustedOrigins: [origin],
    timeoutMs: limits.requestMs,
    maxBytes: 100_000,
  });
  const sender = createSender({ fetch, clock, origin, version: "v26.0", partnerAgent: "stagewire" });
  const send: typeof sender = async (destination, payloads) => {
    const verdict = await sender(destination, payloads);
    if (verdict.verdict === "accepted") taken?.(destination.metaId, payloads);
    return verdict;
  };
  const breakers = createBreakers(clock);
  const tell = countFacts(new Registry());
  const ports = { outbox: store.outbox, send, clock, random: Math.random, log: quiet, tell };
  const runner = {
    ...ports,
    leaseMs: limits.leaseMs,
    lookEveryMs,
    renew: (lease: Lease, to: Date) => renewLease(store.db, lease, to),
  };
  const work = sending({ ...ports, ...keys, store, breakers });
  const senders =
    most > 0 ? startLanes({ ...runner, kind: "send", concurrency: most, room: breakers.room, work }) : undefined;
  const access = {
    agent,
    tokens: keys.tokens,
    pace: createPace(),
    clock,
    log: quiet,
    inbox: ({ tenantId, id }: Connection) => inboxReader(store.pool, tenantId, id),
  };
  const connectors = new Map([
    ["bench", syntheticCrm(crm, { ...(person && { person }), ...(pollEveryMs && { pollEveryMs }) })],
    ["http", http],
  ]);
  const look = reading({ ...ports, store, connectors, access, wakeSender: () => senders?.wake() });
  const readers = read > 0 ? startLanes({ ...runner, kind: "read", concurrency: read, work: look }) : undefined;
  return {
    wakeReaders: () => readers?.wake(),
    async stop() {
      await readers?.stop();
      await senders?.stop();
      await agent.close();
    },
  };
}

interface ProcessOptions extends WorkersOptions {
  readonly url: string;
}
export interface WorkerProcess {
  /** Its CPU time since `go`, in microseconds. */
  cpuUs(): Promise<number>;
  go(): void;
  stop(): Promise<void>;
}

/** The same in a process of its own, which waits for `go`. */
export async function workerProcess(options: ProcessOptions): Promise<WorkerProcess> {
  const child: ChildProcess = spawn(process.execPath, [import.meta.filename, JSON.stringify(options)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(child, "message");
  return {
    async cpuUs() {
      child.send("cost");
      const [us] = await once(child, "message");
      return Number(us);
    },
    go: () => void child.send("go"),
    async stop() {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

async function serve(options: ProcessOptions): Promise<void> {
  const store = await openStore(options.url, { log: quiet, connections, lingerMs });
  let workers: Workers | undefined;
  let cpu = process.cpuUsage();
  process.on("message", (message) => {
    if (message === "go") {
      cpu = process.cpuUsage();
      workers = startWorkers(store, options);
    } else {
      const { user, system } = process.cpuUsage(cpu);
      process.send?.(user + system);
    }
  });
  process.on("disconnect", async () => {
    await workers?.stop();
    await store.close();
    process.exit();
  });
  process.send?.("ready");
}
