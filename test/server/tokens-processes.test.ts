import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hubspot } from "../../connectors/hubspot/index.ts";
import { salesforce } from "../../connectors/salesforce/index.ts";
import { isFailure } from "../../core/errors.ts";
import { grantOf } from "../../server/access/access.ts";
import { Grant } from "../../server/access/grant.ts";
import { createTokens } from "../../server/access/tokens.ts";
import { createAgent, createFetch } from "../../server/network/transport.ts";
import { type Sandbox, startSandbox } from "../../server/sandbox/start.ts";
import { addConnection } from "../../server/store/connections.ts";
import type { Store } from "../../server/store/open.ts";
import { login, workerRole } from "../../server/store/roles.ts";
import { createTenant } from "../../server/store/tenants.ts";
import { createVault, type SecretPlace } from "../../server/store/vault.ts";
import { type TestDatabase, temporaryFolder, testDatabase } from "../postgres.ts";
import { stop } from "./front.ts";
import type { Errand } from "./tokens-process.ts";

type Vendor = "hubspot" | "salesforce";
const vaultKey = { id: "k1", key: randomBytes(32).toString("hex") };
const vault = createVault([vaultKey]);
const agent = createAgent();
const connectors = { hubspot, salesforce };
let database: TestDatabase;
let store: Store;
let databaseUrl: string;
let sandbox: Sandbox;
let dir: string;
let place: SecretPlace;
/** Stands before the vendors and counts how often they are asked for a token. */
let gate: Server;
let asked: number;

beforeAll(async () => {
  dir = await temporaryFolder();
  [database, sandbox] = await Promise.all([testDatabase(), startSandbox({ dir, life: { perMinute: 0 } })]);
  store = await database.open();
  databaseUrl = await login(database.url, workerRole, undefined);
  gate = createServer(async (request, response) => {
    asked += 1;
    const [, vendor = "", ...path] = (request.url ?? "").split("/");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await fetch(`${sandbox[vendor as Vendor]}/${path.join("/")}`, {
      method: "POST",
      headers: { "content-type": String(request.headers["content-type"]) },
      body: Buffer.concat(chunks),
    });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  });
  await once(gate.listen(0, "127.0.0.1"), "listening");
});
afterAll(async () => {
  await Promise.all([database.drop(), sandbox.close(), agent.destroy(), stop(gate)]);
  await rm(dir, { recursive: true });
});
beforeEach(async () => {
  asked = 0;
  const tenant = await createTenant(store.db, { name: "Acme", allowedKeys: [] }, new Date());
  const account = { connector: "hubspot", accountId: randomBytes(4).toString("hex"), name: "Acme", config: {} };
  place = grantOf(await addConnection(store.db, { tenantId: tenant.id, ...account }, new Date()));
});

const tokenUrl = (vendor: Vendor): string => {
  const { port } = gate.address() as AddressInfo;
  return `http://127.0.0.1:${port}/${vendor}${connectors[vendor].manifest.tokenPath}`;
};
/** As a process that comes later by so much. */
const later = (ms: number) => createTokens({ db: store.db, vault, clock: { now: () => new Date(Date.now() + ms) } });

async function connect(vendor: Vendor): Promise<void> {
  const grant = sandbox.simulators.find(({ name }) => name === vendor)?.actions.grant;
  await later(0).store(place, Grant.parse({ type: "refresh_token", ...((await grant?.({})) as object) }));
}

/** A process that is ready to ask. */
async function start(
  vendor: Vendor,
  dies = false,
): Promise<{ child: ChildProcess; said: Promise<string | undefined> }> {
  const errand: Errand = { databaseUrl, vaultKey, place, tokenUrl: tokenUrl(vendor), dies };
  const child = spawn(process.execPath, [join(import.meta.dirname, "tokens-process.ts"), JSON.stringify(errand)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const all = lines[Symbol.asyncIterator]();
  await all.next(); // ready
  return { child, said: all.next().then(({ value }) => value as string | undefined) };
}

async function opens(vendor: Vendor, token: string): Promise<boolean> {
  const guarded = { hubspot: "/account-info/2026-09/details", salesforce: "/services/data/v68.0/limits" };
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${sandbox[vendor]}${guarded[vendor]}`, { headers })).ok;
}

const askHere = (vendor: Vendor, laterMs: number): Promise<string> => {
  const trustedOrigins = [new URL(tokenUrl(vendor)).origin];
  const fetch = createFetch(agent, { hosts: [], trustedOrigins, timeoutMs: 20_000, maxBytes: 100_000 });
  const endpoint = { url: tokenUrl(vendor), fetch, mayBeApi: () => true };
  return later(laterMs)
    .accessToken(place, endpoint)
    .catch((error: unknown) => (isFailure(error) ? error.code : Promise.reject(error)));
};

test("twenty processes that ask at once for one rotating token make one request", { timeout: 120_000 }, async () => {
  await connect("salesforce");
  const processes = [];
  for (let n = 0; n < 20; n += 4) processes.push(...(await Promise.all([0, 1, 2, 3].map(() => start("salesforce")))));
  const ended = processes.map(({ child }) => once(child, "exit"));
  for (const { child } of processes) child.stdin?.end("go\n");
  const said = new Set(await Promise.all(processes.map((each) => each.said)));
  await Promise.all(ended);
  expect(said.size).toBe(1);
  expect(asked).toBe(1);
  expect(await opens("salesforce", [...said][0] ?? "")).toBe(true);
});

describe("a process killed between the vendor's answer and our write", () => {
  async function killed(vendor: Vendor): Promise<void> {
    await connect(vendor);
    const { child } = await start(vendor, true);
    const ended = once(child, "exit");
    child.stdin?.end("go\n");
    expect((await ended)[1]).toBe("SIGKILL");
    expect(asked).toBe(1);
    expect(await later(0).load(place)).not.toHaveProperty("accessToken");
  }

  test("costs nothing where refresh tokens stay (HubSpot): the next gets its token when the lease has ended", async () => {
    await killed("hubspot");
    expect(await opens("hubspot", await askHere("hubspot", 31_000))).toBe(true);
    expect(asked).toBe(2);
  });

  test("ends the connection at once where they change (Salesforce): one more request, then a person is asked", async () => {
    await killed("salesforce");
    expect(await askHere("salesforce", 31_000)).toBe("crm_disconnected");
    expect(asked).toBe(2);
    await connect("salesforce");
    expect(await opens("salesforce", await askHere("salesforce", 31_000)), "connected anew").toBe(true);
  });
});
