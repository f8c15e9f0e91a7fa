import { createHash, createHmac, createPublicKey, verify } from "node:crypto";
import { expect, test } from "vitest";
import { readForm } from "./form.ts";
import { errorOf, type Granted, type Json, openSalesforce } from "./salesforce-rig.ts";

const TOKEN = "/services/oauth2/token";
const EXPIRED = "400 invalid_grant: expired access/refresh token";
const STALE = "401 INVALID_SESSION_ID";

test("a token answer is signed, names the instance and has no lifetime", async () => {
  const { first, granted, origin } = await openSalesforce();
  expect(Object.keys(first)).not.toContain("expires_in");
  expect(first).toMatchObject({ token_type: "Bearer", instance_url: origin, scope: "api refresh_token" });
  expect(first.issued_at).toMatch(/^\d{13}$/);
  const signed = createHmac("sha256", granted.clientSecret).update(`${first.id}${first.issued_at}`).digest("base64");
  expect(first.signature).toBe(signed);
  expect(String(first.id)).toMatch(new RegExp(`^${origin}/id/${granted.accountId}/005[a-zA-Z0-9]{15}$`));
});

test("each refresh gives a new refresh token, and showing the old one ends the whole family", async () => {
  const { granted, first, refresh, get } = await openSalesforce();
  const second = (await refresh(String(first.refresh_token))).body as Json;
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect((await get("limits")).status).toBe(200);
  expect(errorOf(await refresh(granted.refreshToken))).toBe(EXPIRED);
  expect(errorOf(await refresh(String(second.refresh_token)))).toBe(EXPIRED);
  expect(errorOf(await get("limits"))).toBe(STALE);
});

test("with rotation off the refresh token stays and is not shown again", async () => {
  const { act, first, refresh } = await openSalesforce();
  await act("rotation", { on: false });
  const again = (await refresh(String(first.refresh_token))).body as Json;
  expect(again).not.toHaveProperty("refresh_token");
  expect((await refresh(String(first.refresh_token))).status).toBe(200);
});

test("a rotation whose answer was lost has happened all the same", async () => {
  const { act, first, refresh } = await openSalesforce();
  await act("fault", { dropAnswer: true, path: TOKEN, times: 1 });
  await expect(refresh(String(first.refresh_token))).rejects.toThrow();
  expect(errorOf(await refresh(String(first.refresh_token)))).toBe(EXPIRED);
});

test("rotation is remembered over a restart", async () => {
  const { first, granted, refresh, get, restart } = await openSalesforce();
  restart();
  expect((await get("limits")).status).toBe(200);
  const second = (await refresh(String(first.refresh_token))).body as Json;
  restart();
  expect(errorOf(await refresh(granted.refreshToken))).toBe(EXPIRED);
  expect(errorOf(await refresh(String(second.refresh_token)))).toBe(EXPIRED);
});

test("access tokens end after two hours or when made to, refresh tokens after 30 idle days", async () => {
  const { act, clock, first, refresh, get, useToken } = await openSalesforce();
  await act("expire");
  expect(errorOf(await get("limits"))).toBe(STALE);
  const second = (await refresh(String(first.refresh_token))).body as Json;
  useToken(String(second.access_token));
  expect((await get("limits")).status).toBe(200);
  clock.at += 2 * 3_600_000 + 1;
  expect(errorOf(await get("limits"))).toBe(STALE);
  clock.at += 29 * 86_400_000;
  const third = (await refresh(String(second.refresh_token))).body as Json; // starts the 30 days anew
  clock.at += 29 * 86_400_000;
  const fourth = (await refresh(String(third.refresh_token))).body as Json;
  clock.at += 30 * 86_400_000 + 1;
  expect(errorOf(await refresh(String(fourth.refresh_token)))).toBe(EXPIRED);
});

test("a sixth approval of one user silently ends the oldest", async () => {
  const { act, first, refresh } = await openSalesforce();
  for (let more = 0; more < 4; more += 1) await act("grant");
  const alive = (await refresh(String(first.refresh_token))).body as Json;
  expect(alive).toHaveProperty("access_token");
  await act("grant");
  expect(errorOf(await refresh(String(alive.refresh_token)))).toBe(EXPIRED);
});

test("an administrator's revocation ends everything", async () => {
  const { act, first, refresh, get } = await openSalesforce();
  await act("revoke");
  expect(errorOf(await get("limits"))).toBe(STALE);
  expect(errorOf(await refresh(String(first.refresh_token)))).toBe(EXPIRED);
});

test("revoking an access token ends only it, revoking a refresh token its family", async () => {
  const { first, post, refresh, get, useToken } = await openSalesforce();
  const second = (await refresh(String(first.refresh_token))).body as Json;
  expect((await post("/services/oauth2/revoke", { token: String(first.access_token) })).status).toBe(200);
  expect(errorOf(await get("limits"))).toBe(STALE);
  useToken(String(second.access_token));
  expect((await get("limits")).status).toBe(200);
  expect((await post("/services/oauth2/revoke", { token: String(second.refresh_token) })).status).toBe(200);
  expect(errorOf(await get("limits"))).toBe(STALE);
});

test("wrong clients and grants are told apart", async () => {
  const { client, post, first } = await openSalesforce();
  const ask = async (form: Record<string, string>) => errorOf(await post(TOKEN, form));
  const good = { grant_type: "refresh_token", refresh_token: String(first.refresh_token), ...client };
  expect(await ask({ ...good, client_id: "x" })).toBe("400 invalid_client_id: client identifier invalid");
  expect(await ask({ ...good, client_secret: "x" })).toBe("400 invalid_client: invalid client credentials");
  expect(await ask({ ...good, grant_type: "password" })).toBe("400 unsupported_grant_type: grant type not supported");
  expect(await ask({ ...good, refresh_token: "x" })).toBe(EXPIRED);
});

test("somebody who left cannot sign in, and their token is not spent by trying", async () => {
  const { act, first, refresh, get } = await openSalesforce();
  await act("user", { active: false });
  expect(errorOf(await refresh(String(first.refresh_token)))).toBe("400 invalid_grant: inactive user");
  expect(errorOf(await get("limits"))).toBe(STALE);
  await act("user", { active: true });
  expect((await refresh(String(first.refresh_token))).status).toBe(200);
});

test("client credentials give an access token and nothing to refresh with", async () => {
  const { client, post, get, useToken } = await openSalesforce();
  const answer = (await post(TOKEN, { grant_type: "client_credentials", ...client })).body as Json;
  expect(answer).not.toHaveProperty("refresh_token");
  useToken(String(answer.access_token));
  expect((await get("limits")).status).toBe(200);
});

test("a token without the api scope cannot use the REST API", async () => {
  const { act, refresh, get, useToken } = await openSalesforce();
  const { refreshToken } = await act<Granted & Json>("grant", { scopes: ["refresh_token", "id"] });
  useToken(String(((await refresh(refreshToken)).body as Json).access_token));
  expect((await get("limits")).body).toEqual([
    { message: "This session is not valid for use with the REST API", errorCode: "INVALID_SESSION_ID" },
  ]);
});

test("introspection, userinfo and identity say who holds a token", async () => {
  const { client, first, granted, post, get, act } = await openSalesforce();
  const introspect = async () =>
    (await post("/services/oauth2/introspect", { token: String(first.access_token), ...client })).body as Json;
  expect(await introspect()).toMatchObject({ active: true, sub: first.id, client_id: granted.clientId });
  expect((await get("/services/oauth2/userinfo")).body).toMatchObject({
    organization_id: granted.accountId,
    sub: first.id,
  });
  const me = new URL(String(first.id)).pathname;
  expect((await get(me)).body).toMatchObject({ organization_id: granted.accountId, active: true });
  await act("expire");
  expect(await introspect()).toEqual({ active: false });
  expect(await get(me)).toMatchObject({ status: 403, body: "Bad_OAuth_Token" });
});

test("the discovery document names endpoints of this origin", async () => {
  const { origin, send } = await openSalesforce();
  const { body } = await send("/.well-known/openid-configuration");
  expect(body).toMatchObject({ issuer: origin, token_endpoint: `${origin}${TOKEN}` });
});

const VERIFIER = "a-verifier-of-at-least-forty-three-characters-long";
const CALLBACK = "http://127.0.0.1:9/callback";
const authorizeQuery = (clientId: string, change: Record<string, string> = {}) =>
  new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: CALLBACK,
    scope: "api refresh_token openid",
    state: "s t/ate",
    code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
    code_challenge_method: "S256",
    ...change,
  });
/** Reads the consent page and sends its form with one of the two buttons. */
async function choose(sf: Awaited<ReturnType<typeof openSalesforce>>, answer: "allow" | "refuse"): Promise<URL> {
  const page = await sf.send(`/services/oauth2/authorize?${authorizeQuery(sf.granted.clientId)}`);
  const form = readForm(String(page.body));
  form.fields.set("answer", answer);
  const { status, headers } = await sf.send(`${form.action}?${form.fields}`);
  expect(status).toBe(302);
  return new URL(headers.get("location") ?? "");
}

test("the code of the browser flow works once, with its verifier and its callback", async () => {
  const sf = await openSalesforce();
  const callback = await choose(sf, "allow");
  expect(callback.search).toContain("%3D");
  expect(callback.searchParams.get("state")).toBe("s t/ate");
  const form = {
    grant_type: "authorization_code",
    code: callback.searchParams.get("code") ?? "",
    redirect_uri: CALLBACK,
    code_verifier: VERIFIER,
    ...sf.client,
  };
  const { code_verifier: _, ...withoutVerifier } = form;
  expect(errorOf(await sf.post(TOKEN, withoutVerifier))).toContain("invalid_grant");
  expect(errorOf(await sf.post(TOKEN, { ...form, code_verifier: "wrong" }))).toContain("invalid code verifier");
  expect(errorOf(await sf.post(TOKEN, { ...form, redirect_uri: `${CALLBACK}/` }))).toContain("redirect_uri_mismatch");
  const { status, body } = await sf.post(TOKEN, form);
  expect(status).toBe(200);
  expect(errorOf(await sf.post(TOKEN, form))).toContain("expired authorization code");
  expect((await sf.refresh(String((body as Json).refresh_token))).status).toBe(200);
});

test("a code is void after 15 minutes", async () => {
  const sf = await openSalesforce();
  const code = (await choose(sf, "allow")).searchParams.get("code") ?? "";
  sf.clock.at += 15 * 60_000 + 1;
  const form = { grant_type: "authorization_code", code, redirect_uri: CALLBACK, code_verifier: VERIFIER };
  expect(errorOf(await sf.post(TOKEN, { ...form, ...sf.client }))).toContain("expired authorization code");
});

test("a denial comes back as access_denied", async () => {
  const callback = await choose(await openSalesforce(), "refuse");
  expect(callback.searchParams.get("error")).toBe("access_denied");
  expect(callback.searchParams.get("state")).toBe("s t/ate");
});

test("authorize refuses unknown clients, strange callbacks and requests without an S256 challenge", async () => {
  const { act, granted, send } = await openSalesforce();
  const ask = async (change: Record<string, string>) =>
    send(`/services/oauth2/authorize?${authorizeQuery(granted.clientId, change)}`);
  expect((await ask({})).status).toBe(200);
  await act("app", { redirectUris: ["https://other.example/callback"] });
  expect((await ask({ redirect_uri: "https://other.example/callback" })).status).toBe(200);
  expect((await ask({})).body).toContain("redirect_uri_mismatch");
  const good = { redirect_uri: "https://other.example/callback" };
  expect((await ask({ ...good, client_id: "x" })).body).toContain("invalid_client_id");
  expect((await ask({ ...good, code_challenge_method: "plain" })).body).toContain("invalid_request");
});

test("with openid there is an id token that the published key confirms", async () => {
  const sf = await openSalesforce();
  const { refreshToken } = await sf.act<Granted & Json>("grant", { scopes: ["api", "refresh_token", "openid"] });
  const idToken = String(((await sf.refresh(refreshToken)).body as Json).id_token);
  const [head, claims, signature = ""] = idToken.split(".");
  const { keys } = (await sf.send("/id/keys")).body as { keys: [Json] };
  const key = createPublicKey({ key: keys[0], format: "jwk" });
  const isRight = verify("sha256", Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, "base64url"));
  expect(isRight).toBe(true);
});

test("too many logins in an hour are refused for a while", async () => {
  const sf = await openSalesforce();
  const login = () => sf.post(TOKEN, { grant_type: "client_credentials", ...sf.client });
  await sf.act("limits", { logins: 3 }); // one was made to open
  expect((await login()).status).toBe(200);
  expect((await login()).status).toBe(200);
  expect(errorOf(await login())).toBe("400 rate_limit_exceeded: login rate exceeded");
  sf.clock.at += 3_600_001;
  expect((await login()).status).toBe(200);
});

test("after a migration a refresh names the new address, and the old one ends sessions", async () => {
  const { act, first, origin, refresh, get, send, useToken } = await openSalesforce();
  const moved = origin.replace("127.0.0.1", "localhost");
  await act("migrate", { instanceUrl: moved });
  expect(errorOf(await get("limits"))).toBe(STALE);
  const second = (await refresh(String(first.refresh_token))).body as Json;
  expect(second.instance_url).toBe(moved);
  useToken(String(second.access_token));
  expect(errorOf(await get("limits"))).toBe(STALE);
  const host = new URL(moved).host;
  expect(host).not.toBe(new URL(origin).host);
  expect((await send("/services/data/v68.0/limits")).status).toBe(401);
});
