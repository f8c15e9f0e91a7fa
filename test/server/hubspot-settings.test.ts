import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HubspotSettings, hubspotSettings } from "../../server/api/hubspot-settings.ts";
import { pauseLane } from "../../server/store/lanes.ts";
import { connectCrm } from "../../server/workspaces/workspace.ts";
import { browsing } from "./browsing.ts";
import { type Customer, type Front, openFront, webhookSecret } from "./front.ts";

let front: Front;
let acme: Customer;
let third: Customer;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  third = await front.customer("Third");
  const other = await front.customer("Other");
  await install(acme, "4711");
  await install(other, "4712");
});
afterAll(() => front.close());

const install = ({ tenant }: Customer, accountId: string) =>
  connectCrm(
    { tenantId: tenant.id, connector: "hubspot", accountId, name: accountId, config: {} },
    undefined,
    front.workspace,
  );

/** As `hubspot.fetch` asks. */
async function ask(query: string, change: { secret?: string; signed?: string; at?: number; method?: string } = {}) {
  const { secret = webhookSecret, method = "GET" } = change;
  const url = `${front.url}/hubspot/settings${query}`;
  const timestamp = String(change.at ?? front.clock.at.getTime());
  // HubSpot signs these characters decoded.
  const decoded = (change.signed ?? url).replaceAll("%40", "@").replaceAll("%3A", ":");
  const signature = createHmac("sha256", secret).update(`GET${decoded}${timestamp}`).digest("base64");
  const headers = { "x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": timestamp };
  const answer = await fetch(url, { method, headers });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
const whose = (portal: string) => `?userId=1&portalId=${portal}&userEmail=jane%40acme.example&appId=7`;
const told = (text: string): HubspotSettings => hubspotSettings.parse(JSON.parse(text));

describe("T18: our page in HubSpot's settings", () => {
  test("is told how its own account's workspace stands, in the sentence that the console says", async () => {
    const answer = await ask(whose("4711"));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const console = browsing(front.url, await front.people.cookie("viewer", acme.tenant));
    const { body } = await console.tell<{ status: object }>("/api/v1/overview");
    expect(told(answer.text)).toEqual({
      asOf: front.clock.at.toISOString(),
      workspace: "Acme",
      status: body.status,
      sent: 0,
      days: 28,
      waiting: 0,
      consoleUrl: `${front.url}/`,
    });
  });

  test("is told where to reconnect once the account does not let us in", async () => {
    const { id } = await install(acme, "4713");
    await pauseLane(front.store.db, { tenantId: acme.tenant.id, kind: "read", id }, "crm_disconnected");
    expect(told((await ask(whose("4713"))).text)).toMatchObject({ reconnectUrl: `${front.url}/install/hubspot` });
  });

  test("of an account that nobody here has, or that has disconnected, learns nothing", async () => {
    const { id } = await install(acme, "4714");
    const admin = browsing(front.url, await front.people.cookie("admin", acme.tenant));
    await admin.tell(`/api/v1/connections/${id}/disconnect`, {});
    const answers = [await ask(whose("999")), await ask(whose("4714"))];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
  });

  test("of an account that two workspaces have is shown in neither's name", async () => {
    await install(acme, "4715");
    await install(third, "4715");
    expect((await ask(whose("4715"))).status).toBe(404);
  });

  test.each<[string, () => ReturnType<typeof ask>]>([
    ["with another secret", () => ask(whose("4711"), { secret: "guessed" })],
    [
      "for another account than the one it names",
      () => ask(whose("4712"), { signed: `${front.url}/hubspot/settings${whose("4711")}` }),
    ],
    [
      "with something added",
      () => ask(`${whose("4711")}&portalId=4712`, { signed: `${front.url}/hubspot/settings${whose("4711")}` }),
    ],
    [
      "for another address of ours",
      () => ask(whose("4711"), { signed: `${front.url}/webhooks/hubspot${whose("4711")}` }),
    ],
    ["more than five minutes ago", () => ask(whose("4711"), { at: front.clock.at.getTime() - 300_001 })],
    ["for more than five minutes from now", () => ask(whose("4711"), { at: front.clock.at.getTime() + 300_001 })],
  ])("that is signed %s is refused", async (_what, asking) => {
    const { status, text } = await asking();
    expect(status).toBe(401);
    expect(text).not.toContain("Acme");
  });

  test.each(["?portalId=4711&portalId=4712", "?userId=1", "?portalId=", "?portalId=4711%204712", "?portalId=%00"])(
    "that is signed for %s names no account",
    async (query) => {
      expect((await ask(query)).status).toBe(400);
    },
  );

  test("is not written down with whose page it was", () => {
    expect(front.logged.join("\n")).not.toContain("acme.example");
  });
});
