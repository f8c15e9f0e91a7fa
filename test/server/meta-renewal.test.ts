import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { DatasetConnected } from "../../server/api/datasets.ts";
import { findLogin } from "../../server/meta/login.ts";
import { renewAccess } from "../../server/meta/renew-access.ts";
import { listProblems } from "../../server/store/problem-list.ts";
import { loadSecret } from "../../server/store/secrets.ts";
import { changeTenant } from "../../server/store/tenants.ts";
import { watchProblems } from "../../server/workers/problems.ts";
import { MetaAccess, metaAccessOf } from "../../server/workers/sending.ts";
import { silent } from "../postgres.ts";
import { type MetaFront, openMeta } from "./meta-front.ts";
import { browserAt, connectByLogin, signInAtMeta } from "./meta-login-world.ts";

const dayMs = 86_400_000;
let here: MetaFront;
let made: DatasetConnected;
beforeAll(async () => {
  here = await openMeta();
  await here.act("app", { tokenLife: "60days" });
  await changeTenant(here.store.db, here.tenant.id, { ...here.tenant, alertTo: ["admin@acme.example"] });
});
afterAll(() => here.close());
beforeEach(async () => {
  await here.act("fault", {});
  made = await connectByLogin(here);
});

const inDays = (days: number): Date => new Date(Date.now() + days * dayMs);
const renew = (now = new Date()) => {
  const { store, workspace, parts } = here;
  return renewAccess({ store, vault: workspace.vault, meta: parts.datasets.meta, log: parts.log })(now);
};
const endsAt = async (): Promise<Date | null> =>
  (
    await here.store.db
      .selectFrom("dataset")
      .select("access_ends_at")
      .where("id", "=", made.id)
      .executeTakeFirstOrThrow()
  ).access_ends_at;
async function accessNow(): Promise<MetaAccess> {
  const place = metaAccessOf({ tenantId: here.tenant.id, id: made.id as never });
  const sealed = await loadSecret(here.store.db, place);
  if (!sealed) throw new Error("nothing is stored");
  return MetaAccess.parse(JSON.parse(here.workspace.vault.open(place, sealed)));
}
/** The dataset's access ends then, at Meta and as we know it. */
async function end(days: number): Promise<void> {
  await here.act("lifetime", { token: (await accessNow()).token, days });
  await here.store.db
    .updateTable("dataset")
    .set({ access_ends_at: inDays(days) })
    .execute();
}
async function problems(now = new Date()) {
  await watchProblems({ store: here.store, log: silent, crmName: (id) => id, consoleUrl: () => here.url })(now);
  return await listProblems(here.store.db, here.tenant.id, { state: "open" }, new Date());
}

test("an access of sixty days is known to end", async () => {
  expect(made.accessEndsAt).toBeDefined();
  const days = (Date.parse(made.accessEndsAt ?? "") - Date.now()) / dayMs;
  expect(days).toBeGreaterThan(59);
  expect(days).toBeLessThan(61);
});

test("is renewed at half of its time, with a new token that is stored with its new end", async () => {
  const before = await accessNow();
  await renew();
  expect((await accessNow()).token).toBe(before.token);
  await end(29);
  await renew();
  const after = await accessNow();
  expect(after).toEqual({ client: "app", token: expect.stringMatching(/^EAA/) });
  expect(after.token).not.toBe(before.token);
  expect((await endsAt())?.getTime()).toBeGreaterThan(inDays(59).getTime());
});

test("that cannot be renewed stays as it is, is tried again, and is told of 14 days before its end", async () => {
  await end(20);
  const { token } = await accessNow();
  await here.act("fault", { status: 503 });
  await renew();
  expect((await accessNow()).token).toBe(token);
  expect(here.logged.join("\n")).toContain("was not renewed");
  expect(here.logged.join("\n")).not.toContain(token.slice(0, 20));
  expect(await problems()).toEqual([]);
  const [problem] = await problems(inDays(7));
  expect(problem).toMatchObject({ code: "access_ending", about: made.id, affected: 0 });
  expect(problem?.deadline_at).toEqual(await endsAt());

  // A quarter of an hour later it is written about, with the days that are left.
  await problems(new Date(inDays(7).getTime() + 15 * 60_000));
  const mails = await here.store.db.selectFrom("mail").selectAll().execute();
  expect(mails.map(({ subject }) => subject)).toEqual(["Acme: The access to Meta ends soon"]);
  expect(mails[0]?.body).toContain("in 13 days");
  await here.act("fault", {});
  await renew(new Date(Date.now() + 2 * 60_000));
  expect((await accessNow()).token).not.toBe(token);
  expect(await problems(inDays(8))).toEqual([]);
});

test("that Meta has refused already is told of once, as what it is", async () => {
  await end(5);
  expect((await problems()).map(({ code }) => code)).toEqual(["access_ending"]);
  await here.store.db
    .updateTable("lane")
    .set({ paused_reason: "meta_token", why: "meta_token", due_at: null })
    .where("id", "=", made.id)
    .execute();
  expect((await problems()).map(({ code }) => code)).toEqual(["meta_token"]);
});

test("two that renew at once make one exchange", async () => {
  await end(10);
  const before = here.called.length;
  await Promise.all([renew(), renew(), renew()]);
  expect(here.called.slice(before).filter((url) => url.endsWith("/oauth/access_token"))).toHaveLength(1);
});

test("a login that nobody chose a dataset with is forgotten after an hour", async () => {
  await signInAtMeta(here, await browserAt(here));
  const { vault } = here.workspace;
  const waiting = (now: Date) => findLogin(here.store.db, here.tenant.id, vault, now);
  expect(await waiting(new Date())).toBeDefined();
  const later = new Date(Date.now() + 61 * 60_000);
  expect(await waiting(later)).toBeUndefined();
  await renew(later);
  const rows = await here.store.db.selectFrom("secret").select("kind").where("kind", "=", "login").execute();
  expect(rows).toEqual([]);
});
