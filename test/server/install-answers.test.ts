import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TenantId } from "../../core/types.ts";
import type { InstallView } from "../../server/api/installs.ts";
import { listAudit } from "../../server/store/audit.ts";
import { knowPerson } from "../../server/store/people.ts";
import { type Confirmed, type Installs, idOf, openInstalls } from "./install-world.ts";

let world: Installs;
beforeAll(async () => {
  world = await openInstalls();
});
afterAll(() => world.close());

/** Numbers of a seed, the same in every run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}
const starts = [
  "//",
  "/\\",
  "\\\\",
  "https://",
  "http:",
  "javascript:",
  "data:text/html,",
  "%2f%2f",
  "\t//",
  "\r\n//",
  "",
  "/",
  "./",
  "@",
];
const middles = [
  "evil.example",
  "evil.example/x",
  "evil%2eexample",
  "localhost@evil.example",
  "[::1]",
  "xn--evl-vla.example",
  "home",
  "__proto__",
  "constructor",
];
const ends = ["", "/", "#", "?x=1", "%0d%0aLocation:%20//evil.example", "\u0000", ".", ":443"];

test("T06: whatever is named to go back to, people stay with us", async () => {
  const random = numbers(6);
  const pick = <Item>(list: readonly Item[]): Item => list[(random.next().value as number) % list.length] as Item;
  const payloads = Array.from({ length: 500 }, () => pick(starts) + pick(middles) + pick(ends));
  const browser = world.browser();
  for (const payload of payloads) {
    const consent = new URL(await browser.begin("hubspot", `?returnTo=${encodeURIComponent(payload)}`));
    expect(consent.origin, payload).toBe(world.sandbox.hubspot);
    expect(consent.href).not.toContain("evil");
  }
  // One that is followed to the end.
  const id = idOf(await browser.install("hubspot", {}, "?returnTo=%2F%2Fevil.example"));
  const { body } = await browser.post<Confirmed>(`/installs/${id}/confirm`, { workspace: "new" });
  expect(body.goOn).toBe("/setup");
});

test("T06: the marketplace's way back leads to the marketplace and nowhere else", async () => {
  const own = new URL(world.sandbox.hubspot);
  const hostile = [
    "https://evil.example/",
    "//evil.example",
    "javascript:alert(1)",
    `${own.origin}@evil.example/`,
    `${own.origin}.evil.example/`,
    `http://user@${own.host}/`,
    `http://${own.hostname}:1/`,
    "https://app.hubspot.com.evil.example/",
    "",
    "/relative",
  ];
  for (const returnUrl of hostile) {
    const browser = world.browser();
    const led = await browser.led(`/oauth/hubspot/callback?step=authorize&returnUrl=${encodeURIComponent(returnUrl)}`);
    expect(led, returnUrl).toBe("/install/failed?code=oauth_state");
  }
});

test("from the marketplace with its own sign-in: two legs, and at the end the browser is back there", async () => {
  await world.act("hubspot", "app", { partnerSignIn: true });
  const { marketplacePath } = await world.act<{ marketplacePath: string }>("hubspot", "app", {});
  const [, portal] = await world.portals();
  const started = await fetch(`${world.sandbox.hubspot}${marketplacePath}/install?portal=${portal?.accountId}`, {
    redirect: "manual",
  });
  const browser = world.browser();
  const consent = await browser.led(started.headers.get("location") ?? "");
  expect(new URL(consent).origin).toBe(world.sandbox.hubspot);
  expect(new URL(consent).searchParams.get("state")).toMatch(/^[\w-]{43}$/);
  const finalize = await world.agree(consent);
  expect(await world.browser().led(finalize)).toBe("/install/failed?code=oauth_state");
  const again = await world.agree(await browser.led(started.headers.get("location") ?? ""));
  const id = idOf(await browser.led(again));
  const { status, body } = await browser.post<Confirmed>(`/installs/${id}/confirm`, { workspace: "new" });
  expect(status).toBe(200);
  expect(body.goOn).toBe(new URL(again).searchParams.get("returnUrl"));
  expect(await (await fetch(body.goOn)).text()).toContain("is installed");
});

test("T07: neither code nor state nor token gets into an address that we lead to, a log line or a Referer", async () => {
  const browser = world.browser();
  const consent = await browser.begin("hubspot");
  const finished = new URL(await world.agree(consent));
  const [code, state] = [finished.searchParams.get("code") ?? "?", finished.searchParams.get("state") ?? "?"];
  const answer = await browser.get(finished.href);
  expect(answer.status).toBe(303);
  expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  await browser.led(finished.href); // and once more, which fails
  await browser.led(`/oauth/hubspot/callback?error=server_error&error_description=canary-words&state=${state}`);
  const tokens = world.called.flatMap(({ body }) => new URLSearchParams(body).getAll("token"));
  expect(tokens.length).toBeGreaterThan(0);
  const secrets = [code, ...tokens, "canary-words"];
  const ours = world.urls.filter((url) => url.startsWith(world.url) && !new URL(url).pathname.endsWith("/callback"));
  for (const secret of [...secrets, state]) for (const url of ours) expect(url).not.toContain(secret);
  for (const secret of secrets) expect(world.called.filter(({ url }) => url.includes(secret))).toEqual([]);
  for (const secret of [...secrets, state]) expect(world.logged.join("\n")).not.toContain(secret);
});

test("T08: an account is let in when every required permission was granted, and with no fewer", async () => {
  const all = ["api", "refresh_token", "openid"];
  for (let subset = 0; subset < 2 ** all.length; subset += 1) {
    const scopes = all.filter((_, bit) => subset & (2 ** bit));
    const browser = world.browser();
    const consent = new URL(await browser.begin("salesforce"));
    expect(consent.searchParams.get("scope")).toBe("api refresh_token openid");
    consent.searchParams.set("scope", scopes.join(" "));
    const led = await browser.led(await world.agree(consent.href));
    if (scopes.length === all.length) expect(led).toMatch(/^\/install\/ins_/);
    else expect(led, scopes.join(" ")).toMatch(/^\/install\/failed\?code=oauth_scopes(&missing=[\w.+]+)?$/);
  }
});

test("T08: what may be left out is asked for apart, and a test account is marked as one", async () => {
  const test = (await world.portals()).find((portal) => portal.test);
  const browser = world.browser();
  const consent = new URL(await browser.begin("hubspot"));
  expect(consent.searchParams.get("optional_scope")).toBe("crm.objects.leads.read");
  expect(consent.search).not.toContain("+");
  consent.searchParams.delete("optional_scope");
  const id = idOf(await browser.led(await world.agree(consent.href, { portal: test?.accountId ?? "" })));
  const { body } = await browser.ask<InstallView>(`/installs/${id}`);
  expect(body.account.sandbox).toBe(true);
  expect(body.scopes.find(({ scope }) => scope === "crm.objects.leads.read")).toMatchObject({
    granted: false,
    required: false,
  });
});

test("a test account's leads stay out of a dataset that others use, unless that is allowed", async () => {
  const { tenant, datasetId } = await world.customer("Shared");
  const orgs = await world.orgs();
  const user = orgs[2]?.users ?? [];
  const admin = world.browser([(await world.people.cookie("admin", tenant)) ?? ""]);
  const id = idOf(await admin.install("salesforce", { user: user[0]?.id ?? "" }, "?place=sandbox"));
  expect((await admin.ask<InstallView>(`/installs/${id}`)).body).toMatchObject({ sharesDataset: "Shared leads" });
  const { body } = await admin.post<Confirmed>(`/installs/${id}/confirm`, { workspace: tenant.id });
  const of = async (connection: string) =>
    (await world.store.db.selectFrom("connection").select("dataset_id").where("id", "=", connection).executeTakeFirst())
      ?.dataset_id;
  expect(await of(body.connection)).toBeNull();
  const test = (await world.portals()).find((portal) => portal.test);
  const hubspot = idOf(await admin.install("hubspot", { portal: test?.accountId ?? "" }));
  const allowed = await admin.post<Confirmed>(`/installs/${hubspot}/confirm`, {
    workspace: tenant.id,
    allowSandbox: true,
  });
  expect(await of(allowed.body.connection)).toBe(datasetId);
});

test("T09: the same number at two issuers is two people", async () => {
  const now = new Date();
  const [one, two] = [
    await knowPerson(world.store.db, { issuer: "https://one.example", subject: "42" }, now),
    await knowPerson(world.store.db, { issuer: "https://two.example", subject: "42" }, now),
  ];
  expect(one.id).not.toBe(two.id);
});

test("T10: an address that the token endpoint names and that is not the vendor's is never called", async () => {
  let visitors = 0;
  const listener = createServer((socket) => {
    visitors += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const instanceUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  await world.act("salesforce", "migrate", { instanceUrl });
  expect(await world.browser().install("salesforce")).toBe("/install/failed?code=oauth_identity");
  await world.act("salesforce", "migrate", { instanceUrl: null });
  expect(visitors).toBe(0);
  listener.close();
});

test("T11: an account that is installed again gives its old grant back, and a third consent of one person is warned of", async () => {
  const org = (await world.orgs())[1];
  const choice = { user: org?.users[2]?.id ?? "" };
  const at = `?host=${encodeURIComponent(new URL(org?.instanceUrl ?? "").host)}`;
  await world.connected("salesforce", choice, at);
  const browser = world.browser();
  const seen: boolean[] = [];
  for (let round = 0; round < 7; round += 1) {
    const from = world.called.length;
    const id = idOf(await browser.install("salesforce", choice, at));
    seen.push((await browser.ask<InstallView>(`/installs/${id}`)).body.manyGrants);
    expect((await browser.post(`/installs/${id}/confirm`, { workspace: "new" })).status).toBe(200);
    expect(world.revoked(from)).toHaveLength(1);
  }
  expect(seen).toEqual(Array(7).fill(false)); // never more than the one it lives on and the one that replaces it
  const row = await world.store.db
    .selectFrom("connection")
    .select(["id", "connected_by"])
    .where("account_id", "=", org?.accountId ?? "")
    .executeTakeFirstOrThrow();
  for (const waiting of [1, 2]) await world.browser().install("salesforce", choice, `${at}&round=${waiting}`);
  const last = idOf(await browser.install("salesforce", choice, at));
  expect((await browser.ask<InstallView>(`/installs/${last}`)).body).toMatchObject({ grants: 4, manyGrants: true });
  expect(row.connected_by).not.toBeNull();
});

test("T12: every change that a person confirms leaves its entry: who, what, which account", async () => {
  const random = numbers(12);
  const [, portal] = await world.portals();
  const [user] = portal?.users ?? [];
  const taken = await world.store.db
    .selectFrom("claimed_account")
    .selectAll()
    .where("account_id", "=", portal?.accountId ?? "")
    .executeTakeFirst();
  const workspace = taken?.tenant_id ?? "";
  const browser = world.browser();
  const expected: string[] = [];
  for (let step = 0; step < 12; step += 1) {
    const id = idOf(await browser.install("hubspot", { portal: portal?.accountId ?? "", user: String(user?.id) }));
    if ((random.next().value as number) % 3 === 0) await browser.post(`/installs/${id}/refuse`);
    else {
      await browser.post(`/installs/${id}/confirm`, { workspace: "new" });
      expected.push("account.reconnected");
    }
  }
  const entries = await listAudit(world.store.db, workspace as TenantId, { limit: 200 });
  const done = entries.filter(({ what }) => what === "account.reconnected");
  expect(done).toHaveLength(expected.length);
  for (const { who, about } of done) {
    expect(who).toMatch(/^usr_/);
    expect(about).toMatchObject({ provider: "hubspot", account: portal?.accountId });
    expect(JSON.stringify(about)).not.toContain("@");
  }
  expect(entries.map(({ what }) => what)).toContain("account.connected");
  expect(entries.map(({ what }) => what)).toContain("workspace.made");
});
