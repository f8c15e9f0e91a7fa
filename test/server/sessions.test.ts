import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SessionView } from "../../server/api/session.ts";
import { cookiesOf } from "../../server/sign-in/cookies.ts";
import { createSession, endSessionsOf, forgetEnded } from "../../server/sign-in/session.ts";
import { tokenHash } from "../../server/sign-in/token.ts";
import { browsing } from "./browsing.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
let other: Customer;
const start = new Date("2026-11-23T09:00:00Z");
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  front.clock.at = new Date(start.getTime() + 1);
  other = await front.customer("Other");
});
afterAll(() => front.close());
beforeEach(() => {
  front.clock.at = start;
});

const minute = 60_000;
const later = (ms: number): void => {
  front.clock.at = new Date(front.clock.at.getTime() + ms);
};
const browser = async (cookie?: string) => {
  const kept = browsing(front.url, cookie);
  return { ...kept, session: async () => (await kept.tell<SessionView>("/api/v1/session")).body };
};
const owner = async () => browser(await front.people.cookie("owner", acme.tenant));
const rows = async () => (await front.store.pool.query("select * from session")).rows;

describe("T13: a session", () => {
  test("is known by a hash: no row holds what the cookie holds", async () => {
    const { cookie, status } = await owner();
    expect(await status()).toBe(200);
    const token = cookie().slice("session=".length);
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    const all = JSON.stringify(await rows());
    expect(all).toContain(tokenHash(token));
    expect(all).not.toContain(token);
    expect(await (await browser(`session=${tokenHash(token)}`)).status()).toBe(401);
    expect(await (await browser(`session=${"A".repeat(43)}`)).status()).toBe(401);
  });

  test("ends after 30 minutes without use, and not while it is used", async () => {
    const { status } = await owner();
    for (let times = 0; times < 3; times += 1) {
      later(29 * minute);
      expect(await status()).toBe(200);
    }
    later(30 * minute);
    expect(await status()).toBe(401);
  });

  test("ends after 12 hours, used or not, and a workspace that is opened makes it no longer", async () => {
    const { ask, status, session } = await owner();
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      expect(await status()).toBe(200);
      later(20 * minute);
    }
    expect((await ask("/api/v1/session/open", { workspace: acme.tenant.id })).status).toBe(200);
    later(19 * minute);
    expect(await session()).toMatchObject({ signedIn: true, endsAt: "2026-11-23T21:00:00.000Z" });
    later(minute);
    expect(await status()).toBe(401);
    expect(await session()).toMatchObject({ signedIn: false, sandbox: false });
  });

  test("that was signed out opens nothing, wherever its cookie was copied to", async () => {
    const here = await owner();
    const copy = await browser(here.cookie());
    expect(await copy.status()).toBe(200);
    const answer = await here.ask("/api/v1/session/end", {});
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^session=;.*Expires=Thu, 01 Jan 1970/)]);
    expect(await copy.status()).toBe(401);
  });

  test("of every browser of a person ends at once, and of nobody else", async () => {
    const [one, two, admin] = [
      await owner(),
      await owner(),
      await browser(await front.people.cookie("admin", acme.tenant)),
    ];
    expect((await one.ask("/api/v1/session/end-all", {})).status).toBe(200);
    expect([await one.status(), await two.status(), await admin.status()]).toEqual([401, 401, 200]);
  });

  test("gets a new token with every workspace, and the one before opens nothing", async () => {
    const person = await front.people.person("owner", acme.tenant);
    const also = { tenant_id: other.tenant.id, person_id: person.id, role: "viewer" as const, joined_at: start };
    await front.store.db.insertInto("member").values(also).execute();
    const here = await owner();
    const before = here.cookie();
    const answer = await here.ask("/api/v1/session/open", { workspace: other.tenant.id });
    expect(await answer.json()).toMatchObject({
      workspace: { id: other.tenant.id, name: "Other", role: "viewer" },
      workspaces: [{ role: "owner" }, { role: "viewer" }],
    });
    expect(here.cookie()).not.toBe(before);
    expect(await (await browser(before)).status()).toBe(401);
    expect(await here.status()).toBe(200);
    expect((await here.ask(`/api/v1/datasets/${other.datasetId}/pause`, {})).status, "a viewer there").toBe(403);
    expect((await here.ask("/api/v1/session/open", { workspace: "ten_nobodys" })).status).toBe(404);
  });

  test("fixed by a stranger is not taken over: signing in gives another token", async () => {
    const { id } = await front.people.person("viewer", acme.tenant);
    const planted = await createSession(front.store.db, { personId: id, tenantId: acme.tenant.id }, front.clock.at);
    const victim = await browser(`session=${planted.token}`);
    const open = await openFront(({ api }) => ({
      sandboxControl: "http://127.0.0.1:9",
      demoWorkspace: acme.tenant.id,
      api: { ...api, store: front.store },
    }));
    const answer = await fetch(`${open.url}/sandbox/sign-in?as=owner`, {
      redirect: "manual",
      headers: { cookie: victim.cookie() },
    });
    await open.close();
    const [given = ""] = answer.headers.getSetCookie();
    expect(given).toMatch(/^session=/);
    expect(given).not.toContain(planted.token);
    expect(await victim.status(), "the planted one has ended").toBe(401);
  });

  test("is worth nothing in a workspace that its person was removed from", async () => {
    const { ask, session, status } = await browser(await front.people.cookie("viewer", acme.tenant));
    await front.store.db
      .deleteFrom("member")
      .where("tenant_id", "=", acme.tenant.id)
      .where("role", "=", "viewer")
      .execute();
    expect(await status()).toBe(403);
    expect(await session()).toMatchObject({ signedIn: true, workspaces: [] });
    expect((await ask("/api/v1/session/open", { workspace: acme.tenant.id })).status).toBe(404);
  });
});

test("T13: the cookie is for this host, https, programs of nobody, and top-level navigation only", () => {
  const given: unknown[] = [];
  const response = { cookie: (...all: unknown[]) => given.push(all) } as never;
  cookiesOf({ headers: {} } as never, response, "https://stagewire.example").give("session", "t", 5);
  cookiesOf({ headers: {} } as never, response, "http://localhost:8080").give("install", "t", 5);
  const common = { httpOnly: true, sameSite: "lax", path: "/", maxAge: 5 };
  expect(given).toEqual([
    ["__Host-session", "t", { ...common, secure: true }],
    ["install", "t", { ...common, secure: false }],
  ]);
  const [one, two] = ["a".repeat(43), "b".repeat(43)];
  const read = (cookie: string): string | undefined =>
    cookiesOf({ headers: { cookie } } as never, response, "https://stagewire.example").read("session");
  expect(read(`x=1; __Host-session=${one}`)).toBe(one);
  expect(read(`session=${one}`), "without the prefix anybody could have set it").toBeUndefined();
  expect(read(`__Host-session=${one}; __Host-session=${two}`), "one of them was planted").toBeUndefined();
});

test("sessions that have ended are forgotten, those that live stay", async () => {
  await endSessionsOf(front.store.db, { tenantId: acme.tenant.id });
  await front.store.pool.query("delete from session");
  const living = await owner();
  await front.people.cookie("admin", acme.tenant);
  later(29 * minute);
  expect(await living.status()).toBe(200);
  later(2 * minute);
  expect(await forgetEnded(front.store.db, front.clock.at)).toBe(1);
  expect(await living.status()).toBe(200);
  expect(await rows()).toHaveLength(1);
});
