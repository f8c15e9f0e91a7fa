import assert from "node:assert/strict";
import type { Outcome } from "../../../core/outbox.ts";
import {
  at,
  type Check,
  claimOne,
  connection,
  entry,
  failsWith,
  kept,
  type OutboxWorld,
  open,
  records,
  sent,
  seqs,
  skipped,
  tenant,
} from "./world.ts";

/** One page kept by a reader that then gives the lane back. */
async function page(world: OutboxWorld, outcomes: readonly Outcome[], now: Date): Promise<void> {
  const lease = await claimOne(world.outbox, "read", now);
  await world.outbox.keep(lease, kept(outcomes), now);
  await world.outbox.release(lease, { dueAt: now }, now);
}
const ledger = (world: OutboxWorld) => world.ledger(tenant, connection);

export const deciding: Readonly<Record<string, Check>> = {
  "keeps two entries of one record only under different places": async (world) => {
    await open(world);
    await page(world, [sent(entry("1", "s1"))], at(0));
    const lease = await claimOne(world.outbox, "read", at(1));
    // Another writer, which does not know of the first, takes another stage for the record's first.
    const other = [sent(entry("2")), sent(entry("1", "s2", at(-5)), 1)];
    await failsWith("lease_lost", world.outbox.keep(lease, kept(other, { checkpoint: { v: 2 } }), at(1)));
    assert.deepEqual(await ledger(world), [{ record: "deal:1", place: 1, outcome: "event", seq: 1 }]);
    assert.equal(await world.outbox.checkpoint(tenant, connection), undefined);
    await world.outbox.keep(lease, kept([sent(entry("1", "s2", at(-5)), 2)]), at(1));
    assert.deepEqual(
      (await ledger(world)).map(({ place, seq }) => [place, seq]),
      [
        [1, 1],
        [2, 2],
      ],
    );
  },

  "decides a row anew in its place: it becomes one event and is counted once": async (world) => {
    await open(world);
    await page(world, [skipped(entry("1"), 1, "not_live"), skipped(entry("2"))], at(0));
    assert.deepEqual(await world.tallies(tenant, connection), { not_live: 1, stage_ignored: 1 });
    await page(world, [{ ...sent(entry("1")), instead: "not_live" }], at(1));
    assert.deepEqual(await ledger(world), [
      { record: "deal:1", place: 1, outcome: "event", seq: 1 },
      { record: "deal:2", place: 1, outcome: "stage_ignored" },
    ]);
    assert.deepEqual(await world.tallies(tenant, connection), { event: 1, stage_ignored: 1 });
    const known = await world.outbox.known(tenant, connection, records("1"));
    assert.deepEqual(known.get("deal:1"), [{ ...entry("1"), place: 1, outcome: "event" }]);
    const sender = await claimOne(world.outbox, "send", at(1));
    const [event, ...more] = await world.outbox.read(sender, 10);
    assert.deepEqual([event?.payload, event?.keptAt, more], ['{"event_name":"s1","record":"1"}', at(1), []]);
  },

  "decides a row anew that is not sent again, for another reason": async (world) => {
    await open(world);
    await page(world, [skipped(entry("1"), 1, "not_live")], at(0));
    await page(world, [{ ...skipped(entry("1"), 1, "before_live"), instead: "not_live" }], at(1));
    assert.deepEqual(await ledger(world), [{ record: "deal:1", place: 1, outcome: "before_live" }]);
    assert.deepEqual(await world.tallies(tenant, connection), { before_live: 1 });
  },

  "numbers what is new and what is decided anew in the order of the page": async (world) => {
    await open(world);
    await page(world, [skipped(entry("2"), 1, "not_live"), skipped(entry("4"), 1, "not_live")], at(0));
    const again = (id: string): Outcome => ({ ...sent(entry(id)), instead: "not_live" });
    await page(world, [sent(entry("1")), again("2"), skipped(entry("3")), again("4"), sent(entry("5"))], at(1));
    const sender = await claimOne(world.outbox, "send", at(1));
    const events = await world.outbox.read(sender, 10);
    assert.deepEqual(seqs(events), [1, 2, 3, 4]);
    assert.deepEqual(
      events.map(({ payload }) => JSON.parse(payload).record),
      ["1", "2", "4", "5"],
    );
    assert.deepEqual(
      (await ledger(world)).map(({ seq }) => seq),
      [1, 2, undefined, 3, 4],
    );
  },

  "keeps nothing of a page with a row that was decided otherwise meanwhile": async (world) => {
    await open(world);
    await page(world, [skipped(entry("1"), 1, "not_live"), skipped(entry("2"), 1, "no_consent")], at(0));
    const before = await ledger(world);
    const lease = await claimOne(world.outbox, "read", at(1));
    for (const of of [entry("2"), entry("3")]) {
      const stale = { ...sent(of), instead: "not_live" } as const;
      const fine = { ...sent(entry("1")), instead: "not_live" } as const;
      const lost = kept([sent(entry("4")), fine, stale], { checkpoint: { v: 9 } });
      await failsWith("lease_lost", world.outbox.keep(lease, lost, at(1)));
    }
    assert.deepEqual(await ledger(world), before);
    assert.deepEqual(await world.tallies(tenant, connection), { not_live: 1, no_consent: 1 });
    assert.equal(await world.outbox.checkpoint(tenant, connection), undefined);
    await world.outbox.keep(lease, kept([{ ...sent(entry("1")), instead: "not_live" }]), at(1));
  },

  "notes the days that were compared: as the CRM has them now, with all that was ever found late": async (world) => {
    await open(world);
    const lease = await claimOne(world.outbox, "read", at(0));
    const days = [
      { day: "2026-11-22", seen: 7, missed: 2 },
      { day: "2026-11-23", seen: 1, missed: 0 },
    ];
    await world.outbox.keep(lease, kept([sent(entry("1"))], { reconciled: days }), at(0));
    await world.outbox.keep(lease, kept([], { reconciled: [{ day: "2026-11-22", seen: 8, missed: 1 }] }), at(0));
    assert.deepEqual(await world.reconciled(tenant, connection), [
      { day: "2026-11-22", seen: 8, missed: 3 },
      { day: "2026-11-23", seen: 1, missed: 0 },
    ]);
    await world.outbox.release(lease, {}, at(0));
    const lost = kept([], { reconciled: [{ day: "2026-11-21", seen: 1, missed: 1 }] });
    await failsWith("lease_lost", world.outbox.keep(lease, lost, at(0)));
    assert.equal((await world.reconciled(tenant, connection)).length, 2);
  },
};
