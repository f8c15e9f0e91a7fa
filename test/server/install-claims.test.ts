import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import { grantOf } from "../../server/access/access.ts";
import type { InstallView } from "../../server/api/installs.ts";
import { listAudit } from "../../server/store/audit.ts";
import { pauseLane } from "../../server/store/lanes.ts";
import { knowPerson } from "../../server/store/people.ts";
import { type Confirmed, type Installs, idOf, openInstalls } from "./install-world.ts";

let world: Installs;
beforeAll(async () => {
  world = await openInstalls();
});
afterAll(() => world.close());

const tokenOf = async ({ workspace, connection }: Confirmed): Promise<string> => {
  const place = grantOf({ tenantId: workspace as TenantId, id: connection as ConnectionId });
  const grant = await world.parts.api.access.tokens.load(place);
  return grant.type === "refresh_token" ? grant.refreshToken : "";
};
const auditOf = async (workspace: string) => await listAudit(world.store.db, workspace as TenantId, { limit: 100 });

test("T03: an account of another workspace is refused, its owners hear of it, and they go on as before", async () => {
  const [, portal] = await world.portals();
  const [owner, , stranger] = portal?.users ?? [];
  const at = { portal: portal?.accountId ?? "" };
  const first = await world.connected("hubspot", { ...at, user: String(owner?.id) });
  const token = await tokenOf(first);
  const from = { mails: world.mails.length, calls: world.called.length };

  const other = world.browser();
  expect(await other.install("hubspot", { ...at, user: String(stranger?.id) })).toBe(
    "/install/failed?code=account_taken",
  );
  expect((await other.ask<{ installs: [] }>("/installs")).body.installs).toEqual([]);
  expect(world.revoked(from.calls)).toHaveLength(1);
  const mails = world.mails.slice(from.mails);
  expect(mails.map(({ to }) => to)).toEqual([owner?.mail]);
  expect(mails[0]?.text).not.toContain(stranger?.mail);
  const [entry] = await auditOf(first.workspace);
  expect(entry).toMatchObject({ what: "account.refused", who: "stranger" });
  expect(JSON.stringify(entry)).not.toContain(stranger?.mail ?? "?");

  expect(await other.install("hubspot", { ...at, user: String(stranger?.id) })).toBe(
    "/install/failed?code=account_taken",
  );
  expect(world.mails.length).toBe(from.mails + mails.length); // once a day

  expect(await tokenOf(first)).toBe(token);
  for (let turns = 0; turns < 3; turns += 1) await world.read();
  const lane = await world.store.db
    .selectFrom("lane")
    .select("paused_reason")
    .where("id", "=", first.connection)
    .executeTakeFirst();
  expect(lane?.paused_reason).toBeNull();
});

test("T03: of two who confirm the same account at once one gets it, and the other is refused", async () => {
  const org = (await world.orgs())[1];
  const host = `?host=${encodeURIComponent(new URL(org?.instanceUrl ?? "").host)}`;
  const [one, two] = [world.browser(), world.browser()];
  const ids = [
    idOf(await one.install("salesforce", { user: org?.users[0]?.id ?? "" }, host)),
    idOf(await two.install("salesforce", { user: org?.users[1]?.id ?? "" }, host)),
  ];
  const answers = await Promise.all(
    [one, two].map((browser, index) => browser.post(`/installs/${ids[index]}/confirm`, { workspace: "new" })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const claims = await world.store.db
    .selectFrom("claimed_account")
    .selectAll()
    .where("account_id", "=", org?.accountId ?? "")
    .execute();
  expect(claims).toHaveLength(1);
  const rows = await world.store.db
    .selectFrom("connection")
    .select("id")
    .where("account_id", "=", org?.accountId ?? "")
    .execute();
  expect(rows).toEqual([{ id: claims[0]?.owner_id }]);

  // Who lost the race is told so at the next try, too: its grant is back at the vendor.
  const loser = answers[0]?.status === 200 ? two : one;
  const id = answers[0]?.status === 200 ? ids[1] : ids[0];
  expect((await loser.post<{ code: string }>(`/installs/${id}/confirm`, { workspace: "new" })).body.code).toMatch(
    /^(account_taken|not_found)$/,
  );
});

test("a member signs in by the same consent page, and an account that was lost reads on where it was", async () => {
  const [portal] = await world.portals();
  const choice = { portal: portal?.accountId ?? "" };
  const first = await world.connected("hubspot", choice);
  const tenantId = first.workspace as TenantId;
  for (let turns = 0; turns < 3; turns += 1) await world.read();
  await world.act("hubspot", "revoke", { portal: 1 });
  await pauseLane(world.store.db, { tenantId, kind: "read", id: first.connection }, "crm_disconnected");

  const again = world.browser();
  const id = idOf(await again.install("hubspot", choice));
  expect((await again.ask<InstallView>(`/installs/${id}`)).body).toMatchObject({
    state: "yours",
    workspace: { id: tenantId },
  });
  const { status, body } = await again.post<Confirmed>(`/installs/${id}/confirm`, { workspace: "new" });
  expect({ status, ...body }).toMatchObject({ status: 200, workspace: first.workspace, connection: first.connection });
  const lane = await world.store.db
    .selectFrom("lane")
    .select("paused_reason")
    .where("id", "=", first.connection)
    .executeTakeFirst();
  expect(lane?.paused_reason).toBeNull();
  expect((await auditOf(first.workspace))[0]?.what).toBe("account.reconnected");
  expect((await again.ask("/session")).body).toMatchObject({ signedIn: true, workspace: { id: first.workspace } });
});

test("who merely looks signs in without putting their own grant in the place of the workspace's", async () => {
  const [, portal] = await world.portals();
  const [owner, , viewer] = portal?.users ?? [];
  const at = { portal: portal?.accountId ?? "" };
  const first = await world.connected("hubspot", { ...at, user: String(owner?.id) });
  const known = await knowPerson(
    world.store.db,
    { issuer: "https://app.hubspot.com", subject: String(viewer?.id) },
    world.clock.now(),
  );
  const joined = { tenant_id: first.workspace, person_id: known.id, role: "viewer", joined_at: new Date() } as const;
  await world.store.db.insertInto("member").values(joined).execute();
  const token = await tokenOf(first);
  const browser = world.browser();
  const from = world.called.length;
  const id = idOf(await browser.install("hubspot", { ...at, user: String(viewer?.id) }));
  expect((await browser.post(`/installs/${id}/confirm`, { workspace: "new" })).status).toBe(200);
  expect(await tokenOf(first)).toBe(token);
  expect(world.revoked(from)).toHaveLength(1);
  expect((await browser.ask("/session")).body).toMatchObject({ workspace: { id: first.workspace, role: "viewer" } });
});

test("an account that its workspace lost a week ago may be taken over, and not a day earlier", async () => {
  const org = (await world.orgs())[2];
  const [first, second] = org?.users ?? [];
  const old = await world.connected("salesforce", { user: first?.id ?? "" }, "?place=sandbox");
  const disconnected = async (daysAgo: number) =>
    await world.store.db
      .updateTable("connection")
      .set({ disconnected_at: new Date(Date.now() - daysAgo * 86_400_000) })
      .where("id", "=", old.connection)
      .execute();
  await disconnected(6.9);
  const browser = world.browser();
  const choice = { user: second?.id ?? "" };
  expect(await browser.install("salesforce", choice, "?place=sandbox")).toBe("/install/failed?code=account_taken");
  await disconnected(7.1);
  const id = idOf(await browser.install("salesforce", choice, "?place=sandbox"));
  const { status, body } = await browser.post<Confirmed>(`/installs/${id}/confirm`, { workspace: "new" });
  expect(status).toBe(200);
  expect(body.workspace).not.toBe(old.workspace);
  expect((await auditOf(old.workspace))[0]?.what).toBe("account.taken_over");
  await expect(tokenOf(old)).rejects.toThrow();
});
