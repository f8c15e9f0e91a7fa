import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readForm } from "./form.ts";
import { type Credentials, type Entry, type Hubspot, openHubspot, type Reply } from "./hubspot-port.ts";

interface Place {
  readonly place: number;
  readonly accountId: string;
  readonly name: string;
  readonly test: boolean;
  readonly installed: boolean;
  readonly users: readonly { readonly id: number; readonly name: string; readonly mail: string }[];
}
interface App {
  readonly clientId: string;
  readonly clientSecret: string;
}

let hubspot: Hubspot;
let app: App;
let portals: readonly [Place, Place, Place];
beforeEach(async () => {
  hubspot = await openHubspot();
  app = await hubspot.act<App>("app");
  portals = (await hubspot.act<{ portals: [Place, Place, Place] }>("state")).portals;
});
afterEach(() => hubspot.close());

const BACK = "http://localhost:9/oauth/hubspot/callback";
const VERIFIER = "v".repeat(43);
const query = (more: Record<string, string> = {}) =>
  new URLSearchParams({
    client_id: app.clientId,
    redirect_uri: BACK,
    scope: "oauth crm.objects.contacts.read crm.objects.deals.read",
    optional_scope: "crm.objects.leads.read crm.objects.custom.read",
    state: "s-1",
    code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
    ...more,
  });
const consent = (portal: Place, more: Record<string, string> = {}) =>
  hubspot.ask("GET", `/oauth/${portal.accountId}/authorize?${query({ answer: "allow", ...more })}`);
const backOf = ({ headers }: Reply): URLSearchParams => new URL(headers.get("location") ?? "http://none").searchParams;
const exchange = (code: string): Promise<Reply> =>
  hubspot.form("/oauth/2026-09/token", {
    client_id: app.clientId,
    client_secret: app.clientSecret,
    grant_type: "authorization_code",
    code,
    code_verifier: VERIFIER,
    redirect_uri: BACK,
  });
const introspect = (token: string): Promise<Reply> =>
  hubspot.form("/oauth/2026-09/token/introspect", {
    client_id: app.clientId,
    client_secret: app.clientSecret,
    token,
  });
const connect = async (portal: Place, more: Record<string, string> = {}) =>
  (await exchange(String(backOf(await consent(portal, more)).get("code")))).body;

test("the account chooser names every portal, and leads to the consent of the one chosen", async () => {
  const page = await hubspot.ask("GET", `/oauth/authorize?${query()}`);
  for (const { name, accountId } of portals) {
    expect(page.text).toContain(name);
    expect(page.text).toContain(`/oauth/${accountId}/authorize?`);
  }
  const { text } = await hubspot.ask("GET", `/oauth/${portals[1].accountId}/authorize?${query()}`);
  expect(text).toContain("Brightside Solar");
  expect(text).not.toContain("Northwind");
  const { action, fields } = readForm(text);
  fields.set("answer", "allow");
  const answered = backOf(await hubspot.ask("GET", `${action}?${fields}`));
  expect([answered.get("state"), answered.get("code")]).toEqual(["s-1", expect.stringMatching(/^eu1-/)]);
});

test("a token knows its portal and who clicked: introspection and account info say the same", async () => {
  for (const [portal, user] of [
    [portals[0], 0],
    [portals[1], 2],
    [portals[2], 0],
  ] as const) {
    const who = portal.users[user];
    const granted = await connect(portal, { user: String(who?.id) });
    expect(granted).toMatchObject({ hub_id: Number(portal.accountId), user_id: who?.id });
    expect((await introspect(String(granted.access_token))).body).toMatchObject({
      active: true,
      hub_id: Number(portal.accountId),
      user_id: who?.id,
      user: who?.mail,
    });
    const { body } = await hubspot.get("/account-info/2026-09/details", String(granted.access_token));
    expect(body).toMatchObject({
      portalId: Number(portal.accountId),
      accountType: portal.test ? "DEVELOPER_TEST" : "STANDARD",
    });
    expect(body).not.toHaveProperty("name");
  }
});

test("one person who works in two portals is the same user in both", () => {
  const [first, second] = portals.map(({ users }) => users.find(({ name }) => name === "Casey Lindqvist"));
  expect(first).toEqual(second);
  expect(first).toBeDefined();
});

test("an EU portal says where its data is, and its tokens begin with its region", async () => {
  const granted = await connect(portals[1]);
  expect(granted.refresh_token).toMatch(/^eu1-/);
  const { body } = await hubspot.get("/account-info/2026-09/details", String(granted.access_token));
  expect(body).toMatchObject({ uiDomain: "app-eu1.hubspot.com", dataHostingLocation: "eu1", utcOffset: "+01:00" });
});

test("each portal has people and deals of its own, and a token reaches no other's", async () => {
  const granted = await connect(portals[1]);
  const names = async (token: string) => {
    const { body } = await hubspot.get("/crm/objects/2026-09/contacts?limit=50&properties=email", token);
    return body.results.map(({ properties }) => properties.email);
  };
  const [mine, theirs] = [await names(hubspot.token), await names(String(granted.access_token))];
  expect(theirs).toHaveLength(50);
  expect(theirs.filter((mail) => mine.includes(mail ?? null))).toEqual([]);
  const { id } = await hubspot.act<{ id: string }>("create", { object: "deal", portal: portals[1].accountId });
  const before = (await hubspot.act<Entry[]>("history")).length;
  await hubspot.act("move", { object: "deal", id, stage: "contractsent", portal: 2 });
  expect(await hubspot.act<Entry[]>("history")).toHaveLength(before);
  const path = `/crm/objects/2026-09/deals/${id}?properties=dealstage`;
  const seen = (await hubspot.get(path, String(granted.access_token))).body;
  expect(seen.properties).toMatchObject({ dealstage: "contractsent" });
  expect((await hubspot.get(path)).status).toBe(404);
});

test("optional scopes that a portal's tier lacks are dropped silently", async () => {
  const scopes = async (portal: Place) => (await connect(portal)).scopes;
  const required = ["oauth", "crm.objects.contacts.read", "crm.objects.deals.read"];
  expect(await scopes(portals[0])).toEqual([...required, "crm.objects.leads.read"]);
  expect(await scopes(portals[1])).toEqual(required);
  expect(await scopes(portals[2])).toEqual([...required, "crm.objects.leads.read", "crm.objects.custom.read"]);
});

test("whoever has no right to install apps, or is of another portal, ends on an error page", async () => {
  const robin = portals[0].users.find(({ name }) => name === "Robin Okafor");
  for (const user of [String(robin?.id), String(portals[2].users[0]?.id)]) {
    const reply = await consent(portals[0], { user });
    expect([reply.status, reply.headers.get("location")]).toEqual([403, null]);
    expect(reply.text).toContain("You do not have permission to install apps");
  }
});

test("App Governance of a portal blocks an app that was not approved there, and only there", async () => {
  await hubspot.act("governance", { portal: 2 });
  const reply = await consent(portals[1]);
  expect(reply.text).toContain("this app hasn't been approved to access the required scopes");
  expect((await consent(portals[0])).status).toBe(302);
  await hubspot.act("governance", { portal: 2, on: false });
  expect((await consent(portals[1])).status).toBe(302);
});

test("once redirect URLs are registered, only exactly these are gone to", async () => {
  await hubspot.act("app", { redirectUrls: [BACK] });
  expect((await consent(portals[0])).status).toBe(302);
  for (const redirect_uri of [`${BACK}/`, `${BACK}?a=b`, "https://app.example.com/back"])
    expect((await consent(portals[0], { redirect_uri })).status).toBe(400);
});

test("uninstalling from one portal leaves the others", async () => {
  const [first, second] = [await connect(portals[0]), await connect(portals[1])];
  const refresh = (refresh_token: unknown) =>
    hubspot.form("/oauth/2026-09/token", {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      grant_type: "refresh_token",
      refresh_token: String(refresh_token),
    });
  const path = "/appinstalls/2026-09/external-install";
  expect((await hubspot.ask("DELETE", path, { token: String(second.access_token) })).status).toBe(204);
  expect((await refresh(second.refresh_token)).body).toMatchObject({ status: "BAD_REFRESH_TOKEN" });
  expect((await refresh(first.refresh_token)).status).toBe(200);
  await hubspot.act("uninstall", { portal: 1 });
  expect((await refresh(first.refresh_token)).body).toMatchObject({ status: "BAD_REFRESH_TOKEN" });
});

test("a portal that was deleted answers a refresh with BAD_HUB, and takes no new install", async () => {
  const granted = await hubspot.act<Credentials>("grant", { portal: 2 });
  await hubspot.act("deleted", { portal: 2 });
  const { status, body } = await hubspot.refresh(granted);
  expect([status, body.error, body.status]).toEqual([400, "access_denied", "BAD_HUB"]);
  expect((await consent(portals[1])).status).toBe(400);
});

test("each portal has a budget of its own", async () => {
  const granted = await connect(portals[1]);
  await hubspot.act("limits", { perTenSeconds: 2 });
  const path = "/crm/pipelines/2026-09/deals";
  for (let calls = 0; calls < 3; calls += 1) await hubspot.get(path);
  expect((await hubspot.get(path)).status).toBe(429);
  expect((await hubspot.get(path, String(granted.access_token))).status).toBe(200);
});

test("portals and their tokens are there again after a restart", async () => {
  const granted = await connect(portals[1]);
  const { id } = await hubspot.act<{ id: string }>("create", { object: "deal", portal: 2 });
  hubspot.restart();
  const path = `/crm/objects/2026-09/deals/${id}`;
  expect((await hubspot.get(path, String(granted.access_token))).status).toBe(200);
});

test("webhooks tell of every connected portal under its own id, also of a privacy deletion, and of no other", async () => {
  const events: { portalId: number; subscriptionType: string; objectId: number }[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const part of request.setEncoding("utf8")) text += part;
    events.push(...(JSON.parse(text) as typeof events));
    response.writeHead(204).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    const targetUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await hubspot.act("subscribe", { targetUrl });
    await connect(portals[1]);
    const { id } = await hubspot.act<{ id: string }>("create", { portal: 2 });
    await hubspot.act("delete", { id, privacy: true, portal: 2 });
    await hubspot.act("create", { portal: 3 });
    await hubspot.act("create", { portal: 1 });
    await vi.waitFor(async () => expect(await hubspot.act("webhooks")).toEqual({ waiting: 0 }), { timeout: 5000 });
    const [first, second] = [Number(portals[0].accountId), Number(portals[1].accountId)];
    expect(new Set(events.map(({ portalId }) => portalId))).toEqual(new Set([first, second]));
    const gone = events.filter(({ subscriptionType }) => subscriptionType === "contact.privacyDeletion");
    expect(gone).toContainEqual(expect.objectContaining({ portalId: second, objectId: Number(id) }));
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

test("the back door says which portals there are when it is asked for one that is not", async () => {
  await expect(hubspot.act("create", { portal: 9 })).rejects.toThrow('there is no portal "9"');
});
