import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import app from "../app.json" with { type: "json" };
import { connectors } from "../connectors/index.ts";
import { limits } from "../core/meta/limits.ts";
import { createSender } from "../core/meta/sender.ts";
import type { Clock, Log } from "../core/ports.ts";
import type { AccessParts } from "./access/access.ts";
import { createTokens } from "./access/tokens.ts";
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import { createAgent, createFetch } from "./network/transport.ts";
import { createMetrics } from "./routes/health.ts";
import { findOrStartVendors, type Simulated } from "./simulated.ts";
import { connectionsOfAccount } from "./store/connections.ts";
import { startEmbedded } from "./store/embedded/start.ts";
import { inboxReader } from "./store/inbox.ts";
import { openStore } from "./store/open.ts";
import { createVault } from "./store/vault.ts";
import { type Lanes, startLanes } from "./workers/lanes.ts";
import { reading } from "./workers/reading.ts";
import { sending } from "./workers/sending.ts";
import { openDemo } from "./workspaces/demo.ts";
import { openOwn } from "./workspaces/own.ts";

export interface Running {
  readonly url: string;
  /** Finishes what is under way, then stops everything that was started. */
  stop(): Promise<void>;
}

/** Puts the whole service together, in one process: database, vendors, workspace, web, workers. */
export async function start(config: Config, log: Log): Promise<Running> {
  const dataDir = resolve(config.DATA_DIR);
  mkdirSync(dataDir, { recursive: true });
  const clock: Clock = { now: () => new Date() };
  const random = Math.random;
  const undo: (() => Promise<unknown> | unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    let simulated: Simulated | undefined;
    if (config.sandbox) {
      simulated = await findOrStartVendors(dataDir, log);
      undo.push(() => simulated?.stop());
    }
    let url = config.DATABASE_URL;
    if (!url) {
      const embedded = await startEmbedded({ dataDir, log });
      undo.push(() => embedded.stop());
      url = embedded.url;
      log.info(embedded.adopted ? "Database found running, going on with it" : "Database started");
    }
    const store = await openStore(url, { log });
    undo.push(() => store.close());
    const vault = createVault([{ id: "k1", key: config.ENCRYPTION_KEY ?? ownKey(dataDir) }]);
    const tokens = createTokens({ db: store.db, vault, clock });
    const agent = createAgent();
    undo.push(() => agent.close());

    const addresses = simulated?.addresses;
    const access: AccessParts = {
      agent,
      tokens,
      clock,
      log,
      inbox: ({ tenantId, id }) => inboxReader(store.pool, tenantId, id),
      ...(addresses && { simulated: { hubspot: addresses.hubspot, salesforce: addresses.salesforce } }),
    };
    const workspace = { store, vault, tokens, clock };
    const demo = simulated && (await openDemo(simulated, config.GO_LIVE ?? "last-7-days", workspace));
    const own = simulated ? undefined : await openOwn(config, connectors, access, workspace);
    const webhookSecret = demo?.webhookSecret ?? config.HUBSPOT_CLIENT_SECRET;

    const origin = addresses?.meta ?? "https://graph.facebook.com";
    const metaFetch = createFetch(agent, {
      hosts: [/^graph\.facebook\.com$/],
      ...(addresses && { trustedOrigins: [addresses.meta] }),
      timeoutMs: limits.requestMs,
      maxBytes: 1_000_000,
    });
    const send = createSender({
      fetch: metaFetch,
      clock,
      origin,
      version: app.meta.graphVersion,
      partnerAgent: app.meta.partnerAgent,
    });
    const ports = { outbox: store.outbox, send, clock, random, log };

    const lanes: { read?: Lanes; send?: Lanes } = {};
    let here = "";
    const server: Server = createApp({
      web: config.ROLES.includes("web"),
      hosts: hostsOf(config),
      log,
      connectors,
      health: { metrics: createMetrics(), unready: () => unready() },
      ingest: { store, vault, clock, wake: () => lanes.read?.wake() },
      overview: { store, clock, connectors, demo: simulated !== undefined },
      webhooks: {
        outbox: store.outbox,
        clock,
        log,
        publicUrl: () => config.PUBLIC_URL ?? here,
        secrets: async (connector) => (connector === "hubspot" && webhookSecret ? [webhookSecret] : []),
        connections: (connector, accountId) => connectionsOfAccount(store.db, connector, accountId),
        wake: () => lanes.read?.wake(),
      },
      ...(addresses && { sandboxControl: addresses.control }),
    }).listen(config.PORT, config.HOST);
    await Promise.race([once(server, "listening"), once(server, "error").then(([error]) => Promise.reject(error))]);
    here = `http://${config.HOST.includes(":") ? `[${config.HOST}]` : config.HOST}:${(server.address() as AddressInfo).port}`;
    let stopping = false;
    const unready = async (): Promise<string | undefined> => {
      if (stopping) return "stopping";
      return await store.pool.query("select 1").then(
        () => undefined,
        () => "the database does not answer",
      );
    };
    undo.push(async () => {
      stopping = true;
      server.close();
      server.closeIdleConnections();
      if (server.listening)
        await Promise.race([once(server, "close"), new Promise((done) => setTimeout(done, 5_000).unref())]);
      server.closeAllConnections();
    });
    if (demo && simulated) await simulated.act("hubspot", "subscribe", { targetUrl: `${here}/webhooks/hubspot` });

    const runner = { outbox: store.outbox, clock, random, log, leaseMs: limits.leaseMs };
    if (config.ROLES.includes("deliver"))
      lanes.send = startLanes({
        ...runner,
        kind: "send",
        concurrency: 16,
        lookEveryMs: 250,
        work: sending({ ...ports, store, vault }),
      });
    if (config.ROLES.includes("ingest"))
      lanes.read = startLanes({
        ...runner,
        kind: "read",
        concurrency: 8,
        lookEveryMs: 250,
        work: reading({
          ...ports,
          store,
          connectors,
          access,
          wakeSender: () => lanes.send?.wake(),
          ...(simulated && { pollEveryMs: 3_000 }),
        }),
      });
    undo.push(async () => {
      await Promise.all([lanes.read?.stop(), lanes.send?.stop()]);
    });

    const ingest = demo?.ingest ?? own?.ingest;
    const note = join(dataDir, "server.json");
    writePrivate(
      note,
      JSON.stringify({
        pid: process.pid,
        url: here,
        ...(ingest && { ingestKey: `${ingest.connection.id}.${ingest.secret}` }),
      }),
    );
    undo.push(() => rmSync(note, { force: true }));
    return { url: here, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The names that people use for us: loopback's, the address we listen on, and the public one. */
const hostsOf = ({ HOST, PUBLIC_URL }: Config): readonly string[] => [
  "localhost",
  "127.0.0.1",
  "::1",
  HOST,
  ...(PUBLIC_URL ? [new URL(PUBLIC_URL).hostname] : []),
];

/** The key of a server that was given none, made once and kept beside its data. */
function ownKey(dataDir: string): string {
  const file = join(dataDir, "encryption.key");
  if (!existsSync(file)) writePrivate(file, randomBytes(32).toString("hex"));
  return readFileSync(file, "utf8").trim();
}

function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  chmodSync(file, 0o600); // a file that was there keeps its mode otherwise
}
