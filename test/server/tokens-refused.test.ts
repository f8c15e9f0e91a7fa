import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { hubspot } from "../../connectors/hubspot/index.ts";
import { salesforce } from "../../connectors/salesforce/index.ts";
import { isFailure } from "../../core/errors.ts";
import { createAccess } from "../../server/access/access.ts";
import { createPace } from "../../server/network/pace.ts";
import { createFetch } from "../../server/network/transport.ts";
import { silent } from "../postgres.ts";
import { stop } from "./front.ts";
import { tokensWorld, type Vendor } from "./tokens-world.ts";

const here = tokensWorld();
const { agent, clock, another, act, at, line, connect, codeOf, guarded, opens } = here;

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
    expect(await codeOf(here.tokens.accessToken(here.place, at("hubspot", fetch)))).toBe(code);
    await act("hubspot", "fault");
    const next = await another().accessToken(here.place, at("hubspot", line().fetch));
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
    const failure = await here.tokens
      .accessToken(here.place, { url: `${origin}/token`, fetch, mayBeApi: () => true })
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
    tokens: here.tokens,
    pace: createPace(),
    clock,
    log: silent,
    inbox: () => ({ read: async () => [] }),
    simulated: { hubspot: here.sandbox.hubspot, salesforce: here.sandbox.salesforce },
  });
  const get = (vendor: Vendor, token: string) => ({
    method: "GET" as const,
    url: `${here.sandbox[vendor]}${guarded[vendor]}`,
    headers: { authorization: `Bearer ${token}` },
  });

  test.each([
    ["hubspot", hubspot],
    ["salesforce", salesforce],
  ] as const)(
    "whose token was refused (%s) gets another, once, and so does the next turn",
    async (vendor, connector) => {
      await connect(vendor);
      const turn = () => createAccess(here.connection, connector, parts());
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
    await here.tokens.store(here.place, {
      type: "client_credentials",
      clientId: "id",
      clientSecret: "secret",
      apiUrl: here.sandbox.salesforce,
    });
    const access = await createAccess(here.connection, salesforce, real);
    expect(await codeOf(access.token())).toBe("host_not_allowed");
    expect(await codeOf(access.fetch(get("salesforce", "token")))).toBe("host_not_allowed");
  });
});
