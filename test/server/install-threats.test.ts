import { hash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Tenant } from "../../core/types.ts";
import { addMember } from "../../server/store/members.ts";
import { type Browser, type Installs, idOf, openInstalls } from "./install-world.ts";

let world: Installs;
let customers: readonly [Tenant, Tenant];
beforeAll(async () => {
  world = await openInstalls();
  customers = [(await world.customer("Acme")).tenant, (await world.customer("Zenith")).tenant];
});
afterAll(() => world.close());

const void_ = "/install/failed?code=oauth_state";
let before = 0;
let connections = 0;
const connectionsNow = async () => (await world.store.db.selectFrom("connection").select("id").execute()).length;
beforeEach(async () => {
  before = world.called.length;
  connections = await connectionsNow();
});
/** No code went to any token endpoint, and nothing is connected or waits to be. */
async function nothingHappened(): Promise<void> {
  expect(world.redeemed(before)).toEqual([]);
  expect(await connectionsNow()).toBe(connections);
}

test("T01: a finished callback serves only the browser that it was begun in, whether the other has a cookie or not", async () => {
  const attacker = world.browser();
  const finished = await world.agree(await attacker.begin("hubspot"));
  expect(await world.browser().led(finished)).toBe(void_);
  const second = await world.agree(await attacker.begin("hubspot"));
  const victim = world.browser();
  await victim.begin("hubspot");
  expect(await victim.led(second)).toBe(void_);
  await nothingHappened();
});

test("T01: a state is used up by its first use, whatever came of it", async () => {
  const browser = world.browser();
  const finished = await world.agree(await browser.begin("hubspot"));
  expect(await world.browser().led(finished)).toBe(void_);
  expect(await browser.led(finished)).toBe(void_);
  await nothingHappened();
  const again = await world.agree(await browser.begin("hubspot"));
  expect(await browser.led(again)).toMatch(/^\/install\/ins_/);
  expect(await browser.led(again)).toBe(void_);
  expect(world.redeemed(before)).toHaveLength(1);
});

test("T01: a state of one vendor does not serve at another's callback", async () => {
  const browser = world.browser();
  const finished = new URL(await world.agree(await browser.begin("hubspot")));
  finished.pathname = "/oauth/salesforce/callback";
  expect(await browser.led(finished.href)).toBe(void_);
  await nothingHappened();
});

test("T01: a state lasts ten minutes", async () => {
  const browser = world.browser();
  const finished = await world.agree(await browser.begin("hubspot"));
  world.clock.aheadMs += 10 * 60_000 + 1_000;
  expect(await browser.led(finished)).toBe(void_);
  world.clock.aheadMs = 0;
  await nothingHappened();
});

test("T01: what was begun in one workspace of a person does not end in another, nor with another person", async () => {
  const [acme, zenith] = customers;
  const person = await world.people.person("owner", acme);
  await addMember(world.store.db, zenith.id, { personId: person.id, role: "owner" }, world.clock.now());
  const browser = world.browser([(await world.people.cookie("owner", acme)) ?? ""]);
  const finished = await world.agree(await browser.begin("hubspot"));
  expect((await browser.post("/session/open", { workspace: zenith.id })).status).toBe(200);
  expect(await browser.led(finished)).toBe(void_);

  const shared = world.browser([(await world.people.cookie("owner", acme)) ?? ""]);
  const begun = await world.agree(await shared.begin("hubspot"));
  shared.jar.set("session", ((await world.people.cookie("admin", acme)) ?? "").slice("session=".length));
  expect(await shared.led(begun)).toBe(void_);
  await nothingHappened();
});

test("T01: coming back connects nothing; only a POST of ours from the confirm page does, by the browser that came back", async () => {
  const browser = world.browser();
  const id = idOf(await browser.install("salesforce"));
  expect((await browser.get(`/api/v1/installs/${id}/confirm`)).status).toBe(404);
  const foreign = { "content-type": "application/json", origin: "https://evil.example" };
  const init = { method: "POST", body: '{"workspace":"new"}' };
  expect((await browser.get(`/api/v1/installs/${id}/confirm`, { ...init, headers: foreign })).status).toBe(403);
  const form = { "content-type": "text/plain" };
  expect((await browser.get(`/api/v1/installs/${id}/confirm`, { ...init, headers: form })).status).toBe(400);
  const other = world.browser();
  await other.begin("salesforce");
  expect((await other.post(`/installs/${id}/confirm`, { workspace: "new" })).status).toBe(404);
  expect((await world.browser().post(`/installs/${id}/confirm`, { workspace: "new" })).status).toBe(401);
  expect(await connectionsNow()).toBe(connections);
  expect((await browser.ask<{ signedIn: boolean }>("/session")).body.signedIn).toBe(false);
});

/** HubSpot's marketplace with partner sign-in off: a code that nobody asked for. */
async function stateless(browser: Browser, portal: string): Promise<string> {
  const consentUrl = new URL(await world.browser().begin("hubspot"));
  for (const name of ["state", "code_challenge", "code_challenge_method"]) consentUrl.searchParams.delete(name);
  return await browser.led(await world.agree(consentUrl.href, { portal }));
}

test("T02: a callback without a state of ours attaches to nobody, however signed in; claiming it takes a confirmation", async () => {
  const [acme] = customers;
  const [, , portal] = await world.portals();
  const admin = world.browser([(await world.people.cookie("admin", acme)) ?? ""]);
  expect(await stateless(admin, portal?.accountId ?? "")).toBe("/claim");
  expect(await connectionsNow()).toBe(connections);
  const { body } = await admin.ask<{ installs: { id: string; asked: boolean; state: string }[] }>("/installs");
  expect(body.installs).toMatchObject([{ asked: false, state: "new" }]);
  const confirmed = await admin.post(`/installs/${body.installs[0]?.id}/confirm`, { workspace: acme.id });
  expect(confirmed).toMatchObject({ status: 200, body: { workspace: acme.id } });
});

test("T02: an unasked install signs nobody in, and goes back to the vendor after a day", async () => {
  const [, portal] = await world.portals();
  const browser = world.browser();
  expect(await stateless(browser, portal?.accountId ?? "")).toBe("/claim");
  expect((await world.portals())[1]?.installed).toBe(true);
  const { body } = await browser.ask<{ installs: { id: string; state: string }[] }>("/installs");
  const id = body.installs[0]?.id ?? "";
  expect(body.installs[0]?.state).toBe("sign_in");
  expect(await browser.post(`/installs/${id}/confirm`, { workspace: "new" })).toMatchObject({ status: 401 });
  expect(browser.jar.has("session")).toBe(false);
  world.clock.aheadMs += 24 * 3_600_000 + 1_000;
  await world.purge();
  expect((await world.portals())[1]?.installed).toBe(false);
  world.clock.aheadMs = 0;
  expect((await browser.post(`/installs/${id}/confirm`, { workspace: "new" })).status).toBe(404);
  expect(await world.store.db.selectFrom("install").select("id").where("id", "=", id).execute()).toEqual([]);
});

test("T04: only a code that comes back where it was asked for, from whom it was asked, reaches a token endpoint", async () => {
  const crms = ["hubspot", "salesforce"] as const;
  const issuers = { none: undefined, hubspot: world.sandbox.hubspot, salesforce: world.sandbox.salesforce } as const;
  for (const started of crms)
    for (const arrives of crms)
      for (const [named, iss] of Object.entries(issuers)) {
        const from = world.called.length;
        const browser = world.browser();
        const back = new URL(await world.agree(await browser.begin(started)));
        back.pathname = `/oauth/${arrives}/callback`;
        if (iss !== undefined) back.searchParams.set("iss", iss);
        const led = await browser.led(back.href);
        const right = started === arrives && (named === "none" || named === started);
        expect(led.startsWith("/install/ins_"), `${started} ${arrives} ${named}`).toBe(right);
        const endpoint = started === "hubspot" ? "/oauth/2026-09/token" : "/services/oauth2/token";
        const wanted = right ? [`${world.sandbox[started]}${endpoint}`] : [];
        expect(world.redeemed(from).map(({ url }) => url)).toEqual(wanted);
      }
});

test.each(["hubspot", "salesforce"] as const)(
  "T05: %s gets an S256 challenge, and the code goes with its verifier",
  async (crm) => {
    const browser = world.browser();
    const consentUrl = new URL(await browser.begin(crm));
    expect(consentUrl.searchParams.get("code_challenge_method")).toBe("S256");
    expect(consentUrl.searchParams.get("state")).toMatch(/^[\w-]{43}$/);
    expect(await browser.led(await world.agree(consentUrl.href))).toMatch(/^\/install\/ins_/);
    const verifier = new URLSearchParams(world.redeemed(before)[0]?.body).get("code_verifier") ?? "";
    expect(verifier).toMatch(/^[\w.~-]{43,128}$/);
    expect(hash("sha256", verifier, "base64url")).toBe(consentUrl.searchParams.get("code_challenge"));
  },
);

test.each(["hubspot", "salesforce"] as const)(
  "T05: a code of %s that was stolen from another consent is worth nothing here",
  async (crm) => {
    const stolen = new URL(await world.agree(await world.browser().begin(crm))).searchParams.get("code") ?? "";
    const browser = world.browser();
    const back = new URL(await world.agree(await browser.begin(crm)));
    back.searchParams.set("code", stolen);
    expect(await browser.led(back.href)).toBe(void_);
    expect((await browser.ask<{ installs: [] }>("/installs")).body.installs).toEqual([]);
  },
);
