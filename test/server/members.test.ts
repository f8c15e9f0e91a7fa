import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InvitationsView, Invited, MembersView } from "../../server/api/members.ts";
import type { AuditView } from "../../server/api/operations.ts";
import type { SessionView } from "../../server/api/session.ts";
import type { Role } from "../../server/sign-in/roles.ts";
import { createSession } from "../../server/sign-in/session.ts";
import { changeMember } from "../../server/store/members.ts";
import type { Person } from "../../server/store/people.ts";
import { type Browsing, browsing } from "./browsing.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
let other: Customer;
let people: Record<Role, Person>;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  other = await front.customer("Other");
});
afterAll(() => front.close());
beforeEach(async () => {
  front.clock.at = new Date(front.clock.at.getTime() + 1_000);
  await front.store.pool.query("delete from member");
  const person = (role: Role) => front.people.person(role, acme.tenant);
  people = { owner: await person("owner"), admin: await person("admin"), viewer: await person("viewer") };
});

/** Each later than the one before, so that the audit log has an order. */
const as = async (role: Role | "stranger", { tenant } = acme): Promise<Browsing> => {
  front.clock.at = new Date(front.clock.at.getTime() + 1);
  return browsing(front.url, await front.people.cookie(role, tenant));
};
const members = async (asker: Browsing) =>
  (await asker.tell<MembersView>("/api/v1/members")).body.members
    .map(({ name, role, you }) => `${name}, ${role}${you ? ", you" : ""}`)
    .sort();
const lastDeed = async (asker: Browsing) => (await asker.tell<AuditView>("/api/v1/audit")).body.entries[0];
const days = 86_400_000;

describe("members", () => {
  test("are listed with their roles for everybody in the workspace, and for nobody else", async () => {
    await front.people.person("owner", other.tenant);
    expect(await members(await as("viewer"))).toEqual([
      "The admin, admin",
      "The owner, owner",
      "The viewer, viewer, you",
    ]);
    expect(await members(await as("owner", other))).toEqual(["The owner, owner, you"]);
  });

  test("T13: who is given another role loses every session in the workspace, and has the new one from then on", async () => {
    const [owner, admin] = [await as("owner"), await as("admin")];
    expect(await admin.status()).toBe(200);
    const changed = await owner.tell(`/api/v1/members/${people.admin.id}/role`, { role: "viewer" });
    expect(changed).toEqual({ status: 200, body: { id: people.admin.id, role: "viewer" } });
    expect(await admin.status()).toBe(401);
    expect(await lastDeed(owner)).toMatchObject({
      who: people.owner.id,
      what: "member.role",
      about: { member: people.admin.id, before: "admin", role: "viewer" },
    });
  });

  test("can be removed, and what they sent out lets nobody in any more", async () => {
    const owner = await as("owner");
    await owner.tell(`/api/v1/members/${people.admin.id}/role`, { role: "owner" });
    const second = browsing(front.url, await cookieOf(people.admin));
    const { body: sent } = await second.tell<Invited>("/api/v1/invitations", { mail: "x@y.example", role: "owner" });
    front.clock.at = new Date(front.clock.at.getTime() + 1);
    expect((await owner.tell(`/api/v1/members/${people.admin.id}/remove`, {})).status).toBe(200);
    expect(await second.status()).toBe(401);
    expect(await (await as("stranger")).status("/api/v1/invitations/accept", { token: tokenOf(sent) })).toBe(404);
    expect(await lastDeed(owner)).toMatchObject({ what: "member.removed", about: { member: people.admin.id } });
  });

  test("always have an owner: the last one can be neither lowered nor removed", async () => {
    const owner = await as("owner");
    const own = `/api/v1/members/${people.owner.id}`;
    const refused = { status: 409, body: { code: "conflict", detail: expect.stringContaining("no owner") } };
    expect(await owner.tell(`${own}/role`, { role: "admin" })).toMatchObject(refused);
    expect(await owner.tell(`${own}/remove`, {})).toMatchObject(refused);
  });

  test("always have an owner: of two who lower each other at the same moment one stays", async () => {
    const { store } = front;
    const { id } = acme.tenant;
    await store.db.updateTable("member").set({ role: "owner" }).where("role", "=", "admin").execute();
    const [lowered, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = store.web(id, async (trx) => {
      const before = await changeMember(trx, id, people.admin.id, "viewer");
      lowered.resolve();
      await goOn.promise;
      return before;
    });
    await lowered.promise;
    let over = false;
    const second = store
      .web(id, (trx) => changeMember(trx, id, people.owner.id, "viewer"))
      .finally(() => {
        over = true;
      });
    // Whoever waits for a row holds a lock on the row's place.
    const queueing = "select from pg_locks where locktype = 'tuple' and relation = 'member'::regclass";
    while (!over && (await store.pool.query(queueing)).rowCount === 0);
    goOn.resolve();
    expect([await first, await second]).toEqual(["owner", "last_owner"]);
  });

  test("who lower themselves go on with a new token and the lower role", async () => {
    await front.store.db.updateTable("member").set({ role: "owner" }).where("role", "=", "admin").execute();
    const owner = await as("owner");
    const before = owner.cookie();
    expect(await owner.status(`/api/v1/members/${people.owner.id}/role`, { role: "viewer" })).toBe(200);
    expect(owner.cookie()).not.toBe(before);
    expect(await browsing(front.url, before).status()).toBe(401);
    expect(await owner.status()).toBe(200);
    expect(await owner.status("/api/v1/invitations")).toBe(403);
  });

  test("of another workspace are nobody here", async () => {
    const strange = await front.people.person("viewer", other.tenant);
    const owner = await as("owner");
    expect(await owner.status(`/api/v1/members/${strange.id}/remove`, {})).toBe(404);
    expect(await owner.status(`/api/v1/members/${strange.id}/role`, { role: "owner" })).toBe(404);
    expect(await members(await as("viewer", other))).toHaveLength(1);
  });
});

const cookieOf = async ({ id }: Person): Promise<string> => {
  const { token } = await createSession(front.store.db, { personId: id, tenantId: acme.tenant.id }, front.clock.at);
  return `session=${token}`;
};
const tokenOf = ({ link }: Invited): string => link.slice(link.indexOf("#token=") + "#token=".length);

describe("an invitation", () => {
  const invite = async (role: Role = "admin") =>
    (await (await as("owner")).tell<Invited>("/api/v1/invitations", { mail: "ana@acme.example", role })).body;

  test("is mailed with its link, and whoever is signed in and opens it is a member with its role", async () => {
    const sent = await invite();
    expect(sent).toMatchObject({ mail: "ana@acme.example", role: "admin", mailed: true });
    expect(front.mails.at(-1)).toMatchObject({ to: "ana@acme.example", subject: "Acme: you are invited" });
    expect(front.mails.at(-1)?.text).toContain(sent.link);
    const { pathname, search, hash } = new URL(sent.link);
    expect([pathname, search, hash.length]).toEqual(["/invitation", "", "#token=".length + 43]);

    const ana = await as("stranger");
    expect(await ana.status()).toBe(403);
    const before = ana.cookie();
    expect(await ana.tell("/api/v1/invitations/accept", { token: tokenOf(sent) })).toEqual({
      status: 200,
      body: { workspace: acme.tenant.id },
    });
    expect(ana.cookie(), "T13: a new token with the new workspace").not.toBe(before);
    expect((await ana.tell<SessionView>("/api/v1/session")).body).toMatchObject({ workspace: { role: "admin" } });
    expect(await lastDeed(ana)).toMatchObject({ what: "member.joined", about: { invitation: sent.id, role: "admin" } });
    expect(JSON.stringify((await ana.tell<AuditView>("/api/v1/audit")).body)).not.toContain("ana@acme.example");
  });

  test("lets in once, until seven days have gone by or it is withdrawn, and is kept as a hash only", async () => {
    const [used, late, withdrawn] = [await invite(), await invite(), await invite()];
    const { rows } = await front.store.pool.query("select * from invitation");
    for (const sent of [used, late, withdrawn]) expect(JSON.stringify(rows)).not.toContain(tokenOf(sent));
    const stranger = await as("stranger");
    const accept = (sent: Invited) => stranger.status("/api/v1/invitations/accept", { token: tokenOf(sent) });
    expect([await accept(used), await accept(used)]).toEqual([200, 404]);
    const owner = await as("owner");
    expect(await owner.status(`/api/v1/invitations/${withdrawn.id}/withdraw`, {})).toBe(200);
    expect(await owner.status(`/api/v1/invitations/${withdrawn.id}/withdraw`, {})).toBe(404);
    expect(await accept(withdrawn)).toBe(404);
    const open = (await owner.tell<InvitationsView>("/api/v1/invitations")).body.invitations.map(({ id }) => id);
    expect(open).toContain(late.id);
    expect(open).not.toContain(used.id);
    front.clock.at = new Date(front.clock.at.getTime() + 7 * days);
    expect(await (await as("stranger")).status("/api/v1/invitations/accept", { token: tokenOf(late) })).toBe(404);
    expect((await (await as("owner")).tell<InvitationsView>("/api/v1/invitations")).body.invitations).toEqual([]);
  });

  test("of two who open it at once lets in one", async () => {
    const sent = await invite("viewer");
    const askers = await Promise.all(
      ["owner", "admin", "viewer"].map(async (role) =>
        browsing(front.url, await front.people.cookie(role as Role, other.tenant)),
      ),
    );
    const all = await Promise.all(
      askers.map((asker) => asker.status("/api/v1/invitations/accept", { token: tokenOf(sent) })),
    );
    expect(all.sort()).toEqual([200, 404, 404]);
  });

  test("takes nothing from those who are in already: a member keeps the role", async () => {
    const sent = await invite("viewer");
    const owner = await as("owner");
    expect(await owner.status("/api/v1/invitations/accept", { token: tokenOf(sent) })).toBe(200);
    expect((await owner.tell<SessionView>("/api/v1/session")).body).toMatchObject({ workspace: { role: "owner" } });
  });

  test("is nobody's without a sign-in, and another workspace's owner cannot withdraw it", async () => {
    const sent = await invite();
    expect(await browsing(front.url).status("/api/v1/invitations/accept", { token: tokenOf(sent) })).toBe(401);
    const stranger = await as("owner", other);
    expect(await stranger.status(`/api/v1/invitations/${sent.id}/withdraw`, {})).toBe(404);
    expect(await (await as("stranger")).status("/api/v1/invitations/accept", { token: tokenOf(sent) })).toBe(200);
  });
});
