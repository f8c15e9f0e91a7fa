import { describe, expect, test } from "vitest";
import type { Lease, Release } from "../../core/outbox.ts";
import { listDeliveries } from "../../server/store/delivery-list.ts";
import { createOutbox } from "../../server/store/outbox.ts";
import { datasetStates } from "../../server/store/overview.ts";
import { at, claimOne, entry, kept, noneDue, sent, skipped } from "../conformance/outbox/world.ts";
import { acme, work } from "./store-acme.ts";

const here = acme();
const day = 24 * 60;

describe("what is kept", () => {
  test("leaves the count of the day on which it was decided first when it is decided anew", async () => {
    const { store, tenant, connection } = here;
    await work(here, [skipped(entry("1"), 1, "not_live"), skipped(entry("2"), 1, "not_live")], at(0));
    await work(here, [skipped(entry("3"), 1, "not_live")], at(day));
    const anew = (id: string) => ({ ...sent(entry(id)), instead: "not_live" }) as const;
    await work(here, [anew("1"), anew("3"), sent(entry("4"))], at(2 * day));
    const rows = await store.db
      .selectFrom("tally")
      .select(["day", "outcome", "n"])
      .where("tenant_id", "=", tenant.id)
      .where("connection_id", "=", connection.id)
      .orderBy("day")
      .orderBy("outcome")
      .execute();
    expect(rows).toEqual([
      { day: "2026-11-23", outcome: "not_live", n: 1 },
      { day: "2026-11-24", outcome: "not_live", n: 0 },
      { day: "2026-11-25", outcome: "event", n: 3 },
    ]);
  });

  test("adds up on each day that was compared: accepted, waiting, refused or not sent, without what we filled in", async () => {
    const { store, tenant, dataset } = here;
    const yesterday = (id: string, more = {}) => entry(id, "s1", at(-day), more);
    await work(
      here,
      [
        sent(yesterday("accepted")),
        sent(yesterday("refused")),
        sent(yesterday("waiting")),
        sent(yesterday("filled", { filled: true })),
        skipped(yesterday("a"), 1, "no_consent"),
        skipped(yesterday("b"), 1, "no_consent"),
        skipped(yesterday("c"), 1, "too_old"),
        sent(entry("today")),
      ],
      at(0),
    );
    const sender = await claimOne(store.outbox, "send", at(0));
    await store.outbox.advance(sender, { cursor: 2, dead: [{ seq: 2, reason: "refused_invalid" }] }, at(0));
    const reader = await claimOne(store.outbox, "read", at(1));
    // Found late, and kept by the very page that reports the days.
    const late = [sent(yesterday("late"))];
    const reconciled = [
      { day: "2026-11-22", seen: 7, missed: 1 },
      { day: "2026-11-20", seen: 0, missed: 0 },
    ];
    await store.outbox.keep(reader, kept(late, { datasetId: dataset.id, reconciled }), at(1));
    const rows = await store.db
      .selectFrom("reconciliation")
      .select(["day", "seen", "missed", "accepted", "waiting", "refused", "not_sent", "checked_at"])
      .where("tenant_id", "=", tenant.id)
      .orderBy("day")
      .execute();
    const none = { accepted: 0, waiting: 0, refused: 0, not_sent: {}, checked_at: at(1) };
    expect(rows).toEqual([
      { ...none, day: "2026-11-20", seen: 0, missed: 0 },
      {
        ...none,
        day: "2026-11-22",
        seen: 7,
        missed: 1,
        accepted: 1,
        refused: 1,
        waiting: 2,
        not_sent: { no_consent: 2, too_old: 1 },
      },
    ]);
  });

  test("counts as refused once: an event that has another try waits, and shows as waiting", async () => {
    const { store, tenant, dataset } = here;
    await work(here, [sent(entry("1")), sent(entry("2"))], at(0));
    const sender = await claimOne(store.outbox, "send", at(0));
    const dead = [1, 2].map((seq) => ({ seq, reason: "refused_invalid" }) as const);
    await store.outbox.advance(sender, { cursor: 2, dead }, at(0));
    await store.outbox.redrive(tenant.id, dataset.id, [{ seq: 1 }], at(5));
    expect(await datasetStates(store.db, tenant.id, at(-day), at(0))).toMatchObject([
      { waiting: 1, refused: 1, accepted: 0, nextEventAt: at(-60) },
    ]);
    const { rows } = await listDeliveries(store.db, tenant.id, { wanted: {}, limit: 10, now: at(5) });
    expect(rows.map(({ record, state, seq, at }) => [record.id, state, seq, at.keptAt])).toEqual([
      ["1", "waiting", 3, at(5)],
      ["2", "refused", 2, at(0)],
    ]);
  });

  test("a quiet dataset is due at once; one that was just sent to waits for company, unless it has a backlog", async () => {
    const outbox = createOutbox(here.store.pool, { lingerMs: 120_000 });
    const lingering = { ...here, store: { ...here.store, outbox } };
    const send = async (lease: Lease, seq: number, minute: number, next: Release = {}): Promise<void> => {
      const dispatch = {
        seqFrom: seq,
        seqTo: seq,
        events: 1,
        sentAt: at(minute),
        tookMs: 1,
        verdict: "accepted",
      } as const;
      await outbox.advance(lease, { cursor: seq, dispatch }, at(minute));
      await outbox.release(lease, next, at(minute));
    };
    await work(lingering, [sent(entry("1"))], at(0));
    const first = await claimOne(outbox, "send", at(0));
    await work(lingering, [sent(entry("2"))], at(1));
    await send(first, 1, 1);
    await noneDue(outbox, "send", at(2.9));
    await send(await claimOne(outbox, "send", at(3)), 2, 3);

    await work(lingering, [sent(entry("3"))], at(4));
    await work(lingering, [sent(entry("4"))], at(4.5));
    await noneDue(outbox, "send", at(4.9));
    const third = await claimOne(outbox, "send", at(5));
    expect(await outbox.read(third, 10)).toHaveLength(2);
    await send(third, 3, 5, { dueAt: at(5) });
    await send(await claimOne(outbox, "send", at(5)), 4, 5);

    await work(lingering, [sent(entry("5"))], at(7));
    await send(await claimOne(outbox, "send", at(7)), 5, 60);
    // Who sent last was ahead of the others by an hour: nobody waits longer for that.
    await work(lingering, [sent(entry("6"))], at(8));
    await claimOne(outbox, "send", at(10));
  });
});
