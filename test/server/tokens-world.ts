import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { hubspot } from "../../connectors/hubspot/index.ts";
import { salesforce } from "../../connectors/salesforce/index.ts";
import { isFailure } from "../../core/errors.ts";
import type { Fetch } from "../../core/ports.ts";
import type { Connection } from "../../core/types.ts";
import { grantOf } from "../../server/access/access.ts";
import type { AppCredentials, Grant, TokenEndpoint } from "../../server/access/grant.ts";
import { createTokens, type Tokens } from "../../server/access/tokens.ts";
import { createAgent, createFetch } from "../../server/network/transport.ts";
import { type Sandbox, startSandbox } from "../../server/sandbox/start.ts";
import { addConnection } from "../../server/store/connections.ts";
import type { Store } from "../../server/store/open.ts";
import { createTenant } from "../../server/store/tenants.ts";
import { createVault, type SecretPlace } from "../../server/store/vault.ts";
import { type TestDatabase, temporaryFolder, testDatabase } from "../postgres.ts";

export interface Granted {
  readonly accountId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}
export type Vendor = "hubspot" | "salesforce";

/** The vendors' token endpoints, and a connection made anew for every test. */
export function tokensWorld() {
  const here = {} as { store: Store; sandbox: Sandbox; tokens: Tokens; connection: Connection; place: SecretPlace };
  const vault = createVault([{ id: "k1", key: randomBytes(32).toString("hex") }]);
  const clock = { now: () => new Date() };
  const agent = createAgent();
  let database: TestDatabase;
  let dir: string;
  beforeAll(async () => {
    dir = await temporaryFolder();
    [database, here.sandbox] = await Promise.all([testDatabase(), startSandbox({ dir, life: { perMinute: 0 } })]);
    here.store = await database.open();
  });
  afterAll(async () => {
    await Promise.all([database.drop(), here.sandbox.close(), agent.destroy()]);
    await rm(dir, { recursive: true });
  });
  beforeEach(async () => {
    const { db } = here.store;
    here.tokens = another();
    const tenant = await createTenant(db, { name: "Acme", allowedKeys: [] }, clock.now());
    const account = { connector: "hubspot", accountId: randomBytes(4).toString("hex"), name: "Acme", config: {} };
    here.connection = await addConnection(db, { tenantId: tenant.id, ...account }, clock.now());
    here.place = grantOf(here.connection);
  });
  afterEach(() => Promise.all([act("hubspot", "fault"), act("salesforce", "fault")]));

  /** As another process would have them. */
  const another = (): Tokens => createTokens({ db: here.store.db, vault, clock });
  const act = async <Answer>(vendor: Vendor, action: string, input: object = {}): Promise<Answer> =>
    (await here.sandbox.simulators.find(({ name }) => name === vendor)?.actions[action]?.(input)) as Answer;
  /** The vendor's token endpoint, reached by this way. */
  const at = (vendor: Vendor, fetch: Fetch, app?: AppCredentials): TokenEndpoint => ({
    url: `${here.sandbox[vendor]}${(vendor === "hubspot" ? hubspot : salesforce).manifest.tokenPath}`,
    fetch,
    mayBeApi: (origin) => origin === here.sandbox[vendor],
    ...(app && { app }),
  });

  /** The way to the vendors, and what went over it. */
  function line(timeoutMs = 5_000): { fetch: Fetch; asked: string[] } {
    const asked: string[] = [];
    const trustedOrigins = [here.sandbox.hubspot, here.sandbox.salesforce];
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
    await here.tokens.store(here.place, { type: "refresh_token", clientId, clientSecret, refreshToken });
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
    const { status } = await fetch(`${here.sandbox[vendor]}${guarded[vendor]}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return status === 200;
  };
  return Object.assign(here, {
    agent,
    clock,
    vault,
    another,
    act,
    refreshTokenOf,
    at,
    line,
    connect,
    codeOf,
    guarded,
    opens,
  });
}
