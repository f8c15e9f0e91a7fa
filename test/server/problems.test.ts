import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { deadlineOf } from "../../core/meta/limits.ts";
import { openProblems } from "../../core/open-problems.ts";
import type { TenantId } from "../../core/types.ts";
import { evidenceOf, troubledTenants } from "../../server/store/evidence.ts";
import { countProblems, listProblems } from "../../server/store/problem-list.ts";
import { applyProblems, lockTenant, noteOnProblem } from "../../server/store/problems.ts";
import { createTenant } from "../../server/store/tenants.ts";
import { at, hours, trouble } from "./problems-world.ts";

const here = trouble();

describe("a blocked dataset", () => {
  test("is opened at once, followed while it lasts, and closed when its lane moves again", async () => {
    await here.keep(at(0), [at(-30), at(-20)]);
    await here.lane("send", { paused: "meta_token" });
    await here.watch(1);
    const [opened, ...more] = await here.open();
    expect(more).toEqual([]);
    expect(opened).toMatchObject({
      cause: `blocked:${here.dataset.id}:meta_token`,
      code: "meta_token",
      about: here.dataset.id,
      affected: 2,
      opened_at: at(1),
      seen_at: at(1),
      closed_at: null,
      deadline_at: deadlineOf(at(-30)),
      details: { name: "Acme leads", since: at(0).toISOString() },
    });
    expect(opened?.id).toMatch(/^prb_/);

    await here.keep(at(2), [at(1)]);
    await here.watch(3);
    expect(await here.open()).toMatchObject([{ id: opened?.id, affected: 3, opened_at: at(1), seen_at: at(3) }]);

    await here.lane("send", { paused: null });
    await here.accept(4);
    await here.watch(5);
    expect(await here.open()).toEqual([]);
    expect(await here.closed()).toMatchObject([{ id: opened?.id, closed_at: at(5), details: { ended: "mended" } }]);
  });

  test("tells the deadline of the oldest event, not of the next in line", async () => {
    await here.keep(at(0), [at(-30), at(hours(-100)), at(-20)]);
    await here.lane("send", { paused: "meta_token" });
    await here.watch(1);
    expect(await here.open()).toMatchObject([{ deadline_at: deadlineOf(at(hours(-100))) }]);
  });

  test("that an admin paused is nobody's problem until the first event has a day left", async () => {
    await here.keep(at(0), [at(-60)]);
    await here.lane("send", { paused: "by_admin" });
    await here.watch(hours(5 * 24));
    expect(await here.open()).toEqual([]);
    await here.watch(hours(6 * 24) - 1);
    expect(await here.open()).toMatchObject([{ code: "by_admin", affected: 1 }]);
  });
});

describe("a dataset that waits for Meta", () => {
  test("becomes a problem after ten minutes without progress", async () => {
    await here.keep(at(0), [at(-30)]);
    await here.lane("send", { why: "meta_down", movedAt: at(3) });
    await here.watch(12);
    expect(await here.open()).toEqual([]);
    await here.watch(13);
    expect(await here.open()).toMatchObject([{ cause: `delayed:${here.dataset.id}:meta_down`, opened_at: at(13) }]);
  });

  test("keeps its problem when Meta fails in another way", async () => {
    await here.keep(at(0), [at(-30)]);
    await here.lane("send", { why: "meta_down" });
    await here.watch(10);
    const [first] = await here.open();
    await here.lane("send", { why: "meta_no_answer" });
    await here.watch(11);
    expect(await here.open()).toMatchObject([{ id: first?.id, code: "meta_no_answer", opened_at: at(10) }]);
  });

  test("that comes and goes goes on with the problem it had; after an hour of peace it is a new one", async () => {
    await here.keep(at(0), [at(-30)]);
    await here.lane("send", { why: "meta_down" });
    await here.watch(10);
    const [first] = await here.open();
    await here.lane("send", { why: null, movedAt: at(20) });
    await here.watch(20);
    expect(await here.open()).toEqual([]);
    await here.lane("send", { why: "meta_down" });
    await here.watch(70);
    expect(await here.open()).toMatchObject([{ id: first?.id, opened_at: at(10), closed_at: null }]);
    expect((await here.open())[0]?.details).not.toHaveProperty("ended");

    await here.lane("send", { why: null });
    await here.watch(80);
    await here.lane("send", { why: "meta_down" });
    await here.watch(140);
    expect(await here.open()).toMatchObject([{ opened_at: at(140) }]);
    expect(await here.closed()).toMatchObject([{ id: first?.id, closed_at: at(80) }]);
  });
});

describe("events that come near their deadline", () => {
  test("are a problem when nothing else explains why they still wait", async () => {
    await here.keep(at(0), [at(hours(-6.5 * 24)), at(hours(-6.2 * 24)), at(-10)]);
    await here.watch(9);
    expect(await here.open()).toEqual([]);
    await here.watch(10);
    expect(await here.open()).toMatchObject([
      { cause: `expiring:${here.dataset.id}`, affected: 2, deadline_at: deadlineOf(at(hours(-6.5 * 24))) },
    ]);
  });
});

describe("a connection", () => {
  test("that is disconnected is a problem at once, and over when it is read again", async () => {
    const { db } = here.store;
    const key = { tenant_id: here.tenant.id, connection_id: here.connection.id, body: "{}" };
    await db
      .insertInto("checkpoint")
      .values({ ...key, updated_at: at(-2) })
      .execute();
    await here.lane("read", { paused: "crm_disconnected" });
    await here.watch(0);
    expect(await here.open()).toMatchObject([
      {
        cause: `reading:${here.connection.id}:crm_disconnected`,
        deadline_at: deadlineOf(at(-2)),
        details: { name: "Acme", connector: "hubspot", since: at(-2).toISOString() },
      },
    ]);
    await here.lane("read", { paused: null });
    await here.watch(1);
    expect(await here.open()).toEqual([]);
  });

  test("that was pushed to waits from the push on, not from the last one before", async () => {
    const { db } = here.store;
    const key = { tenant_id: here.tenant.id, connection_id: here.connection.id };
    await db
      .insertInto("checkpoint")
      .values({ ...key, body: "{}", updated_at: at(hours(-50)) })
      .execute();
    await db
      .insertInto("inbox")
      .values({
        ...key,
        seq: 1,
        received_at: at(0),
        id: "1",
        object: "lead",
        record_id: "1",
        pipeline_id: "p",
        stage_id: "s",
        entry: "t1",
        body: "{}",
      })
      .execute();
    await here.lane("read", { why: "unexpected" });
    await here.watch(9);
    expect(await here.open()).toEqual([]);
    await here.watch(10);
    expect(await here.open()).toMatchObject([{ code: "unexpected", details: { since: at(0).toISOString() } }]);
  });

  test("whose changes were found late has a problem for two days", async () => {
    await here.store.db
      .insertInto("reconciliation")
      .values(
        [3, 4, 0].map((missed, n) => ({
          tenant_id: here.tenant.id,
          connection_id: here.connection.id,
          day: `2026-11-2${n}`,
          seen: 10,
          missed,
          accepted: 10,
          waiting: 0,
          refused: 0,
          not_sent: "{}",
          checked_at: at(n),
          missed_at: missed > 0 ? at(n) : null,
        })),
      )
      .execute();
    await here.watch(5);
    expect(await here.open()).toMatchObject([{ cause: `drift:${here.connection.id}`, code: "drift", affected: 7 }]);
    await here.watch(hours(48) + 2);
    expect(await here.open()).toEqual([]);
  });
});

describe("events that Meta refused", () => {
  const lead = { code: 100, subcode: 2804003, words: "Invalid lead id 123 for jane@example.com" };

  test("are grouped by what Meta said, with its last words as an example", async () => {
    await here.keep(at(0), [at(-50), at(-40), at(-30), at(-20)]);
    await here.refuse(1, lead);
    await here.refuse(2, { ...lead, words: "the last words" });
    await here.refuse(3, { code: 100 });
    await here.watch(4);
    const prefix = `refused:${here.dataset.id}:refused_invalid`;
    expect(await here.open()).toMatchObject([
      {
        cause: `${prefix}:100:2804003`,
        affected: 2,
        deadline_at: deadlineOf(at(-50)),
        details: {
          datasetId: here.dataset.id,
          reason: "refused_invalid",
          code: 100,
          subcode: 2804003,
          words: "the last words",
        },
      },
      { cause: `${prefix}:100`, affected: 1, deadline_at: deadlineOf(at(-30)) },
    ]);
  });

  test("are over when all were sent again", async () => {
    await here.keep(at(0), [at(-50), at(-40)]);
    const seqs = [await here.refuse(1, lead), await here.refuse(1, lead)];
    await here.watch(2);
    const again = (seq: number | undefined) =>
      here.store.db
        .updateTable("dead_event")
        .set({ again_seq: 9 })
        .where("tenant_id", "=", here.tenant.id)
        .where("seq", "=", seq ?? 0)
        .execute();
    await again(seqs[0]);
    await here.watch(3);
    expect(await here.open()).toMatchObject([{ affected: 1 }]);
    await again(seqs[1]);
    await here.watch(4);
    expect(await here.open()).toEqual([]);
    expect(await here.closed()).toMatchObject([{ details: { ended: "mended" } }]);
  });

  test("are over, and said to be too late, when none can be sent any more", async () => {
    await here.keep(at(0), [at(hours(-6 * 24)), at(hours(-5 * 24))]);
    await here.refuse(1, lead);
    await here.refuse(1, lead);
    await here.watch(2);
    expect(await here.open()).toMatchObject([{ affected: 2 }]);
    await here.watch(hours(24));
    expect(await here.open()).toMatchObject([{ affected: 1, deadline_at: deadlineOf(at(hours(-5 * 24))) }]);
    await here.watch(hours(48));
    expect(await here.closed()).toMatchObject([{ details: { ended: "too_old" } }]);
  });

  test("that expired are no problem: there is nothing to do", async () => {
    await here.keep(at(0), [at(hours(-7 * 24))]);
    await here.refuse(1, { reason: "expired" });
    await here.watch(2);
    expect(await here.open()).toEqual([]);
  });
});

describe("a muted problem", () => {
  const mute = async (minutes: number, days = 7) => {
    const [problem] = await here.open(minutes);
    const muted = {
      ...{ until: at(minutes + hours(24 * days)).toISOString(), at: at(minutes).toISOString(), by: "usr_a" },
      affected: problem?.affected ?? 0,
      ...(problem?.deadline_at && { deadlineAt: problem.deadline_at.toISOString() }),
    };
    expect(
      await here.store.web(here.tenant.id, (trx) => noteOnProblem(trx, here.tenant.id, problem?.id ?? "", { muted })),
    ).toBe(true);
    return problem?.id;
  };
  const muted = (minutes: number) => listProblems(here.store.db, here.tenant.id, { state: "muted" }, at(minutes));
  const audited = async () => {
    const rows = await here.store.db.selectFrom("audit").selectAll().where("tenant_id", "=", here.tenant.id).execute();
    return rows.map(({ who, what, about }) => [who, what, about]);
  };

  test("is not among the open ones until its time is over, and stays the same problem", async () => {
    await here.keep(at(0), [at(-50), at(-40), at(-30)]);
    await here.refuse(1, { code: 100 });
    await here.watch(2);
    const id = await mute(3, 1);
    expect(await here.open(4)).toEqual([]);
    expect(await countProblems(here.store.db, here.tenant.id, at(4))).toBe(0);
    expect(await muted(4)).toMatchObject([{ id }]);
    await here.refuse(5, { code: 100 });
    await here.watch(6);
    expect(await here.open(6)).toEqual([]);
    expect(await muted(6)).toMatchObject([{ id, affected: 2 }]);
    expect(await here.open(3 + hours(24))).toMatchObject([{ id }]);
    expect(await countProblems(here.store.db, here.tenant.id, at(3 + hours(24)))).toBe(1);
    expect(await audited()).toEqual([]);
  });

  test("is open again at once when it becomes much worse, and the log says why", async () => {
    await here.keep(
      at(0),
      Array.from({ length: 12 }, (_, n) => at(-50 + n)),
    );
    await here.refuse(1);
    await here.watch(2);
    const id = await mute(3);
    for (let n = 0; n < 10; n += 1) await here.refuse(4);
    await here.watch(5);
    expect(await here.open(5)).toMatchObject([{ id, affected: 11 }]);
    expect((await here.open(5))[0]?.details).not.toHaveProperty("muted");
    expect(await audited()).toEqual([
      ["upkeep", "problem.unmuted", expect.objectContaining({ problem: id, because: "worse", affected: 11 })],
    ]);
  });

  test("is open again a day before the first event that waits for it is lost", async () => {
    await here.keep(at(0), [at(-60)]);
    await here.lane("send", { paused: "meta_token" });
    await here.watch(1);
    const id = await mute(2, 30);
    await here.watch(hours(5 * 24));
    expect(await here.open(hours(5 * 24))).toEqual([]);
    await here.watch(hours(6 * 24) - 90);
    expect(await here.open(hours(6 * 24) - 90)).toMatchObject([{ id }]);
  });

  test("is resolved as any other", async () => {
    await here.lane("send", { paused: "meta_token" });
    await here.watch(1);
    const id = await mute(2);
    await here.lane("send", { paused: null });
    await here.accept(3);
    await here.watch(4);
    expect(await muted(5)).toEqual([]);
    expect(await here.closed()).toMatchObject([{ id, details: { ended: "mended" } }]);
    expect(await noteOnProblem(here.store.db, here.tenant.id, id ?? "", { muted: null })).toBe(false);
  });

  test("is muted by nobody of another workspace", async () => {
    await here.lane("send", { paused: "meta_token" });
    await here.watch(1);
    const [problem] = await here.open();
    const other = await createTenant(here.store.db, { name: "Other", allowedKeys: [] }, at(0));
    const acknowledged = { at: at(2).toISOString(), by: "usr_b" };
    const note = (tenantId: TenantId) => noteOnProblem(here.store.db, tenantId, problem?.id ?? "", { acknowledged });
    expect(await note(other.id)).toBe(false);
    expect(await note(here.tenant.id)).toBe(true);
  });
});

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
