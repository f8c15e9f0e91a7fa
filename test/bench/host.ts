import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createBreakers } from "../../core/breaker.ts";
import type { AnyConnector } from "../../core/connector.ts";
import { limits } from "../../core/meta/limits.ts";
import { createSender } from "../../core/meta/sender.ts";
import { createApp } from "../../server/app.ts";
import { openDoor } from "../../server/door.ts";
import { purgeInstalls } from "../../server/install/purge.ts";
import { createGraph } from "../../server/meta/graph.ts";
import { renewAccess } from "../../server/meta/renew-access.ts";
import { createPace } from "../../server/network/pace.ts";
import { createAgent, createFetch } from "../../server/network/transport.ts";
import type { ApiParts } from "../../server/routes/api-route.ts";
import { createLimits } from "../../server/sign-in/limits.ts";
import { inboxReader } from "../../server/store/inbox.ts";
import { openStore } from "../../server/store/open.ts";
import { laneFigures } from "../../server/telemetry/lane-figures.ts";
import { createMetrics } from "../../server/telemetry/metrics.ts";
import { createChores } from "../../server/workers/chores.ts";
import { startWorkers } from "../../server/workers/start.ts";
import { syntheticCrm } from "./crm.ts";
import { connections, quiet } from "./server.ts";
import { clock, keysTo } from "./workspace.ts";

/**
 * The whole service in a process of its own (web, readers, senders, housekeeping), put together as server/start.ts does it, with
 * a CRM in which nothing happens. Run as a program it is the service; imported it starts one.
 */
export interface Host {
  readonly url: string;
  /** What is measured from now on; memory and the first poll are of the whole life. */
  begin(): void;
  report(): Promise<HostReport>;
  stop(): Promise<void>;
}
export interface HostReport {
  readonly polls: number;
  /** Since the process was made. */
  readonly firstPollMs: number | null;
  readonly rssMiB: number;
  readonly peakMiB: number;
  readonly cpuUs: number;
  readonly wallMs: number;
  /** How much later than due the event loop came round: 99th percentile. */
  readonly lateMs: number;
}
interface HostOptions {
  readonly url: string;
  readonly pollEveryMs: number;
}

/** How often the event loop is looked at. */
const everyMs = 10;

if (process.argv[1] === import.meta.filename) await serve(JSON.parse(process.argv[2] ?? "{}"));

export async function startHost(options: HostOptions): Promise<Host> {
  const child: ChildProcess = spawn(process.execPath, [import.meta.filename, JSON.stringify(options)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve(Number(message)));
    child.once("exit", (code) => reject(new Error(`the service ended with ${code}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    begin: () => void child.send("begin"),
    async report() {
      child.send("report");
      const [report] = await once(child, "message");
      return report as HostReport;
    },
    async stop() {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

async function serve({ url, pollEveryMs }: HostOptions): Promise<void> {
  let [polls, before] = [0, 0];
  let firstPollMs: number | null = null;
  const crm = syntheticCrm({ pages: 0, pageSize: 0 }, { pollEveryMs });
  const seen: AnyConnector = {
    ...crm,
    changes(...asked) {
      polls += 1;
      firstPollMs ??= performance.now();
      return crm.changes(...asked);
    },
  };
  const { address, stop } = await openService(url, new Map([["bench", seen]]));
  const loop = monitorEventLoopDelay({ resolution: everyMs });
  loop.enable();
  let [cpu, from] = [process.cpuUsage(), performance.now()];
  process.on("message", (message) => {
    if (message === "begin") {
      loop.reset();
      [cpu, from, before] = [process.cpuUsage(), performance.now(), polls];
      return;
    }
    const { user, system } = process.cpuUsage(cpu);
    process.send?.({
      polls: polls - before,
      firstPollMs,
      rssMiB: process.memoryUsage.rss() / 2 ** 20,
      peakMiB: process.resourceUsage().maxRSS / 2 ** 10,
      cpuUs: user + system,
      wallMs: performance.now() - from,
      // What is recorded is the time from one round to the next.
      lateMs: Math.max(0, loop.percentile(99) / 1e6 - everyMs),
    } satisfies HostReport);
  });
  process.on("disconnect", () => void stop().finally(() => process.exit()));
  process.send?.(address.port);
}

async function openService(
  url: string,
  connectors: ReadonlyMap<string, AnyConnector>,
): Promise<{ readonly address: AddressInfo; stop(): Promise<void> }> {
  const store = await openStore(url, { log: quiet, connections });
  const { vault, tokens } = keysTo(store);
  const agent = createAgent();
  const breakers = createBreakers(clock);
  const { registry, tell } = createMetrics({
    lanes: () => laneFigures(store.pool, clock.now()),
    log: quiet,
    room: breakers.room,
  });
  const nowhere = {
    fetch: createFetch(agent, { hosts: [], timeoutMs: limits.requestMs, maxBytes: 1_000_000 }),
    origin: "http://127.0.0.1:1",
    version: "v26.0",
  };
  const send = createSender({ ...nowhere, clock, partnerAgent: "stagewire" });
  const meta = { graph: createGraph(nowhere), send, version: nowhere.version };
  const inbox: ApiParts["access"]["inbox"] = ({ tenantId, id }) => inboxReader(store.pool, tenantId, id);
  const access = { agent, tokens, pace: createPace(), clock, log: quiet, inbox };
  const publicUrl = () => "http://localhost";
  const parts = { store, connectors, access, clock, log: quiet };
  const api: ApiParts = {
    ...parts,
    wake: () => {},
    limits: createLimits(),
    publicUrl,
    demo: false,
    sendMail: () => undefined,
  };
  const app = createApp({
    web: true,
    hosts: ["127.0.0.1"],
    log: quiet,
    connectors,
    health: { metrics: registry, unready: async () => undefined },
    ingest: { store, vault, clock, wake: () => {} },
    overview: { ...parts, demo: false },
    api,
    install: { vault },
    datasets: { vault, meta },
    webhooks: {
      outbox: store.outbox,
      clock,
      log: quiet,
      publicUrl,
      secrets: async () => [],
      connections: async () => [],
      erase: async () => {},
      wake: () => {},
    },
  });
  const server = openDoor(app, 0, "127.0.0.1");
  await once(server, "listening");
  const workers = await startWorkers({
    ...parts,
    roles: ["web", "ingest", "deliver", "upkeep"],
    outbox: store.outbox,
    vault,
    send,
    metaAppSecret: undefined,
    breakers,
    random: Math.random,
    tell,
    chores: createChores({
      store,
      random: Math.random,
      log: quiet,
      crmName: (connector) => connector,
      consoleUrl: publicUrl,
      heartbeat: parts,
      renewMeta: renewAccess({ store, vault, meta, log: quiet }),
      purgeInstalls: purgeInstalls({ ...api, vault }),
      lifecycle: parts,
    }),
  });
  return {
    address: server.address() as AddressInfo,
    async stop() {
      server.closeAllConnections();
      server.close();
      await workers.stop();
      await agent.close();
      await store.close();
    },
  };
}
