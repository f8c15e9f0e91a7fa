import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Credentials, type Hubspot, openHubspot } from "./hubspot-port.ts";

let hubspot: Hubspot;
let now: Date;
let granted: Credentials;
beforeEach(async () => {
  now = new Date("2026-11-20T12:00:00.000Z");
  hubspot = await openHubspot({ now: () => now });
  granted = await hubspot.act<Credentials>("grant");
});
afterEach(() => hubspot.close());
const details = "/account-info/2026-09/details";
const app = () => ({ client_id: granted.clientId, client_secret: granted.clientSecret });

test("a refresh gives a long access token for 1800 seconds, the granted scopes and the same refresh token", async () => {
  const { status, body } = await hubspot.refresh(granted);
  expect(status).toBe(200);
  expect(String(body.access_token).length).toBeGreaterThan(512);
  expect(granted.refreshToken).toMatch(/^na1-/);
  expect(body).toMatchObject({
    token_type: "bearer",
    expires_in: 1800,
    token_use: "access_token",
    refresh_token: granted.refreshToken,
    hub_id: Number(granted.accountId),
    scopes: ["oauth", "crm.objects.contacts.read", "crm.objects.deals.read", "crm.objects.leads.read"],
  });
});

test("with rotation on, each refresh token serves once", async () => {
  await hubspot.act("rotation", { on: true });
  const { body } = await hubspot.refresh(granted);
  expect(body.refresh_token).not.toBe(granted.refreshToken);
  expect((await hubspot.refresh(granted)).body).toMatchObject({ error: "invalid_grant", status: "BAD_REFRESH_TOKEN" });
  expect((await hubspot.refresh({ ...granted, refreshToken: String(body.refresh_token) })).status).toBe(200);
});

test("the token endpoint takes forms only", async () => {
  const body = JSON.stringify({ grant_type: "refresh_token", ...app() });
  expect((await hubspot.ask("POST", "/oauth/2026-09/token", { body })).status).toBe(415);
});

test.each([
  ["BAD_CLIENT_ID", { client_id: "other", grant_type: "nonsense" }],
  ["BAD_GRANT_TYPE", { grant_type: "nonsense" }],
  ["BAD_CLIENT_SECRET", { client_secret: "other" }],
  ["BAD_REFRESH_TOKEN", { refresh_token: "na1-none" }],
])("answers 400 %s, the client id being checked first", async (status, wrong) => {
  const reply = await hubspot.refresh(granted, wrong);
  expect(reply.status).toBe(400);
  expect(reply.body).toMatchObject({ status, error: expect.any(String), error_description: expect.any(String) });
});

test("an access token ends after 1800 seconds with EXPIRED_AUTHENTICATION, an unknown one with INVALID_AUTHENTICATION", async () => {
  now = new Date(now.getTime() + 1_799_000);
  expect((await hubspot.get(details)).body).toMatchObject({
    portalId: Number(granted.accountId),
    uiDomain: "app.hubspot.com",
  });
  now = new Date(now.getTime() + 2_000);
  const expired = await hubspot.get(details);
  expect([expired.status, expired.body.category]).toEqual([401, "EXPIRED_AUTHENTICATION"]);
  expect(expired.body.correlationId).toMatch(/^[0-9a-f-]{36}$/);
  const unknown = await hubspot.get(details, "made-up");
  expect([unknown.status, unknown.body.category]).toEqual([401, "INVALID_AUTHENTICATION"]);
});

test("the action expire ends access tokens now and leaves the refresh token", async () => {
  await hubspot.act("expire");
  expect((await hubspot.get(details)).body.category).toBe("EXPIRED_AUTHENTICATION");
  expect((await hubspot.refresh(granted)).status).toBe(200);
});

test("the action revoke ends all tokens", async () => {
  await hubspot.act("revoke");
  expect((await hubspot.get(details)).status).toBe(401);
  expect((await hubspot.refresh(granted)).body.status).toBe("BAD_REFRESH_TOKEN");
});

test("revoking by API ends the refresh token but not its access tokens", async () => {
  const reply = await hubspot.form("/oauth/2026-09/token/revoke", { ...app(), token: granted.refreshToken });
  expect(reply.status).toBe(200);
  expect((await hubspot.refresh(granted)).body.status).toBe("BAD_REFRESH_TOKEN");
  expect((await hubspot.get(details)).status).toBe(200);
});

test("uninstalling by API answers 204 and ends the refresh token", async () => {
  expect((await hubspot.ask("DELETE", "/appinstalls/2026-09/external-install", { token: hubspot.token })).status).toBe(
    204,
  );
  expect((await hubspot.refresh(granted)).body.status).toBe("BAD_REFRESH_TOKEN");
});

test("introspection knows living tokens, and calls all others inactive with 200", async () => {
  const ask = (token: string) => hubspot.form("/oauth/2026-09/token/introspect", { ...app(), token });
  expect((await ask(hubspot.token)).body).toMatchObject({
    active: true,
    hub_id: Number(granted.accountId),
    expires_in: 1800,
  });
  expect((await ask(granted.refreshToken)).body).toMatchObject({ active: true, token_use: "refresh_token" });
  const unknown = await ask("na1-none");
  expect([unknown.status, unknown.body]).toEqual([200, { active: false }]);
});

const verifier = "v".repeat(43);
const authorize = (more: Record<string, string>) =>
  `/oauth/authorize?${new URLSearchParams({
    client_id: granted.clientId,
    redirect_uri: "https://app.example.com/back",
    state: "s-1",
    scope: "oauth crm.objects.contacts.read crm.objects.deals.read",
    optional_scope: "crm.objects.leads.read crm.objects.custom.read",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    ...more,
  })}`;

test("an admin's consent gives a code that serves once, with optional scopes beyond the tier dropped", async () => {
  const reply = await hubspot.ask("GET", authorize({ answer: "allow" }));
  const back = new URL(String(reply.headers.get("location")));
  expect([back.origin + back.pathname, back.searchParams.get("state")]).toEqual([
    "https://app.example.com/back",
    "s-1",
  ]);
  const exchange = () =>
    hubspot.form("/oauth/2026-09/token", {
      ...app(),
      grant_type: "authorization_code",
      code_verifier: verifier,
      redirect_uri: "https://app.example.com/back",
      code: String(back.searchParams.get("code")),
    });
  const first = await exchange();
  expect(first.body.scopes).toEqual([
    "oauth",
    "crm.objects.contacts.read",
    "crm.objects.deals.read",
    "crm.objects.leads.read",
  ]);
  expect((await hubspot.get(details, String(first.body.access_token))).status).toBe(200);
  expect((await exchange()).body.status).toBe("BAD_AUTH_CODE");
});

test("the exchange refuses another redirect address and another code verifier", async () => {
  const code = async () => {
    const { headers } = await hubspot.ask("GET", authorize({ answer: "allow" }));
    return String(new URL(String(headers.get("location"))).searchParams.get("code"));
  };
  const exchange = async (more: Record<string, string>) =>
    hubspot.form("/oauth/2026-09/token", {
      ...app(),
      grant_type: "authorization_code",
      code: await code(),
      code_verifier: verifier,
      redirect_uri: "https://app.example.com/back",
      ...more,
    });
  expect((await exchange({ redirect_uri: "https://app.example.com/other" })).body.status).toBe("BAD_REDIRECT_URI");
  expect((await exchange({ code_verifier: "w".repeat(43) })).body.status).toBe("BAD_CODE_VERIFIER");
});

test("the consent page asks, takes a no, and stops unknown or missing scopes", async () => {
  const page = await hubspot.ask("GET", authorize({}).replace("/oauth/", `/oauth/${granted.accountId}/`));
  expect(page.text).toContain("Connect app");
  const refused = await hubspot.ask("GET", authorize({ answer: "refuse" }));
  expect(refused.headers.get("location")).toContain("error=access_denied");
  expect((await hubspot.ask("GET", authorize({ answer: "allow", scope: "oauth" }))).status).toBe(400);
  expect((await hubspot.ask("GET", authorize({ answer: "allow", optional_scope: "files" }))).status).toBe(400);
  expect((await hubspot.ask("GET", authorize({ redirect_uri: "https://10.0.0.1/back" }))).status).toBe(400);
});

test("each object needs its scope, leads also for their pipelines", async () => {
  const token = await hubspot.connect(["oauth", "crm.objects.contacts.read"]);
  expect((await hubspot.get("/crm/objects/2026-09/contacts", token)).status).toBe(200);
  expect((await hubspot.get("/crm/pipelines/2026-09/deals", token)).status).toBe(200);
  for (const path of ["/crm/objects/2026-09/deals", "/crm/objects/2026-09/0-136", "/crm/pipelines/2026-09/leads"]) {
    const reply = await hubspot.get(path, token);
    expect([reply.status, reply.body.category]).toEqual([403, "MISSING_SCOPES"]);
    expect(reply.body.errors[0]?.context.requiredGranularScopes).toHaveLength(1);
  }
});
