import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import app from "../app.json" with { type: "json" };
import { connectors } from "../connectors/index.ts";
import { createBreakers } from "../core/breaker.ts";
import { Failure } from "../core/errors.ts";
import { limits } from "../core/meta/limits.ts";
import { createSender } from "../core/meta/sender.ts";
import type { Lease } from "../core/outbox.ts";
import type { Clock, Log } from "../core/ports.ts";
import type { AccessParts } from "./access/access.ts";
import { createTokens } from "./access/tokens.ts";
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import { ownKey, refuseSecond, writePrivate } from "./data-dir.ts";
import { createMail } from "./mail/mail.ts";
import { createAgent, createFetch } from "./network/transport.ts";
import { findOrStartVendors, type Simulated } from "./simulated.ts";
import { connectionsOfAccount } from "./store/connections.ts";
import { startEmbedded } from "./store/embedded/start.ts";
import { inboxReader } from "./store/inbox.ts";
import { freeLanes } from "./store/lanes.ts";
import { openStore } from "./store/open.ts";
import { createVault } from "./store/vault.ts";
import { laneFigures } from "./telemetry/lane-figures.ts";
import { createMetrics } from "./telemetry/metrics.ts";
import { createChores } from "./workers/chores.ts";
import { startWorkers, type Workers } from "./workers/start.ts";
import { openDemo } from "./workspaces/demo.ts";
import { oneKindOnly } from "./workspaces/one-kind-only.ts";
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
  let started = false;
  const undo: (() => Promise<unknown> | unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    let simulated: Simulated | undefined;
    await refuseSecond(dataDir);
    if (config.sandbox) {
      simulated = await findOrStartVendors(dataDir, log);
      undo.push(() => (started || !simulated?.found ? simulated?.stop() : undefined));
    }
    let url = config.DATABASE_URL;
    if (!url) {
      const embedded = await startEmbedded({ dataDir, log });
      // Whoever fails to start leaves alone what was running before.
      undo.push(() => (started || !embedded.adopted ? embedded.stop() : embedded.leave()));
      url = embedded.url;
      log.info(embedded.adopted ? "Database found running, going on with it" : "Database started");
    }
    const store = await openStore(url, { log, lingerMs: config.LINGER_MS, connections: connectionsOf(config) });
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
    // The embedded database serves this process alone: whoever held a lane was killed.
    if (!config.DATABASE_URL) await freeLanes(store.db, clock.now());
    await oneKindOnly(store, config.sandbox, log);
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
    const breakers = createBreakers(clock);
    let workers: Workers | undefined;
    const { registry, tell } = createMetrics({
      lanes: () => laneFigures(store.pool, clock.now()),
      log,
      room: breakers.room,
      underWay: () => workers?.underWay() ?? {},
    });
    const wake = (kind: Lease["kind"]) => workers?.wake(kind);
    let here = "";
    const consoleUrl = () => config.PUBLIC_URL ?? here;
    const server: Server = createApp({
      web: config.ROLES.includes("web"),
      hosts: hostsOf(config),
      log,
      connectors,
      health: { metrics: registry, unready: () => unready() },
      ingest: { store, vault, clock, wake: () => wake("read") },
      overview: { store, clock, connectors, demo: simulated !== undefined },
      api: { store, connectors, access, clock, log, wake },
      webhooks: {
        outbox: store.outbox,
        clock,
        log,
        publicUrl: consoleUrl,
        secrets: async (connector) => (connector === "hubspot" && webhookSecret ? [webhookSecret] : []),
        connections: (connector, accountId) => connectionsOfAccount(store.db, connector, accountId),
        wake: () => wake("read"),
      },
      ...(addresses && { sandboxControl: addresses.control }),
    }).listen(config.PORT, config.HOST);
    await listening(server);
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

    const smtp = config.SMTP_URL ?? addresses?.mail;
    const mail = smtp === undefined ? undefined : createMail({ url: smtp, from: config.MAIL_FROM, clock });
    undo.push(() => mail?.close());
    const crmName = (connector: string): string => connectors.get(connector)?.manifest.crmName ?? connector;
    workers = await startWorkers({
      roles: config.ROLES,
      outbox: store.outbox,
      store,
      vault,
      connectors,
      access,
      send,
      breakers,
      clock,
      random,
      log,
      tell,
      chores: createChores({ store, random, log, crmName, consoleUrl, ...(mail && { send: mail.send }) }),
      ...(simulated && { pollEveryMs: 3_000 }),
    });
    undo.push(() => workers?.stop());

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
    started = true;
    return { url: here, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @throws Failure `config_invalid` when the port is taken */
async function listening(server: Server): Promise<void> {
  await once(server, "listening").catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : "unknown fault";
    throw new Failure("config_invalid", `${why}; set another PORT`, { cause });
  });
}

/** Connections of the workers' pool: work waits for vendors most of the time, so a few serve many lanes. */
const connectionsOf = ({ ROLES }: Config): number => (ROLES.includes("deliver") && ROLES.includes("ingest") ? 16 : 10);

/** The names that people use for us: loopback's, the address we listen on, and the public one. */
const hostsOf = ({ HOST, PUBLIC_URL }: Config): readonly string[] => [
  "localhost",
  "127.0.0.1",
  "::1",
  HOST,
  ...(PUBLIC_URL ? [new URL(PUBLIC_URL).hostname] : []),
];
