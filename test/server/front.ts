import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { connectors } from "../../connectors/index.ts";
import { createBreakers } from "../../core/breaker.ts";
import { createSender } from "../../core/meta/sender.ts";
import type { Lease } from "../../core/outbox.ts";
import type { Log } from "../../core/ports.ts";
import type { Connection, DatasetId, Tenant } from "../../core/types.ts";
import type { AccessParts } from "../../server/access/access.ts";
import { createTokens } from "../../server/access/tokens.ts";
import { type AppParts, createApp } from "../../server/app.ts";
import { openDoor } from "../../server/door.ts";
import { simulatedApps, simulatedOrigins, simulatedPlaces } from "../../server/install/apps.ts";
import { eraseAsked } from "../../server/lifecycle/erase-person.ts";
import type { SendMail } from "../../server/mail/mail.ts";
import { createGraph } from "../../server/meta/graph.ts";
import { createPace, type Pace } from "../../server/network/pace.ts";
import { createAgent, createFetch } from "../../server/network/transport.ts";
import { createLimits, usual } from "../../server/sign-in/limits.ts";
import { connectionsOfAccount } from "../../server/store/connections.ts";
import { inboxReader } from "../../server/store/inbox.ts";
import { openStore } from "../../server/store/open.ts";
import { createVault } from "../../server/store/vault.ts";
import { runTasks } from "../../server/tasks/run.ts";
import { createMetrics } from "../../server/telemetry/metrics.ts";
import { reading } from "../../server/workers/reading.ts";
import { sending } from "../../server/workers/sending.ts";
import { connectCrm, connectMeta, ensureIngestSecret, ensureTenant } from "../../server/workspaces/workspace.ts";
import { silent, testDatabase } from "../postgres.ts";
import { createPeople } from "./people.ts";
import { layWire } from "./wire.ts";

/** A customer with an in-house CRM that may push, and a dataset that its events go to. */
export interface Customer {
  readonly tenant: Tenant;
  readonly datasetId: DatasetId;
  readonly connection: Connection;
  /** Standard Webhooks secret. */
  readonly secret: string;
  readonly bearer: string;
}

export const webhookSecret = "the-app's-client-secret";
const stages = ["Prospecting", "Engaging", "Won", "Lost"].map((id) => ({
  id,
  label: id,
  outcome: id === "Won" ? "won" : id === "Lost" ? "lost" : "open",
}));

/** The world outside: simulated vendors, whose time is the real one. */
export type Vendors = Readonly<Record<"hubspot" | "salesforce" | "meta", string>> &
  Readonly<Partial<Record<"salesforceSecond" | "salesforceTest" | "control", string>>>;

/** No test is to be the hundredth of its minute; those about limits bring their own. */
const generous = Object.fromEntries(Object.keys(usual).map((kind) => [kind, { points: 1_000_000, seconds: 60 }]));

/** At a vendor's own pace tests would mostly wait: it takes so many times the calls, and we make as many more. */
const hurry = 20;
const hurried = (pace: Pace): Pace => ({
  paced: (fetch, perSecond, key) => pace.paced(fetch, hurry * perSecond, key),
});
const moreCalls = { perTenSeconds: hurry * 110, searchesPerSecond: hurry * 5, associationsPerTenSeconds: hurry * 150 };

/** Everything behind the address that the world sees: the real routes on a real port over a real store. */
export async function openFront(change: (parts: AppParts) => Partial<AppParts> = () => ({}), vendors?: Vendors) {
  const database = await testDatabase();
  const wire = await layWire(database.url);
  const store = await openStore(wire.url, { log: silent, connections: 5 });
  const vault = createVault([{ id: "k1", key: randomBytes(32).toString("hex") }]);
  // The vendors go by real time; what tests want to be later is so on our side alone.
  const real = (): Date => new Date(Date.now() + clock.aheadMs);
  const clock = { at: new Date("2026-11-23T09:00:00Z"), aheadMs: 0, now: (): Date => (vendors ? real() : clock.at) };
  const logged: string[] = [];
  const note = (message: string, fields?: object): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { info: note, warn: note, error: note };
  const tokens = createTokens({ db: store.db, vault, clock });
  const agent = createAgent();
  const workspace = { store, vault, tokens, clock };
  const woken = { ingest: 0, webhooks: 0, read: 0, send: 0 };
  const wake = (who: keyof typeof woken) => () => {
    woken[who] += 1;
  };
  const address = { url: "" };
  const mails: Parameters<SendMail>[0][] = [];
  const access: AccessParts = {
    agent,
    tokens,
    pace: hurried(createPace()),
    clock,
    log,
    inbox: ({ tenantId, id }) => inboxReader(store.pool, tenantId, id),
    ...(vendors && { simulated: simulatedOrigins(vendors) }),
    ...(vendors?.control && { app: await simulatedApps(backDoor(vendors.control)) }),
  };
  if (vendors?.control) {
    const { act } = backDoor(vendors.control);
    await act("hubspot", "limits", moreCalls);
    await act("hubspot", "lag", { ms: 0 });
  }
  const toMeta = {
    fetch: createFetch(agent, {
      hosts: [],
      ...(vendors && { trustedOrigins: [vendors.meta] }),
      timeoutMs: 10_000,
      maxBytes: 1_000_000,
    }),
    origin: vendors?.meta ?? "http://127.0.0.1:9",
    version: "v26.0",
  };
  const send = createSender({ ...toMeta, clock, partnerAgent: "stagewire" });
  const parts: AppParts = {
    web: true,
    hosts: ["127.0.0.1"],
    log,
    connectors,
    health: { metrics: createMetrics().registry, unready: async () => undefined },
    ingest: { store, vault, clock, wake: wake("ingest") },
    overview: { store, clock, connectors, demo: false },
    api: {
      store,
      connectors,
      access,
      clock,
      log,
      wake: (kind) => wake(kind)(),
      limits: createLimits(generous),
      publicUrl: () => address.url,
      demo: false,
      sendMail: () => async (mail) => void mails.push(mail),
    },
    datasets: { vault, meta: { graph: createGraph(toMeta), send, version: toMeta.version } },
    install: { vault, ...(vendors && { simulated: simulatedPlaces(vendors) }) },
    webhooks: {
      outbox: store.outbox,
      clock,
      log,
      publicUrl: () => address.url,
      secrets: async (connector) => (connector === "hubspot" ? [webhookSecret] : []),
      connections: (connector, accountId) => connectionsOfAccount(store.db, connector, accountId),
      erase: eraseAsked({ store, clock }),
      wake: wake("webhooks"),
    },
  };
  const all = { ...parts, ...change(parts) };
  const server = openDoor(createApp(all), 0, "127.0.0.1");
  await once(server, "listening");
  address.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const people = createPeople(address, store, clock);

  const ports = { outbox: store.outbox, store, clock, log, random: () => 0.5, tell: () => {} };
  const read = reading({ ...ports, connectors, access, wakeSender: () => {} });
  const metaAppSecret = all.datasets.meta.app?.secret;
  const work = sending({ ...ports, vault, send, metaAppSecret, breakers: createBreakers(clock) });
  /** One turn of the reader on every connection that is due. */
  const readAll = async (): Promise<void> => {
    const due: readonly Lease[] = await store.outbox.claim("read", clock.now(), 20, 60_000);
    for (const lease of due) await read(lease);
  };
  /** One turn of the sender on every dataset that is due. */
  const sendAll = async (): Promise<void> => {
    for (const lease of await store.outbox.claim("send", clock.now(), 20, 60_000)) await work(lease);
  };
  return {
    url: address.url,
    parts: all,
    store,
    clock,
    logged,
    woken,
    workspace,
    /** Invitations and the like that have left. */
    mails,
    /** As a member of the workspace that was made first; see `people.as` for others. */
    fetch: people.as("owner"),
    people,
    async customer(name: string): Promise<Customer> {
      const tenant = await ensureTenant(name, { defaultCountry: "US" }, workspace);
      const dataset = { metaId: "1234567890", name: `${name} leads` };
      const datasetId = await connectMeta(tenant.id, dataset, { token: "x".repeat(20) }, workspace);
      const connection = await connectCrm(
        {
          tenantId: tenant.id,
          datasetId,
          connector: "http",
          accountId: "in-house",
          name: `${name} CRM`,
          config: { pipelines: [{ id: "sales", label: "Sales", object: "lead", stages }] },
          sendFrom: new Date("2026-11-20T00:00:00Z"),
        },
        undefined,
        workspace,
      );
      await readAll(); // the first turn learns how things stand
      const secret = await ensureIngestSecret(connection, workspace);
      return { tenant, datasetId, connection, secret, bearer: `Bearer ${connection.id}.${secret}` };
    },
    read: readAll,
    send: sendAll,
    /** Long work, as far as it is due. */
    tasks: runTasks(all.api),
    /** To the database. */
    wire,
    async close(): Promise<void> {
      await stop(server);
      await agent.close();
      await store.close();
      await wire.cut();
      await database.drop();
    },
  };
}
export type Front = Awaited<ReturnType<typeof openFront>>;

/** What the simulated vendors let tests and the demo make happen. */
export const backDoor = (control: string) => ({
  async act<Answer>(vendor: string, action: string, input: unknown): Promise<Answer> {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(input) };
    const answer = await fetch(`${control}/${vendor}/${action}`, init);
    if (!answer.ok) throw new Error(`${vendor} ${action}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  },
});

export async function stop(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
