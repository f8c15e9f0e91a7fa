import assert from "node:assert/strict";
import type { Lease } from "../../../core/outbox.ts";
import type { DatasetId } from "../../../core/types.ts";
import {
  at,
  type Check,
  claimOne,
  connection,
  dataset,
  entries,
  entry,
  failsWith,
  ingest,
  noneDue,
  type OutboxWorld,
  open,
  seqs,
  tenant,
} from "./world.ts";

const days = 24 * 60;
/** Gives up these of the lane's events and takes the rest. */
async function giveUp(world: OutboxWorld, now: Date, cursor: number, ...refused: readonly number[]): Promise<Lease> {
  const lease = await claimOne(world.outbox, "send", now);
  const dead = refused.map((seq) => ({ seq, reason: "refused_invalid" as const, words: "no" }));
  await world.outbox.advance(lease, { cursor, dead }, now);
  return lease;
}
const redrive = (world: OutboxWorld, now: Date, ...numbers: readonly number[]) =>
  world.outbox.redrive(
    tenant,
    dataset,
    numbers.map((seq) => ({ seq })),
    now,
  );

export const redriving: Readonly<Record<string, Check>> = {
  "gives an event that was given up another try at the end of its lane, as it was or with another payload": async (
    world,
  ) => {
    await open(world);
    await ingest(world, entries(1, 3), at(0));
    await world.outbox.release(await giveUp(world, at(0), 3, 1, 3), {}, at(0));
    await noneDue(world.outbox, "send", at(5));
    const events = [{ seq: 3, payload: '{"event_name":"s1","record":"3","mended":true}' }, { seq: 1 }];
    assert.deepEqual(await world.outbox.redrive(tenant, dataset, events, at(5)), [3, 1]);
    const lease = await claimOne(world.other, "send", at(5));
    assert.deepEqual(await world.other.read(lease, 10), [
      { seq: 4, payload: events[0]?.payload, eventTime: at(-60), keptAt: at(5), asides: 0 },
      { seq: 5, payload: '{"event_name":"s1","record":"1"}', eventTime: at(-60), keptAt: at(5), asides: 0 },
    ]);
    assert.deepEqual(
      (await world.ledger(tenant, connection)).map(({ seq }) => seq),
      [5, 2, 4],
    );
  },

  "gives no event a second try under the same number, however often it is asked": async (world) => {
    await open(world);
    await ingest(world, entries(1, 1), at(0));
    const lease = await giveUp(world, at(0), 1, 1);
    assert.deepEqual(await redrive(world, at(0), 1, 1), [1]);
    assert.deepEqual(await redrive(world, at(0), 1), []);
    assert.deepEqual(seqs(await world.outbox.read(lease, 10)), [2]);
    // Given up again, it is tried again under the number that it has now.
    await world.outbox.advance(lease, { cursor: 2, dead: [{ seq: 2, reason: "refused_invalid" }] }, at(0));
    assert.deepEqual(await redrive(world, at(0), 1, 2), [2]);
    assert.deepEqual(seqs(await world.outbox.read(lease, 10)), [3]);
    assert.deepEqual(await world.ledger(tenant, connection), [
      { record: "deal:1", place: 1, outcome: "event", seq: 3 },
    ]);
  },

  "leaves out what was not given up, what nobody knows, and what is past its deadline": async (world) => {
    await open(world);
    await ingest(world, [entry("1"), entry("2", "s1", at(-7 * days)), entry("3")], at(0));
    await world.outbox.release(await giveUp(world, at(0), 3, 1, 2), {}, at(0));
    assert.deepEqual(await redrive(world, at(0), 2, 3, 99), []);
    await noneDue(world.outbox, "send", at(0));
    // An hour before the seven days are over, to the minute.
    const deadline = -60 + 7 * days - 60;
    assert.deepEqual(await redrive(world, at(deadline + 1), 1), []);
    assert.deepEqual(await redrive(world, at(deadline), 1), [1]);
  },

  "is seen by a sender that is at work, and does not hurry one that waits or is paused": async (world) => {
    await open(world);
    await ingest(world, entries(1, 3), at(0));
    const lease = await giveUp(world, at(0), 3, 1, 2, 3);
    await redrive(world, at(0), 1);
    await world.outbox.release(lease, {}, at(0));
    const next = await claimOne(world.outbox, "send", at(0));
    await world.outbox.release(next, { dueAt: at(10), attempts: 1, why: "meta_down" }, at(0));
    await redrive(world, at(1), 2);
    await noneDue(world.outbox, "send", at(9));
    await world.pauseLane(tenant, "send", dataset, "by_admin");
    assert.deepEqual(await redrive(world, at(2), 3), [3]);
    await noneDue(world.outbox, "send", at(600));
    await world.resumeLane(tenant, "send", dataset, at(600));
    const last = await claimOne(world.outbox, "send", at(600));
    assert.deepEqual(seqs(await world.outbox.read(last, 10)), [4, 5, 6]);
  },

  "refuses to try anything of a dataset that is not there": async (world) => {
    await failsWith("not_found", world.outbox.redrive(tenant, "dst_nobody" as DatasetId, [{ seq: 1 }], at(0)));
  },
};
