import { afterEach, beforeEach, expect, test } from "vitest";
import { readForm } from "./form.ts";
import { type Hubspot, openHubspot } from "./hubspot-port.ts";

const BACK = "http://localhost:9/oauth/hubspot/callback";
interface App {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly marketplacePath: string;
}

let hubspot: Hubspot;
let app: App;
let portal: string;
beforeEach(async () => {
  hubspot = await openHubspot();
  app = await hubspot.act<App>("app", { redirectUrls: [BACK] });
  const state = await hubspot.act<{ portals: { accountId: string }[] }>("state");
  portal = String(state.portals[2]?.accountId);
});
afterEach(() => hubspot.close());

const follow = async (address: string | URL): Promise<URL> => {
  const { status, headers } = await hubspot.ask("GET", String(address).replace(hubspot.origin, ""));
  expect(status).toBe(302);
  return new URL(headers.get("location") ?? "");
};
const press = async (address: string | URL, change: Record<string, string> = {}): Promise<URL> => {
  const { action, fields } = readForm((await hubspot.ask("GET", String(address).replace(hubspot.origin, ""))).text);
  for (const [name, value] of Object.entries(change)) fields.set(name, value);
  return follow(`${action}?${fields}`);
};
const exchange = (code: string | null) =>
  hubspot.form("/oauth/2026-09/token", {
    client_id: app.clientId,
    client_secret: app.clientSecret,
    grant_type: "authorization_code",
    code: String(code),
    redirect_uri: BACK,
  });

test("with partner sign-in the app is asked for a state first, and gets the code with it and the way back", async () => {
  const first = await press(app.marketplacePath, { portal });
  expect(first.href.split("?")[0]).toBe(BACK);
  expect([...first.searchParams.keys()].sort()).toEqual(["returnUrl", "step"]);
  expect(first.searchParams.get("step")).toBe("authorize");
  const returnUrl = new URL(first.searchParams.get("returnUrl") ?? "");
  expect(returnUrl.origin).toBe(hubspot.origin);

  returnUrl.searchParams.set("state", "ours");
  const second = await press(returnUrl, { answer: "allow" });
  expect(Object.fromEntries(second.searchParams)).toMatchObject({ step: "finalize", state: "ours" });
  const done = String(second.searchParams.get("returnUrl")).replace(hubspot.origin, "");
  expect((await hubspot.ask("GET", done)).text).toContain("Stagewire is not installed");
  expect((await exchange(second.searchParams.get("code"))).body).toMatchObject({ hub_id: Number(portal) });
  expect((await hubspot.ask("GET", done)).text).toContain("Stagewire is installed");
});

test("whoever comes back without a state is not let on", async () => {
  const first = await press(app.marketplacePath, { portal });
  const reply = await hubspot.ask(
    "GET",
    `${String(first.searchParams.get("returnUrl")).replace(hubspot.origin, "")}?answer=allow`,
  );
  expect([reply.status, reply.headers.get("location")]).toEqual([400, null]);
  expect(reply.text).toContain("the state is missing");
});

test("a refusal in the marketplace comes back with the state", async () => {
  const returnUrl = new URL((await press(app.marketplacePath, { portal })).searchParams.get("returnUrl") ?? "");
  returnUrl.searchParams.set("state", "ours");
  const { searchParams } = await press(returnUrl, { answer: "refuse" });
  expect(Object.fromEntries(searchParams)).toMatchObject({ error: "access_denied", state: "ours" });
  expect(searchParams.has("code")).toBe(false);
});

test("without partner sign-in the marketplace goes straight to consent, and the app gets a code it did not ask for", async () => {
  await hubspot.act("app", { partnerSignIn: false });
  const page = await press(app.marketplacePath, { portal });
  expect(page.pathname).toBe(`/oauth/${portal}/authorize`);
  const { searchParams } = await press(page, { answer: "allow" });
  expect([...searchParams.keys()]).toEqual(["code"]);
  expect((await exchange(searchParams.get("code"))).body).toMatchObject({ hub_id: Number(portal) });
});

test("nothing can be installed before a redirect URL is configured, and no other app is listed", async () => {
  await hubspot.act("app", { redirectUrls: [] });
  const reply = await hubspot.ask("GET", `${app.marketplacePath}/install?portal=${portal}`);
  expect([reply.status, reply.text]).toEqual([400, expect.stringContaining("At least one redirect URL")]);
  expect((await hubspot.ask("GET", "/marketplace/1")).status).toBe(404);
});
