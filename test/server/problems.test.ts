import { describe, expect, test } from "vitest";
import { deadlineOf } from "../../core/meta/limits.ts";
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
