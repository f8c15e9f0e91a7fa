import { afterAll, beforeAll, expect, test } from "vitest";
import type { SessionView } from "../../server/api/session.ts";
import { type Installs, openInstalls } from "./install-world.ts";

let world: Installs;
beforeAll(async () => {
  world = await openInstalls();
});
afterAll(() => world.close());

const invited = "?returnTo=invitation";
const rows = async (table: "install" | "connection" | "claimed_account" | "member") =>
  (await world.store.db.selectFrom(table).selectAll().execute()).length;

test("somebody invited says who they are in an account that a workspace has already, joins, and connects nothing", async () => {
  const [, portal] = await world.portals();
  const [owner, , colleague] = portal?.users ?? [];
  const at = { portal: portal?.accountId ?? "" };
  const first = await world.connected("hubspot", { ...at, user: String(owner?.id) });
  const made = await first.browser.post<{ link: string }>("/invitations", { mail: "c@d.example", role: "viewer" });
  const [, token = ""] = made.body.link.split("#token=");
  const before = { called: world.called.length, mails: world.mails.length, connections: await rows("connection") };

  const own = world.browser();
  expect(await own.install("hubspot", { ...at, user: String(colleague?.id) }, invited)).toBe("/invitation");
  const { body: session } = await own.ask<SessionView>("/session");
  expect(session).toMatchObject({ signedIn: true, person: { mail: colleague?.mail }, workspaces: [] });
  expect(session).not.toHaveProperty("workspace");
  expect((await own.ask("/overview")).status).toBe(403);
  expect(world.revoked(before.called)).toHaveLength(1);
  expect([await rows("install"), await rows("connection")]).toEqual([0, before.connections]);
  expect(world.mails).toHaveLength(before.mails); // the owners invited them: nobody is alarmed

  const joined = await own.post<{ workspace: string }>("/invitations/accept", { token });
  expect(joined).toMatchObject({ status: 200, body: { workspace: first.workspace } });
  expect((await own.ask("/overview")).status).toBe(200);
});

test("it opens nothing by itself: no membership, no workspace, whichever account it was", async () => {
  const before = { members: await rows("member"), claims: await rows("claimed_account") };
  const own = world.browser();
  expect(await own.install("salesforce", {}, invited)).toBe("/invitation");
  expect([await rows("member"), await rows("claimed_account")]).toEqual([before.members, before.claims]);
  expect((await own.post("/invitations/accept", { token: "t".repeat(43) })).status).toBe(404);
});

test("it is bound to the browser that began it, and refused where the vendor refuses", async () => {
  const own = world.browser();
  const consent = await own.begin("hubspot", invited);
  const other = world.browser();
  expect(await other.led(await world.agree(consent))).toBe("/install/failed?code=oauth_state");
  expect((await other.ask<SessionView>("/session")).body.signedIn).toBe(false);
  const refused = await own.led(await world.agree(await own.begin("hubspot", invited), { answer: "refuse" }));
  expect(refused).toBe("/install/failed?code=oauth_denied");
  expect((await own.ask<SessionView>("/session")).body.signedIn).toBe(false);
});
