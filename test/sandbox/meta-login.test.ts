import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createMeta } from "../../server/sandbox/meta/index.ts";
import { type Sandbox, startSandbox } from "../../server/sandbox/start.ts";
import { readForm } from "./form.ts";
import { type Answer, act, call, event, NOW, numbers, send, temporaryFolder } from "./meta-world.ts";

interface App {
  readonly appId: string;
  readonly appSecret: string;
  readonly configId: string;
}
interface Business {
  readonly id: string;
  readonly name: string;
  readonly datasets: readonly { id: string; name: string; isCrm: boolean; permitted: boolean; shared?: boolean }[];
}
interface World {
  readonly businesses: readonly [Business, Business];
  readonly people: readonly { readonly id: string; readonly name: string }[];
}
const BACK = "http://localhost:9/oauth/meta/callback";
const DAY_S = 86_400;

let sandbox: Sandbox;
let clock: { at: number };
let app: App;
let world: World;
beforeEach(async () => {
  clock = { at: NOW.getTime() };
  const meta = (options: { dir: string }) => createMeta({ ...options, seed: "test", now: () => new Date(clock.at) });
  sandbox = await startSandbox({ dir: temporaryFolder(), simulators: { meta } });
  onTestFinished(() => sandbox.close());
  app = await act<App>(sandbox, "app");
  world = await act<World>(sandbox, "businesses");
});

const dialog = (more: Record<string, string> = {}, without: readonly string[] = []): string => {
  const query = new URLSearchParams({
    client_id: app.appId,
    redirect_uri: BACK,
    state: "ours",
    config_id: app.configId,
    response_type: "code",
    override_default_response_type: "true",
    ...more,
  });
  for (const name of without) query.delete(name);
  return `${sandbox.meta}/v26.0/dialog/oauth?${query}`;
};
/** Agrees in the dialog, sharing all datasets of the business that are not named otherwise. */
async function agree(business: Business, datasets = business.datasets.map(({ id }) => id)): Promise<URL> {
  const page = await (await fetch(dialog({ business: business.id }))).text();
  const { action, fields } = readForm(page);
  fields.delete("datasets");
  for (const id of datasets) fields.append("datasets", id);
  fields.set("answer", "allow");
  const answer = await fetch(`${sandbox.meta}${action}?${fields}`, { redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "");
}
const get = (path: string, params: Record<string, string> = {}): Promise<Answer> =>
  call(`${sandbox.meta}/v26.0/${path}?${new URLSearchParams(params)}`, { method: "GET" });
const signed = (token: string): Record<string, string> => ({
  access_token: token,
  appsecret_proof: createHmac("sha256", app.appSecret).update(token).digest("hex"),
});
const exchange = (code: string | null, more: Record<string, string> = {}): Promise<Answer> =>
  get("oauth/access_token", {
    client_id: app.appId,
    client_secret: app.appSecret,
    redirect_uri: BACK,
    code: String(code),
    ...more,
  });
const login = async (business: Business, datasets?: readonly string[]): Promise<string> =>
  String((await exchange((await agree(business, datasets as string[])).searchParams.get("code"))).body.access_token);
const post = (path: string, token: string, params: Record<string, string> = {}): Promise<Answer> =>
  call(`${sandbox.meta}/v26.0/${path}`, { method: "POST", body: new URLSearchParams({ ...signed(token), ...params }) });
const debug = async (token: string) =>
  (await get("debug_token", { input_token: token, access_token: `${app.appId}|${app.appSecret}` })).body.data as Record<
    string,
    unknown
  >;
const ids = ({ body }: Answer): readonly string[] => (body.data as { id: string }[]).map(({ id }) => id);
/** Without a configuration: a person's own token. */
async function personToken(): Promise<string> {
  const address = dialog({ scope: "ads_management,business_management", answer: "allow" }, ["config_id"]);
  const back = new URL((await fetch(address, { redirect: "manual" })).headers.get("location") ?? "");
  return String((await exchange(back.searchParams.get("code"))).body.access_token);
}

describe("The login dialog", () => {
  test("lets a business be chosen, then datasets, and comes back with a code, the state and Facebook's fragment", async () => {
    const first = await (await fetch(dialog())).text();
    for (const { name, id } of world.businesses) {
      expect(first).toContain(name);
      expect(first).toContain(`business=${id}`);
    }
    const back = await agree(world.businesses[0]);
    expect(`${back.origin}${back.pathname}`).toBe(BACK);
    expect([back.searchParams.get("state"), back.hash]).toEqual(["ours", "#_=_"]);
  });

  test("refuses a configuration, an app, an address or a response type it does not know, without going back", async () => {
    await act(sandbox, "app", { redirectUris: [BACK] });
    for (const wrong of [
      { config_id: "1" },
      { client_id: "1" },
      { redirect_uri: `${BACK}/` },
      { response_type: "token" },
    ] as Record<string, string>[]) {
      const answer = await fetch(dialog({ ...wrong, answer: "allow" }), { redirect: "manual" });
      expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    }
  });

  test("comes back with Facebook's error when the person cancels", async () => {
    const answer = await fetch(dialog({ answer: "refuse" }), { redirect: "manual" });
    const { searchParams } = new URL(answer.headers.get("location") ?? "");
    expect(Object.fromEntries(searchParams)).toMatchObject({
      error: "access_denied",
      error_reason: "user_denied",
      state: "ours",
    });
  });

  test("lets only an admin of the business connect it", async () => {
    const ben = world.people.find(({ name }) => name === "Ben Fischer");
    const ask = (business: Business) =>
      fetch(dialog({ business: business.id, user: String(ben?.id), answer: "allow" }), { redirect: "manual" });
    expect((await ask(world.businesses[0])).status).toBe(403);
    expect((await ask(world.businesses[1])).status).toBe(302);
  });
});

describe("A code", () => {
  test("becomes a token of the business's system user that never ends, with all permissions of the configuration", async () => {
    const { status, body } = await exchange((await agree(world.businesses[0])).searchParams.get("code"));
    expect(status).toBe(200);
    expect(body).toEqual({ access_token: expect.stringMatching(/^EAA/), token_type: "bearer" });
    const token = String(body.access_token);
    expect(await debug(token)).toMatchObject({
      app_id: app.appId,
      type: "SYSTEM_USER",
      is_valid: true,
      expires_at: 0,
      scopes: ["ads_read", "ads_management", "business_management"],
      granular_scopes: expect.arrayContaining([
        { scope: "business_management", target_ids: [world.businesses[0].id] },
        { scope: "ads_management", target_ids: world.businesses[0].datasets.map(({ id }) => id) },
      ]),
    });
    const me = await get("me", { fields: "id,client_business_id", ...signed(token) });
    expect(me.body).toMatchObject({ client_business_id: world.businesses[0].id });
  });

  test("serves once, for ten minutes, for its redirect address, and with the app's secret", async () => {
    const code = (await agree(world.businesses[0])).searchParams.get("code");
    expect(numbers(await exchange(code, { client_secret: "wrong" }))).toEqual([400, 1, undefined]);
    expect(numbers(await exchange(code, { client_id: "1" }))).toEqual([400, 101, undefined]);
    expect(numbers(await exchange(code, { redirect_uri: `${BACK}/` }))).toEqual([400, 100, 36008]);
    expect((await exchange(code)).status).toBe(200);
    expect(numbers(await exchange(code))).toEqual([400, 100, 36009]);
    const late = (await agree(world.businesses[0])).searchParams.get("code");
    clock.at += 10 * 60_000;
    expect(numbers(await exchange(late))).toEqual([400, 100, 36007]);
    expect(numbers(await exchange("nonsense"))).toEqual([400, 100, undefined]);
  });

  test("of a configuration with 60-day tokens gives one that ends then, and can be renewed before", async () => {
    await act(sandbox, "app", { tokenLife: "60days" });
    const { body } = await exchange((await agree(world.businesses[0])).searchParams.get("code"));
    expect(body.expires_in).toBe(60 * DAY_S);
    const token = String(body.access_token);
    expect((await debug(token)).expires_at).toBe(NOW.getTime() / 1000 + 60 * DAY_S);
    clock.at += 50 * DAY_S * 1000;
    const renew = (text: string) =>
      get("oauth/access_token", {
        client_id: app.appId,
        client_secret: app.appSecret,
        grant_type: "fb_exchange_token",
        fb_exchange_token: text,
      });
    const renewed = (await renew(token)).body;
    expect(renewed.expires_in).toBe(60 * DAY_S);
    expect(renewed.access_token).not.toBe(token);
    clock.at += 10 * DAY_S * 1000;
    expect(numbers(await get("me", signed(token)))).toEqual([400, 190, 463]);
    expect(numbers(await renew(token))).toEqual([400, 190, 463]);
    expect(await debug(token)).toMatchObject({ is_valid: false, error: { subcode: 463 } });
    expect((await get("me", signed(String(renewed.access_token)))).status).toBe(200);
  });

  test("of plain Facebook Login gives a person's token: short, with businesses, and 190 for the client business", async () => {
    const token = await personToken();
    expect(await debug(token)).toMatchObject({ type: "USER", is_valid: true, user_id: world.people[0]?.id });
    expect(numbers(await get("me", { fields: "client_business_id", ...signed(token) }))).toEqual([400, 190, undefined]);
    expect(ids(await get("me/businesses", signed(token)))).toEqual(world.businesses.map(({ id }) => id));
    clock.at += 2 * 3_600_000;
    expect(numbers(await get("me", signed(token)))).toEqual([400, 190, 463]);
  });
});

describe("A business's datasets", () => {
  test("are listed with what may be done with them: owned ones, those lent by others, and only those shared with us", async () => {
    const [business, other] = world.businesses;
    const token = await login(business);
    const fields = "id,name,is_crm,permitted_tasks,owner_business";
    const owned = await get(`${business.id}/owned_pixels`, { fields, ...signed(token) });
    const lent = await get(`${business.id}/client_pixels`, { fields, ...signed(token) });
    expect(owned.body.data).toMatchObject([
      { is_crm: true, permitted_tasks: expect.arrayContaining(["UPLOAD"]), owner_business: { id: business.id } },
      { is_crm: false },
    ]);
    expect(lent.body.data).toMatchObject([{ is_crm: true, permitted_tasks: ["ANALYZE"] }]);
    const few = await login(business, [String(business.datasets[0]?.id)]);
    expect(ids(await get(`${business.id}/adspixels`, signed(few)))).toEqual([business.datasets[0]?.id]);
    expect(numbers(await get(`${other.id}/owned_pixels`, signed(token)))).toEqual([400, 100, 33]);
    expect((await get(business.id, { fields: "name", ...signed(token) })).body).toEqual({
      id: business.id,
      name: business.name,
    });
  });

  test("come in pages, whose next address holds the token", async () => {
    const [business] = world.businesses;
    const token = await login(business);
    const first = await get(`${business.id}/adspixels`, { limit: "2", ...signed(token) });
    const { cursors, next } = first.body.paging as { cursors: { after: string }; next: string };
    expect(new URL(next).searchParams.get("access_token")).toBe(token);
    const last = await get(`${business.id}/adspixels`, { limit: "2", after: cursors.after, ...signed(token) });
    expect(last.body.paging).not.toHaveProperty("next");
    expect([...ids(first), ...ids(last)]).toEqual(business.datasets.map(({ id }) => id));
  });

  test("take events where that is permitted, and refuse them with 200 where there is only looking", async () => {
    const [business] = world.businesses;
    const token = await login(business);
    const [crm, , agency] = business.datasets;
    const body = { data: [event({ event_time: clock.at / 1000 - 60 })], ...signed(token) };
    const to = (datasetId = "") => send(sandbox, { ...app, datasetId, token }, body);
    expect((await to(crm?.id)).status).toBe(200);
    expect(numbers(await to(agency?.id))).toEqual([403, 200, undefined]);
    expect((await get(String(agency?.id), { fields: "name,is_crm", ...signed(token) })).status).toBe(200);
  });

  test("can be added to: a new CRM dataset takes events of the same system user at once", async () => {
    const [business] = world.businesses;
    const token = await login(business, []);
    const made = await post(`${business.id}/adspixels`, token, { name: "Our stages", is_crm: "true" });
    const id = String(made.body.id);
    expect((await get(id, { fields: "name,is_crm", ...signed(token) })).body).toEqual({
      id,
      name: "Our stages",
      is_crm: true,
    });
    const body = { data: [event({ event_time: clock.at / 1000 - 60 })], ...signed(token) };
    expect((await send(sandbox, { ...app, datasetId: id, token }, body)).status).toBe(200);
    expect(numbers(await post(`${business.id}/adspixels`, token))).toEqual([400, 100, undefined]);
  });
});

describe("The business's token", () => {
  test("is fetched again, or made anew for some of the assets and for 60 days, by nobody but the system user", async () => {
    const [business] = world.businesses;
    const token = await login(business);
    const path = `${business.id}/system_user_access_tokens`;
    expect((await post(path, token, { fetch_only: "true" })).body).toEqual({ access_token: token });
    const [crm] = business.datasets;
    const choice = { asset: JSON.stringify([crm?.id]), scope: "ads_read", set_token_expires_in_60_days: "true" };
    const made = String((await post(path, token, choice)).body.access_token);
    expect(made).not.toBe(token);
    expect(await debug(made)).toMatchObject({
      scopes: ["ads_read"],
      granular_scopes: [{ scope: "ads_read", target_ids: [crm?.id] }],
      expires_at: clock.at / 1000 + 60 * DAY_S,
    });
    const [foreign] = world.businesses[1].datasets;
    expect(numbers(await post(path, token, { asset: `["${foreign?.id}"]` }))).toEqual([400, 100, 33]);
    expect(numbers(await post(path, await personToken()))).toEqual([403, 200, undefined]);
    expect(numbers(await post(path, made))).toEqual([403, 10, undefined]); // it has no business_management
  });

  test("must be signed with the app's secret in every call", async () => {
    const token = await login(world.businesses[0]);
    expect(numbers(await get("me", { access_token: token }))).toEqual([400, 104, undefined]);
    const wrong = { access_token: token, appsecret_proof: "0".repeat(64) };
    expect(numbers(await get("me", wrong))).toEqual([400, 104, undefined]);
  });

  test("dies with 190/458 when the app gives it back, and every other of the same system user with it", async () => {
    const [mine, other] = world.businesses;
    const tokens = [await login(mine), await login(mine)];
    const theirs = await login(other);
    const gone = await call(`${sandbox.meta}/v26.0/me/permissions?${new URLSearchParams(signed(String(tokens[0])))}`, {
      method: "DELETE",
    });
    expect(gone.body).toEqual({ success: true });
    for (const token of tokens) expect(numbers(await get("me", signed(token)))).toEqual([400, 190, 458]);
    expect((await get("me", signed(theirs))).status).toBe(200);
  });

  test("ends when the back door says so", async () => {
    const token = await login(world.businesses[0]);
    await act(sandbox, "lifetime", { token, days: 10 });
    expect((await debug(token)).expires_at).toBe(clock.at / 1000 + 10 * DAY_S);
    clock.at += 10 * DAY_S * 1000;
    expect(numbers(await get("me", signed(token)))).toEqual([400, 190, 463]);
    await act(sandbox, "lifetime", { token, days: null });
    expect((await get("me", signed(token))).status).toBe(200);
  });
});

describe("A token from Events Manager", () => {
  test("may be good for sending and for nothing else, save to be asked about", async () => {
    const granted = await act<{ datasetId: string; token: string; appSecret: string; appId: string }>(
      sandbox,
      "grant",
      { postOnly: true },
    );
    const good = { data: [event({ event_time: clock.at / 1000 - 60 })] };
    expect((await send(sandbox, granted, good)).status).toBe(200);
    const { datasetId, token } = granted;
    expect(numbers(await get(datasetId, { access_token: token, fields: "name" }))).toEqual([400, 100, 33]);
    expect((await get("debug_token", { input_token: token, access_token: token })).body).toMatchObject({
      data: { is_valid: true },
    });
    const foreign = { input_token: token, access_token: `${app.appId}|${app.appSecret}` };
    expect(numbers(await get("debug_token", foreign))).toEqual([400, 100, undefined]);
  });
});

describe("The callbacks", () => {
  /** The app's side: what was posted, and an answer in JSON. */
  async function listen() {
    const bodies: URLSearchParams[] = [];
    const server = createServer(async (request, response) => {
      let text = "";
      for await (const part of request.setEncoding("utf8")) text += part;
      bodies.push(new URLSearchParams(text));
      response
        .writeHead(200, { "content-type": "application/json" })
        .end('{"url":"https://x.example","confirmation_code":"c"}');
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    });
    return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback` };
  }
  function open(body: URLSearchParams | undefined): Record<string, unknown> {
    const [signature, payload = ""] = (body?.get("signed_request") ?? "").split(".");
    expect(signature).toBe(createHmac("sha256", app.appSecret).update(payload).digest("base64url"));
    return JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  }

  test("tell of an app that was removed, signed, and its tokens are dead", async () => {
    const [{ bodies, url }, token] = [await listen(), await login(world.businesses[1])];
    const { user_id } = await debug(token);
    const sent = await act<{ userId: string; status: number }>(sandbox, "deauthorize", { url, token });
    expect(sent).toMatchObject({ userId: user_id, status: 200 });
    expect(open(bodies[0])).toMatchObject({ algorithm: "HMAC-SHA256", issued_at: clock.at / 1000, user_id });
    expect(numbers(await get("me", signed(token)))).toEqual([400, 190, 458]);
  });

  test("tell of a person who wants their data deleted, and give back what the app answered", async () => {
    const { bodies, url } = await listen();
    const sent = await act(sandbox, "dataDeletion", { url, userId: "218471" });
    expect(sent).toMatchObject({ userId: "218471", answer: { url: "https://x.example", confirmation_code: "c" } });
    expect(open(bodies[0])).toMatchObject({ user_id: "218471" });
  });

  test("can be had without being sent, with claims of one's own", async () => {
    const { signedRequest } = await act<{ signedRequest: string }>(sandbox, "signedRequest", {
      userId: "1",
      claims: { algorithm: "none" },
    });
    expect(open(new URLSearchParams({ signed_request: signedRequest }))).toMatchObject({
      algorithm: "none",
      user_id: "1",
    });
  });
});
