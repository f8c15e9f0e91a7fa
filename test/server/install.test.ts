import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstallView } from "../../server/api/installs.ts";
import { type Confirmed, type Crm, type Installs, idOf, openInstalls } from "./install-world.ts";

let world: Installs;
beforeAll(async () => {
  world = await openInstalls();
});
afterAll(() => world.close());

test("an admin installs from our page, confirms, and is signed in as owner of a workspace of the account's name", async () => {
  const [portal] = await world.portals();
  const browser = world.browser();
  const back = await browser.install("hubspot", { portal: portal?.accountId ?? "" });
  const { status, body } = await browser.ask<InstallView>(`/installs/${idOf(back)}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    state: "new",
    workspace: null,
    account: { id: portal?.accountId, sandbox: false },
    person: { mail: portal?.users[0]?.mail },
  });
  expect(body.scopes.filter(({ required }) => required).every(({ granted }) => granted)).toBe(true);

  const confirmed = await browser.post<Confirmed>(`/installs/${idOf(back)}/confirm`, { workspace: "new" });
  expect(confirmed).toMatchObject({ status: 200, body: { goOn: "/setup" } });
  const session = await browser.ask<{ signedIn: boolean }>("/session");
  expect(session.body).toMatchObject({ signedIn: true, workspace: { id: confirmed.body.workspace, role: "owner" } });
  const overview = await browser.get("/api/v1/overview");
  expect(overview.status).toBe(200);
  await world.read(); // the grant that was stored opens the account
  const row = await world.store.db
    .selectFrom("checkpoint")
    .selectAll()
    .where("connection_id", "=", confirmed.body.connection)
    .executeTakeFirst();
  expect(row).toBeDefined();
});

test.each([
  ["production", "", 0],
  ["sandbox", "?place=sandbox", 2],
  ["My Domain", "own", 1],
] as const)(
  "Salesforce lets people in at %s, and its account is read at its own address",
  async (_place, query, index) => {
    const org = (await world.orgs())[index];
    const at = query === "own" ? `?host=${encodeURIComponent(new URL(org?.instanceUrl ?? "").host)}` : query;
    const browser = world.browser();
    const back = await browser.install("salesforce", { user: org?.users[0]?.id ?? "" }, at);
    const { body } = await browser.ask<InstallView>(`/installs/${idOf(back)}`);
    expect(body).toMatchObject({
      account: { id: org?.accountId, name: org?.name, sandbox: org?.sandbox },
      state: "new",
    });
    const confirmed = await browser.post<Confirmed>(`/installs/${idOf(back)}/confirm`, { workspace: "new" });
    expect(confirmed.status).toBe(200);
    const row = await world.store.db
      .selectFrom("connection")
      .selectAll()
      .where("id", "=", confirmed.body.connection)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ sandbox: org?.sandbox, scopes: ["api", "refresh_token", "openid"] });
    for (let turns = 0; turns < 10; turns += 1) await world.read();
    const read = await world.store.db
      .selectFrom("record_stage")
      .select("record")
      .where("connection_id", "=", row.id)
      .limit(1)
      .execute();
    expect(read).toHaveLength(1);
  },
);

test.each<Crm>(["hubspot", "salesforce"])(
  "%s: who refuses at the vendor's page is told so, and nothing is kept",
  async (crm) => {
    const browser = world.browser();
    expect(await browser.install(crm, { answer: "refuse" })).toBe("/install/failed?code=oauth_denied");
    expect((await browser.ask<{ installs: [] }>("/installs")).body.installs).toEqual([]);
  },
);
