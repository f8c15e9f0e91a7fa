import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { openProblems } from "../../core/open-problems.ts";
import type { TenantId } from "../../core/types.ts";
import { evidenceOf, troubledTenants } from "../../server/store/evidence.ts";
import { applyProblems, lockTenant } from "../../server/store/problems.ts";
import { createTenant } from "../../server/store/tenants.ts";
import { at, hours, trouble } from "./problems-world.ts";

const here = trouble();

test("two watchers at once open, close and go on with each problem once", async () => {
  await here.keep(at(0), [at(-50), at(-40), at(-30)]);
  await here.refuse(1, { code: 1 });
  await here.refuse(1, { code: 2 });
  await here.lane("send", { paused: "meta_token" });
  await Promise.all([here.watch(2), here.watch(2), here.watch(2)]);
  expect(await here.open()).toHaveLength(3);
  await here.lane("send", { paused: null });
  await here.accept(3);
  await Promise.all([here.watch(4), here.watch(4), here.watch(4)]);
  expect(await here.open()).toHaveLength(2);
  await here.keep(at(5), [at(4)]);
  await here.lane("send", { paused: "meta_token" });
  await Promise.all([here.watch(6), here.watch(6), here.watch(6)]);
  expect(await here.open()).toHaveLength(3);
  expect(await here.closed()).toEqual([]);
  expect(here.errors).toEqual([]);
});

test("a watcher waits for one that is at the same tenant and goes on from what it wrote", async () => {
  const { db } = here.store;
  await here.lane("send", { paused: "meta_token" });
  let second: Promise<void> | undefined;
  await db.transaction().execute(async (trx) => {
    await lockTenant(trx, here.tenant.id);
    await applyProblems(trx, here.tenant.id, openProblems(await evidenceOf(trx, here.tenant.id, at(1)), at(1)), at(1));
    second = here.watch(2);
    const waiting = () =>
      sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(trx);
    await expect.poll(async () => (await waiting()).rows.length, { timeout: 10_000 }).toBe(1);
  });
  await second;
  expect(here.errors).toEqual([]);
  expect(await here.open()).toMatchObject([{ opened_at: at(1), seen_at: at(2) }]);
});

test("a tenant that cannot be looked at keeps nobody from the others", async () => {
  const { db } = here.store;
  await here.lane("send", { paused: "meta_token" });
  // The only one of this name that sorts before the other: it is looked at first.
  const broken = await createTenant(db, { name: "Broken", allowedKeys: [] }, at(0), "ten_" as TenantId);
  await db
    .insertInto("problem")
    .values({
      tenant_id: broken.id,
      id: "prb_broken",
      cause: "drift:con_x",
      code: "drift",
      about: "con_x",
      affected: 1,
      opened_at: at(0),
      seen_at: at(0),
      closed_at: null,
      deadline_at: null,
      details: "null",
    })
    .execute();
  await here.watch(1);
  expect(here.errors).toEqual(["Could not look for problems"]);
  expect(await here.open()).toMatchObject([{ code: "meta_token" }]);
});

describe("tenants to look at", () => {
  test("are those with a reason, and no quiet one", async () => {
    const { db } = here.store;
    expect(await troubledTenants(db, at(0))).toEqual([]);
    await here.keep(at(0), [at(-30)]);
    expect(await troubledTenants(db, at(5))).toEqual([]);
    expect(await troubledTenants(db, at(10))).toEqual([here.tenant.id]);
    await here.refuse(11);
    await here.accept(12);
    expect(await troubledTenants(db, at(12))).toEqual([here.tenant.id]);
    expect(await troubledTenants(db, at(hours(8 * 24)))).toEqual([]);
    await here.lane("read", { why: "crm_limit" });
    expect(await troubledTenants(db, at(hours(8 * 24)))).toEqual([here.tenant.id]);
  });

  test("that are quiet have no evidence", async () => {
    await here.keep(at(0), [at(-30)]);
    await here.accept(1);
    expect(openProblems(await evidenceOf(here.store.db, here.tenant.id, at(20)), at(20))).toEqual([]);
  });
});
