import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { connectors } from "../connectors/index.ts";
import { createBreakers } from "../core/breaker.ts";
import { Failure } from "../core/errors.ts";
import type { Lease } from "../core/outbox.ts";
import type { Clock, Log } from "../core/ports.ts";
import type { AccessParts } from "./access/access.ts";
import { createTokens } from "./access/tokens.ts";
import { createApp } from "./app.ts";
import { type Config, connectionsOf, hostsOf } from "./config.ts";
import { refuseSecond, writePrivate } from "./data-dir.ts";
import { openDoor } from "./door.ts";
import { appsOf, registerCallbacks, simulatedApps, simulatedOrigins, simulatedPlaces } from "./install/apps.ts";
import { purgeInstalls } from "./install/purge.ts";
import { eraseAsked } from "./lifecycle/erase-person.ts";
import { createMail, type Mail } from "./mail/mail.ts";
import { openMeta } from "./meta/open.ts";
import { renewAccess } from "./meta/renew-access.ts";
import { createPace } from "./network/pace.ts";
import { createAgent } from "./network/transport.ts";
import type { ApiParts } from "./routes/api-route.ts";
import { createLimits } from "./sign-in/limits.ts";
import { operatorKeyFor } from "./sign-in/operator.ts";
import { findOrStartVendors, type Simulated } from "./simulated.ts";
import { connectionsOfAccount } from "./store/connections.ts";
import { startEmbedded } from "./store/embedded/start.ts";
import { inboxReader } from "./store/inbox.ts";
import { freeLanes } from "./store/lanes.ts";
import { openStore } from "./store/open.ts";
import { laneFigures } from "./telemetry/lane-figures.ts";
import { createMetrics } from "./telemetry/metrics.ts";
import { listedKeys, openVault } from "./vault/keys.ts";
import { createChores } from "./workers/chores.ts";
import { startWorkers, type Workers } from "./workers/start.ts";
import { openDemo } from "./workspaces/demo.ts";
import { oneKindOnly } from "./workspaces/one-kind-only.ts";
import { openOwn } from "./workspaces/own.ts";

export interface Running {
  readonly url: string;
  /** As browsers are to know it. */
  readonly publicUrl: string;
  /** How the operator comes into the workspace: once, within 30 minutes. */
  readonly signIn?: string;
  /** The file that says so too, which only its owner may read. */
  readonly note: string;
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
    const vault = await openVault(listedKeys(config, dataDir));
    const tokens = createTokens({ db: store.db, vault, clock });
    const agent = createAgent();
    undo.push(() => agent.close());

    const addresses = simulated?.addresses;
    const access: AccessParts = {
      agent,
      tokens,
      pace: createPace(),
      clock,
      log,
      inbox: ({ tenantId, id }) => inboxReader(store.pool, tenantId, id),
      app: simulated ? await simulatedApps(simulated) : appsOf(config),
      ...(addresses && { simulated: simulatedOrigins(addresses) }),
    };
    // The embedded database serves this process alone: whoever held a lane was killed.
    if (!config.DATABASE_URL) await freeLanes(store.db, clock.now());
    await oneKindOnly(store, config.sandbox, log);
    const workspace = { store, vault, tokens, clock };
    const demo = simulated && (await openDemo(simulated, config.GO_LIVE ?? "last-7-days", workspace));
    const own = simulated ? undefined : await openOwn(config, connectors, access, workspace);
    const webhookSecret = demo?.webhookSecret ?? config.HUBSPOT_CLIENT_SECRET;

    const meta = await openMeta(config, simulated, agent, clock);
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
    // HubSpot, the simulated one as well, takes no IP address to come back to.
    const publicUrl = () => config.PUBLIC_URL ?? (simulated ? here.replace("//127.0.0.1:", "//localhost:") : here);
    let mail: Mail | undefined;
    const install = { vault, ...(addresses && { simulated: simulatedPlaces(addresses) }) };
    const api: ApiParts = {
      store,
      connectors,
      access,
      clock,
      log,
      wake,
      limits: createLimits(),
      publicUrl,
      demo: simulated !== undefined,
      sendMail: () => mail?.send,
    };
    const application = createApp({
      web: config.ROLES.includes("web"),
      hosts: hostsOf(config),
      log,
      connectors,
      health: { metrics: registry, unready: () => unready() },
      ingest: { store, vault, clock, wake: () => wake("read") },
      overview: { store, clock, connectors, demo: simulated !== undefined },
      api,
      install,
      datasets: { vault, meta },
      webhooks: {
        outbox: store.outbox,
        clock,
        log,
        publicUrl: consoleUrl,
        secrets: async (connector) => (connector === "hubspot" && webhookSecret ? [webhookSecret] : []),
        connections: (connector, accountId) => connectionsOfAccount(store.db, connector, accountId),
        erase: eraseAsked({ store, clock }),
        wake: () => wake("read"),
      },
      ...(addresses && { sandboxControl: addresses.control }),
      ...(demo && { demoWorkspace: demo.ingest.connection.tenantId }),
      ...(config.TRUSTED_PROXIES && { trustedProxies: config.TRUSTED_PROXIES }),
    });
    const server = openDoor(application, config.PORT, config.HOST);
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
    if (simulated) await registerCallbacks(simulated, publicUrl());
    if (demo && simulated) await simulated.act("hubspot", "subscribe", { targetUrl: `${here}/webhooks/hubspot` });

    const smtp = config.SMTP_URL ?? addresses?.mail;
    mail = smtp === undefined ? undefined : createMail({ url: smtp, from: config.MAIL_FROM, clock });
    undo.push(() => mail?.close());
    const crmName = (connector: string): string => connectors.get(connector)?.manifest.crmName ?? connector;
    workers = await startWorkers({
      roles: config.ROLES,
      outbox: store.outbox,
      store,
      vault,
      connectors,
      access,
      send: meta.send,
      metaAppSecret: meta.app?.secret,
      breakers,
      clock,
      random,
      log,
      tell,
      chores: createChores({
        store,
        random,
        log,
        crmName,
        consoleUrl,
        heartbeat: { store, connectors, access },
        renewMeta: renewAccess({ store, vault, meta, log }),
        purgeInstalls: purgeInstalls({ ...api, ...install }),
        lifecycle: { ...api, ...install },
        ...(mail && { send: mail.send }),
      }),
      ...(simulated && { pollEveryMs: 3_000 }),
    });
    undo.push(() => workers?.stop());

    const ingest = demo?.ingest ?? own?.ingest;
    // Whoever starts the server comes into its workspace by a link; the sandbox's is open to everybody here.
    const key =
      config.ROLES.includes("web") &&
      own?.ingest &&
      (await operatorKeyFor(store, own.ingest.connection.tenantId, clock.now()));
    const signIn = key ? `${publicUrl()}/sign-in#key=${key}` : undefined;
    const note = join(dataDir, "server.json");
    writePrivate(
      note,
      JSON.stringify({
        pid: process.pid,
        url: here,
        ...(ingest && { ingestKey: `${ingest.connection.id}.${ingest.secret}` }),
        ...(signIn !== undefined && { signIn }),
      }),
    );
    undo.push(() => rmSync(note, { force: true }));
    started = true;
    return { url: here, publicUrl: publicUrl(), ...(signIn !== undefined && { signIn }), note, stop };
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
