import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connectors } from "../../connectors/index.ts";
import { type AccessParts, grantOf } from "../../server/access/access.ts";
import { Grant } from "../../server/access/grant.ts";
import { keepAlive } from "../../server/access/heartbeat.ts";
import { createTokens } from "../../server/access/tokens.ts";
import { createPace } from "../../server/network/pace.ts";
import { createAgent } from "../../server/network/transport.ts";
import { type Sandbox, startSandbox } from "../../server/sandbox/start.ts";
import { addConnection, findConnection } from "../../server/store/connections.ts";
import { pauseLane } from "../../server/store/lanes.ts";
import type { Store } from "../../server/store/open.ts";
import { createTenant } from "../../server/store/tenants.ts";
import { createVault } from "../../server/store/vault.ts";
import { silent, type TestDatabase, temporaryFolder, testDatabase } from "../postgres.ts";

const day = 86_400_000;
const vault = createVault([{ id: "k1", key: randomBytes(32).toString("hex") }]);
const agent = createAgent();
const clock = { at: Date.now(), now: () => new Date(clock.at) };
let database: TestDatabase;
let store: Store;
let sandbox: Sandbox;
let dir: string;
let access: AccessParts;
let beat: ReturnType<typeof keepAlive>;

beforeAll(async () => {
  dir = await temporaryFolder();
  [database, sandbox] = await Promise.all([testDatabase(), startSandbox({ dir, life: { perMinute: 0 } })]);
  store = await database.open();
  const tokens = createTokens({ db: store.db, vault, clock });
  const simulated = { hubspot: sandbox.hubspot, salesforce: sandbox.salesforce };
  const inbox = () => ({ read: async () => [] });
  access = { agent, tokens, pace: createPace(), clock, log: silent, inbox, simulated };
});
afterAll(async () => {
  await Promise.all([database.drop(), sandbox.close(), agent.destroy()]);
  await rm(dir, { recursive: true });
});
beforeEach(async () => {
  await store.db.deleteFrom("secret").execute();
  clock.at = Date.now();
  beat = keepAlive({ store, connectors, access });
});

const act = (vendor: string, action: string, input: object = {}) =>
  sandbox.simulators.find(({ name }) => name === vendor)?.actions[action]?.(input);

/** A connection whose grant was stored just now. */
async function connect(connector: "hubspot" | "salesforce", grant?: Grant) {
  const tenant = await createTenant(store.db, { name: "Acme", allowedKeys: [] }, clock.now());
  const account = { connector, accountId: randomBytes(4).toString("hex"), name: "Acme", config: {} };
  const connection = await addConnection(store.db, { tenantId: tenant.id, ...account }, clock.now());
  const given = grant ?? Grant.parse({ type: "refresh_token", ...((await act(connector, "grant")) as object) });
  await access.tokens.store(grantOf(connection), given);
  return connection;
}
const refreshTokenOf = async (connection: Parameters<typeof grantOf>[0]): Promise<string | undefined> => {
  const grant = await access.tokens.load(grantOf(connection));
  return grant.type === "refresh_token" ? grant.refreshToken : undefined;
};

test("a grant that nobody renewed for a week is renewed, paused or not; a younger one is left alone", async () => {
  const connection = await connect("salesforce");
  await pauseLane(store.db, { tenantId: connection.tenantId, kind: "read", id: connection.id }, "by_person");
  const first = await refreshTokenOf(connection);
  clock.at += 6 * day;
  await beat(clock.now());
  expect(await refreshTokenOf(connection)).toBe(first);
  clock.at += 2 * day;
  await beat(clock.now());
  const second = await refreshTokenOf(connection);
  expect(second).not.toBe(first);
  await beat(clock.now());
  expect(await refreshTokenOf(connection), "it is young again").toBe(second);
});

test("a grant that turns out to be dead pauses its connection, and is not asked for again", async () => {
  const connection = await connect("salesforce");
  await act("salesforce", "revoke");
  clock.at += 8 * day;
  await beat(clock.now());
  const paused = async () => (await findConnection(store.db, connection.tenantId, connection.id))?.pausedReason;
  expect(await paused()).toBe("crm_disconnected");
  await beat(clock.now());
});

test("a vendor that is away pauses nobody, and the grant is tried again at the next beat", async () => {
  const connection = await connect("salesforce");
  const first = await refreshTokenOf(connection);
  clock.at += 8 * day;
  await act("salesforce", "fault", { down: true });
  await beat(clock.now());
  await act("salesforce", "fault");
  expect((await findConnection(store.db, connection.tenantId, connection.id))?.pausedReason).toBeUndefined();
  await beat(clock.now());
  expect(await refreshTokenOf(connection)).not.toBe(first);
});

test("more grants than a page, none of which can be renewed, keep nobody from their turn", {
  timeout: 60_000,
}, async () => {
  for (let n = 0; n < 120; n += 1) await connect("hubspot", { type: "static", accessToken: "pat" });
  const quiet = await connect("salesforce");
  const first = await refreshTokenOf(quiet);
  clock.at += 8 * day;
  expect(await beat(clock.now())).toBe("more");
  expect(await beat(clock.now())).toBeUndefined();
  expect(await refreshTokenOf(quiet)).not.toBe(first);
});
