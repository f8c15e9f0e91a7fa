import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifySettingsPage } from "../../connectors/hubspot/settings-page.ts";
import { type Hubspot, openHubspot } from "./hubspot-port.ts";

let hubspot: Hubspot;
let server: Server;
let origin: string;
/** What the app's server was asked, and whose page it found that to be. */
let asked: { readonly path: string; readonly accountId: string }[];
let secret: string;
let answered: { readonly status: number; readonly body: object };
const card = {
  status: { sentence: "Live. <b>Last</b> event accepted 2 min ago." },
  sent: 1207,
  days: 28,
  waiting: 3,
  consoleUrl: "http://localhost:9/",
};

beforeEach(async () => {
  hubspot = await openHubspot();
  asked = [];
  answered = { status: 200, body: card };
  server = createServer((request, response) => {
    const raw = {
      method: request.method ?? "",
      url: `${origin}${request.url}`,
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      body: new Uint8Array(),
      receivedAt: new Date(),
    };
    asked.push({ path: raw.url.slice(origin.length), ...verifySettingsPage(raw, [secret]) });
    response.statusCode = answered.status;
    response.end(JSON.stringify(answered.body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  secret = (await hubspot.act<{ clientSecret: string }>("app", {})).clientSecret;
  await hubspot.act("subscribe", { targetUrl: `${origin}/webhooks/hubspot` });
});
afterEach(async () => {
  await hubspot.close();
  server.close();
  server.closeAllConnections();
  await once(server, "close");
});

const portals = async () =>
  (await hubspot.act<{ portals: { accountId: string; settingsPath: string }[] }>("state")).portals;

test("a page of the app asks the app's server, for the account whose settings are open, signed", async () => {
  const [, second] = await portals();
  const fetched = await hubspot.act("fetched", { portal: second?.accountId, path: "/hubspot/settings" });
  expect(fetched).toEqual({ status: 200, body: card });
  expect(asked.map(({ accountId }) => accountId)).toEqual([second?.accountId]);
  expect(asked[0]?.path).toMatch(/^\/hubspot\/settings\?userId=\d+&portalId=\d+&userEmail=[^&]+%40[^&]+&appId=\d+$/);
});

test("the app's page in an account's settings shows what the server says, as text", async () => {
  await hubspot.act("grant", {});
  const [first] = await portals();
  const { text } = await hubspot.ask("GET", first?.settingsPath ?? "");
  expect(text).toContain("Live. &lt;b&gt;Last&lt;/b&gt; event accepted 2 min ago.");
  expect(text).toContain("1207 events accepted by Meta in the last 28 days");
  expect(text).toContain("3 events waiting");
  expect(text).toContain('href="http://localhost:9/"');
});

test("the page says so where the app is not installed, or its server does not answer", async () => {
  const [first, second] = await portals();
  expect((await hubspot.ask("GET", second?.settingsPath ?? "")).text).toContain("not installed");
  await hubspot.act("grant", {});
  answered = { status: 500, body: {} };
  expect((await hubspot.ask("GET", first?.settingsPath ?? "")).text).toContain("does not answer just now");
});
