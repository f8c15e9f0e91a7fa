import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hubspot } from "../../connectors/hubspot/index.ts";
import { salesforce } from "../../connectors/salesforce/index.ts";
import { isFailure } from "../../core/errors.ts";
import type { Fetch } from "../../core/ports.ts";
import type { Connection } from "../../core/types.ts";
import { createAccess, grantOf } from "../../server/access/access.ts";
import type { AppCredentials, Grant, TokenEndpoint } from "../../server/access/grant.ts";
import { createTokens, type Tokens } from "../../server/access/tokens.ts";
import { createPace } from "../../server/network/pace.ts";
import { createAgent, createFetch } from "../../server/network/transport.ts";
import { type Sandbox, startSandbox } from "../../server/sandbox/start.ts";
import { addConnection } from "../../server/store/connections.ts";
import type { Store } from "../../server/store/open.ts";
import { createTenant } from "../../server/store/tenants.ts";
import { createVault, type SecretPlace } from "../../server/store/vault.ts";
import { silent, type TestDatabase, temporaryFolder, testDatabase } from "../postgres.ts";
import { stop } from "./front.ts";

interface Granted {
  readonly accountId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}
type Vendor = "hubspot" | "salesforce";

const vault = createVault([{ id: "k1", key: randomBytes(32).toString("hex") }]);
const clock = { now: () => new Date() };
const agent = createAgent();
let database: TestDatabase;
let store: Store;
let sandbox: Sandbox;
let dir: string;
let tokens: Tokens;
let connection: Connection;
let place: SecretPlace;

beforeAll(async () => {
  dir = await temporaryFolder();
  [database, sandbox] = await Promise.all([testDatabase(), startSandbox({ dir, life: { perMinute: 0 } })]);
  store = await database.open();
});
afterAll(async () => {
  await Promise.all([database.drop(), sandbox.close(), agent.destroy()]);
  await rm(dir, { recursive: true });
});
beforeEach(async () => {
  tokens = another();
  const tenant = await createTenant(store.db, { name: "Acme", allowedKeys: [] }, clock.now());
  const account = { connector: "hubspot", accountId: randomBytes(4).toString("hex"), name: "Acme", config: {} };
  connection = await addConnection(store.db, { tenantId: tenant.id, ...account }, clock.now());
  place = grantOf(connection);
});
afterEach(() => Promise.all([act("hubspot", "fault"), act("salesforce", "fault")]));

/** As another process would have them. */
const another = (): Tokens => createTokens({ db: store.db, vault, clock });
const act = async <Answer>(vendor: Vendor, action: string, input: object = {}): Promise<Answer> =>
  (await sandbox.simulators.find(({ name }) => name === vendor)?.actions[action]?.(input)) as Answer;
/** The vendor's token endpoint, reached by this way. */
const at = (vendor: Vendor, fetch: Fetch, app?: AppCredentials): TokenEndpoint => ({
  url: `${sandbox[vendor]}${(vendor === "hubspot" ? hubspot : salesforce).manifest.tokenPath}`,
  fetch,
  mayBeApi: (origin) => origin === sandbox[vendor],
  ...(app && { app }),
});

/** The way to the vendors, and what went over it. */
function line(timeoutMs = 5_000): { fetch: Fetch; asked: string[] } {
  const asked: string[] = [];
  const trustedOrigins = [sandbox.hubspot, sandbox.salesforce];
  const fetch = createFetch(agent, { hosts: [], trustedOrigins, timeoutMs, maxBytes: 100_000 });
  return {
    asked,
    fetch: (request) => {
      asked.push(String(request.body));
      return fetch(request);
    },
  };
}
async function connect(vendor: Vendor, change: Partial<Granted> = {}): Promise<void> {
  const { clientId, clientSecret, refreshToken } = { ...(await act<Granted>(vendor, "grant")), ...change };
  await tokens.store(place, { type: "refresh_token", clientId, clientSecret, refreshToken });
}
const codeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    (value) => `no failure: ${value}`,
    (error: unknown) => (isFailure(error) ? error.code : `no failure of ours: ${error}`),
  );
const refreshTokenOf = (grant: Grant): string | undefined =>
  grant.type === "refresh_token" ? grant.refreshToken : undefined;
/** Something small that needs a token. */
const guarded = { hubspot: "/account-info/2026-09/details", salesforce: "/services/data/v68.0/limits" };
const opens = async (vendor: Vendor, token: string): Promise<boolean> => {
  const { status } = await fetch(`${sandbox[vendor]}${guarded[vendor]}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return status === 200;
};

describe("a token", () => {
  test("that never runs out is given as it is, and nobody is asked", async () => {
    await tokens.store(place, { type: "static", accessToken: "pat-1" });
    const { fetch, asked } = line();
    expect(await tokens.accessToken(place, at("hubspot", fetch))).toBe("pat-1");
    expect(asked).toEqual([]);
  });

  test("that never runs out ends the connection when it is refused, and is tried again when a person has looked", async () => {
    await tokens.store(place, { type: "static", accessToken: "pat-1" });
    const { fetch } = line();
    tokens.spoil(place, "pat-1");
    expect(await codeOf(tokens.accessToken(place, at("hubspot", fetch)))).toBe("crm_disconnected");
    expect(await tokens.accessToken(place, at("hubspot", fetch))).toBe("pat-1");
  });

  test("of an account that gave none is disconnected", async () => {
    expect(await codeOf(tokens.accessToken(place, at("hubspot", line().fetch)))).toBe("crm_disconnected");
  });

  test("is fetched once and then served from the store, to other processes too", async () => {
    await connect("hubspot");
    const { fetch, asked } = line();
    const token = await tokens.accessToken(place, at("hubspot", fetch));
    expect(await opens("hubspot", token)).toBe(true);
    expect(await tokens.accessToken(place, at("hubspot", fetch))).toBe(token);
    expect(await another().accessToken(place, at("hubspot", fetch))).toBe(token);
    expect(asked).toHaveLength(1);
    expect(await tokens.load(place)).toMatchObject({ accessToken: token, expiresAt: expect.any(String) });
  });

  test("is renewed before it runs out", async () => {
    await connect("hubspot");
    const { fetch, asked } = line();
    const first = await tokens.accessToken(place, at("hubspot", fetch));
    const later = (minutes: number) =>
      createTokens({ db: store.db, vault, clock: { now: () => new Date(Date.now() + minutes * 60_000) } });
    expect(await later(24).accessToken(place, at("hubspot", fetch))).toBe(first);
    expect(await later(26).accessToken(place, at("hubspot", fetch))).not.toBe(first);
    expect(asked).toHaveLength(2);
  });

  test("lies in the store as nobody can read it", async () => {
    await connect("hubspot");
    const token = await tokens.accessToken(place, at("hubspot", line().fetch));
    const rows = await store.db.selectFrom("secret").selectAll().where("owner_id", "=", connection.id).execute();
    expect(rows).toHaveLength(1);
    expect(rows[0]?.ciphertext.includes(Buffer.from(token.slice(0, 20)))).toBe(false);
  });
});

describe("a refresh token that changes (Salesforce)", () => {
  test("is stored with the access token that came with it, and serves the next time", async () => {
    await connect("salesforce");
    const { fetch, asked } = line();
    const seen = new Set([refreshTokenOf(await tokens.load(place))]);
    for (let times = 1; times <= 3; times += 1) {
      const token = await tokens.accessToken(place, at("salesforce", fetch));
      const stored = await another().load(place);
      expect(stored).toMatchObject({ accessToken: token });
      seen.add(refreshTokenOf(stored));
      expect(await opens("salesforce", token)).toBe(true);
      tokens.spoil(place, token);
    }
    expect(seen.size).toBe(4);
    expect(asked).toHaveLength(3);
  });

  test("is never used twice, by however many callers and processes: the vendor would end the connection", async () => {
    await connect("salesforce");
    await act("salesforce", "fault", { slowMs: 50 });
    const { fetch, asked } = line();
    const processes = [tokens, another(), another()];
    const answers = await Promise.all(
      Array.from({ length: 21 }, (_, n) => processes[n % 3]?.accessToken(place, at("salesforce", fetch))),
    );
    expect(new Set(answers).size).toBe(1);
    expect(asked).toHaveLength(1);
    await act("salesforce", "fault");
    expect(await opens("salesforce", String(answers[0]))).toBe(true);
  });
});

describe("a refused refresh", () => {
  test.each<Vendor>(["hubspot", "salesforce"])(
    "of a dead grant (%s) is final at once, with one request for all",
    async (vendor) => {
      await connect(vendor);
      await act(vendor, "revoke");
      await act(vendor, "fault", { slowMs: 20 });
      const { fetch, asked } = line();
      const codes = await Promise.all(
        Array.from({ length: 20 }, () => codeOf(tokens.accessToken(place, at(vendor, fetch)))),
      );
      expect(new Set(codes)).toEqual(new Set(["crm_disconnected"]));
      expect(asked).toHaveLength(1);
    },
  );

  test.each<[Vendor, Partial<Granted>]>([
    ["hubspot", { clientSecret: "wrong" }],
    ["hubspot", { clientId: "wrong" }],
    ["salesforce", { clientSecret: "wrong" }],
    ["salesforce", { clientId: "wrong" }],
  ])("because of our own credentials (%s, %o) is ours to mend, and ends no connection", async (vendor, wrong) => {
    await connect(vendor, wrong);
    expect(await codeOf(tokens.accessToken(place, at(vendor, line().fetch)))).toBe("app_credentials");
  });

  test("of a grant that was replaced meanwhile does not count: the new one serves", async () => {
    await connect("hubspot", { refreshToken: "dead" });
    const { fetch, asked } = line();
    const reconnecting: Fetch = async (request) => {
      const answer = await fetch(request);
      if (asked.length === 1) await connect("hubspot");
      return answer;
    };
    const token = await tokens.accessToken(place, at("hubspot", reconnecting));
    expect(await opens("hubspot", token)).toBe(true);
    expect(asked).toHaveLength(2);
  });
});

describe("what may pass", () => {
  test.each<[string, object, string]>([
    ["a fault of the vendor", { status: 500 }, "crm_unavailable"],
    ["a page of a proxy", { status: 502 }, "crm_unavailable"],
    ["the vendor's limit", { status: 429 }, "crm_limit"],
    ["a connection that breaks", { down: true }, "network_no_answer"],
    ["a vendor that hangs", { slowMs: 1_000 }, "network_no_answer"],
  ])("ends no connection and lets the next try at once: %s", async (_, fault, code) => {
    await connect("hubspot");
    await act("hubspot", "fault", fault);
    const { fetch } = line(200);
    expect(await codeOf(tokens.accessToken(place, at("hubspot", fetch)))).toBe(code);
    await act("hubspot", "fault");
    const next = await another().accessToken(place, at("hubspot", line().fetch));
    expect(await opens("hubspot", next)).toBe(true);
  });

  test.each<[string, number, Record<string, string>, string, string]>([
    ["a page with 200", 200, { "content-type": "text/html" }, "<h1>Sign in</h1>", "crm_unavailable"],
    ["JSON without a token", 200, {}, "{}", "crm_unavailable"],
    ["a redirect", 302, { location: "https://evil.example/" }, "", "crm_unavailable"],
    ["a refusal in a form of its own", 403, {}, '{"error":{"code":1},"status":403}', "crm_unavailable"],
    ["a dead grant told beside a number", 400, {}, '{"error":"invalid_grant","status":400}', "crm_disconnected"],
    ["a limit with a time", 429, { "retry-after": "7" }, "slow down", "crm_limit"],
    ["maintenance with a time", 503, { "retry-after": "7" }, "<h1>Back soon</h1>", "crm_unavailable"],
  ])("is told from what may not, by its form: %s", async (_, status, headers, body, code) => {
    const server = createServer((_request, response) => response.writeHead(status, headers).end(body));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const fetch = createFetch(agent, { hosts: [], trustedOrigins: [origin], timeoutMs: 5_000, maxBytes: 100_000 });
    await connect("hubspot");
    const now = Date.now();
    const failure = await tokens
      .accessToken(place, { url: `${origin}/token`, fetch, mayBeApi: () => true })
      .catch((error: unknown) => error);
    await stop(server);
    expect(isFailure(failure) && failure.code).toBe(code);
    const waits =
      isFailure(failure) && failure.retryAt ? Math.round((failure.retryAt.getTime() - now) / 1_000) : undefined;
    expect(waits).toBe(headers["retry-after"] ? 7 : undefined);
    expect(String(failure)).not.toContain(body || "evil");
  });
});

describe("an access", () => {
  const parts = () => ({
    agent,
    tokens,
    pace: createPace(),
    clock,
    log: silent,
    inbox: () => ({ read: async () => [] }),
    simulated: { hubspot: sandbox.hubspot, salesforce: sandbox.salesforce },
  });
  const get = (vendor: Vendor, token: string) => ({
    method: "GET" as const,
    url: `${sandbox[vendor]}${guarded[vendor]}`,
    headers: { authorization: `Bearer ${token}` },
  });

  test.each([
    ["hubspot", hubspot],
    ["salesforce", salesforce],
  ] as const)(
    "whose token was refused (%s) gets another, once, and so does the next turn",
    async (vendor, connector) => {
      await connect(vendor);
      const turn = () => createAccess(connection, connector, parts());
      const first = await turn();
      const old = await first.token();
      expect((await first.fetch(get(vendor, old))).status).toBe(200);
      await act(vendor, "expire");
      expect((await first.fetch(get(vendor, old))).status).toBe(401);

      const second = await turn();
      const fresh = await second.token();
      expect(fresh).not.toBe(old);
      expect((await second.fetch(get(vendor, fresh))).status).toBe(200);
      expect(await first.token()).toBe(fresh);
      expect((await first.fetch(get(vendor, old))).status).toBe(401);
      expect(await first.token(), "a late refusal of the old one").toBe(fresh);
    },
  );

  test("of a real account goes to the vendor's own hosts only, whatever the grant says", async () => {
    const { simulated: _, ...real } = parts();
    await tokens.store(place, {
      type: "client_credentials",
      clientId: "id",
      clientSecret: "secret",
      apiUrl: sandbox.salesforce,
    });
    const access = await createAccess(connection, salesforce, real);
    expect(await codeOf(access.token())).toBe("host_not_allowed");
    expect(await codeOf(access.fetch(get("salesforce", "token")))).toBe("host_not_allowed");
  });
});
