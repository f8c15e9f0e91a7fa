import assert from "node:assert/strict";
import {
  at,
  type Check,
  claimOne,
  connection,
  dataset,
  dispatch,
  entries,
  ingest,
  kept,
  minute,
  noneDue,
  open,
  sent,
  seqs,
  tenant,
} from "./world.ts";

export const sending: Readonly<Record<string, Check>> = {
  "is idle without events and due with the first": async (world) => {
    await open(world);
    await noneDue(world.outbox, "send", at(0));
    await ingest(world, entries(1, 1), at(0));
    const lease = await claimOne(world.outbox, "send", at(0));
    await world.outbox.advance(lease, { cursor: 1, dispatch: dispatch(1, 1) }, at(0));
    await world.outbox.release(lease, {}, at(0));
    await noneDue(world.outbox, "send", at(600));
  },

  "hands out events in their order and goes on exactly where a sender died": async (world) => {
    await open(world);
    await ingest(world, entries(1, 10), at(0), at(1));
    await ingest(world, entries(11, 15), at(1));
    const first = await claimOne(world.outbox, "send", at(1));
    assert.deepEqual(seqs(await world.outbox.read(first, 10)), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await world.outbox.advance(first, { cursor: 4, dispatch: dispatch(1, 4) }, at(1));
    const second = await claimOne(world.other, "send", at(2));
    assert.deepEqual(seqs(await world.other.read(second, 3)), [5, 6, 7]);
    assert.deepEqual(seqs(await world.other.read(second, 3)), [5, 6, 7], "reading moves nothing");
    await world.other.advance(second, { cursor: 24 }, at(2));
    const [last, ...more] = await world.other.read(second, 10);
    assert.deepEqual([last?.seq, last?.payload, more], [25, '{"event_name":"s1","record":"25"}', []]);
  },

  "is due at once when an event comes in while it is worked on": async (world) => {
    await open(world);
    await ingest(world, entries(1, 1), at(0), at(0));
    const lease = await claimOne(world.outbox, "send", at(0));
    assert.equal((await world.outbox.read(lease, 10)).length, 1);
    await world.outbox.advance(lease, { cursor: 1 }, at(0));
    await ingest(world, entries(2, 1), at(0));
    await world.outbox.release(lease, {}, at(0));
    const next = await claimOne(world.outbox, "send", at(0));
    assert.deepEqual(seqs(await world.outbox.read(next, 10)), [2]);
  },

  "waits as long as it is told, whatever comes in": async (world) => {
    await open(world);
    await ingest(world, entries(1, 2), at(0), at(0));
    const lease = await claimOne(world.outbox, "send", at(0));
    await world.outbox.advance(lease, { dispatch: dispatch(1, 2, "retry") }, at(0));
    await world.outbox.release(lease, { dueAt: at(10), attempts: 1, why: "meta_down" }, at(0));
    await ingest(world, entries(3, 1), at(0));
    await noneDue(world.outbox, "send", at(9));
    const next = await claimOne(world.outbox, "send", at(10));
    assert.equal(next.attempts, 1);
    assert.deepEqual(seqs(await world.outbox.read(next, 10)), [1, 2, 3]);
    await world.outbox.release(next, { dueAt: at(20) }, at(10));
    await noneDue(world.outbox, "send", at(19));
  },

  "stands still while paused, loses nothing, and goes on when resumed": async (world) => {
    await open(world);
    await ingest(world, entries(1, 1), at(0), at(1));
    const lease = await claimOne(world.outbox, "send", at(0));
    await world.outbox.release(lease, { paused: "meta_token", attempts: 1, why: "meta_token" }, at(0));
    await ingest(world, entries(2, 1), at(1), at(2));
    await noneDue(world.outbox, "send", at(600));
    await world.resumeLane(tenant, "send", dataset, at(600));
    const next = await claimOne(world.outbox, "send", at(600));
    assert.equal(next.attempts, 0);
    assert.deepEqual(seqs(await world.outbox.read(next, 10)), [1, 2]);
  },

  "stays paused when it was paused from outside while it was worked on": async (world) => {
    await open(world);
    await ingest(world, entries(1, 2), at(0), at(1));
    const lease = await claimOne(world.outbox, "send", at(0));
    await world.pauseLane(tenant, "send", dataset, "meta_permission");
    await world.outbox.advance(lease, { cursor: 1 }, at(0));
    await world.outbox.release(lease, {}, at(0));
    await noneDue(world.outbox, "send", at(600));
    await world.resumeLane(tenant, "send", dataset, at(600));
    await claimOne(world.outbox, "send", at(600));
  },

  "stays idle when it is resumed and has nothing to send": async (world) => {
    await open(world);
    await world.pauseLane(tenant, "send", dataset, "meta_token");
    await world.resumeLane(tenant, "send", dataset, at(1));
    await noneDue(world.outbox, "send", at(600));
  },

  "never moves the cursor back": async (world) => {
    await open(world);
    await ingest(world, entries(1, 5), at(0));
    const lease = await claimOne(world.outbox, "send", at(0));
    await world.outbox.advance(lease, { cursor: 3 }, at(0));
    await world.outbox.advance(lease, { cursor: 1 }, at(0));
    await world.outbox.advance(lease, { dispatch: dispatch(4, 5, "unknown") }, at(0));
    assert.deepEqual(seqs(await world.outbox.read(lease, 10)), [4, 5]);
  },

  "lets a refused event step aside, also when it is given up a second time": async (world) => {
    await open(world);
    await ingest(world, entries(1, 3), at(0));
    const first = await claimOne(world.outbox, "send", at(0));
    const dead = [
      { seq: 1, reason: "refused_invalid", code: 100, subcode: 2804019, words: "no", traceId: "A" },
    ] as const;
    await world.outbox.advance(first, { dispatch: dispatch(1, 1, "refused"), dead }, at(0));
    const second = await claimOne(world.outbox, "send", at(1));
    const twice = [
      { seq: 1, reason: "refused_invalid" },
      { seq: 2, reason: "expired" },
    ] as const;
    await world.outbox.advance(second, { cursor: 2, dispatch: dispatch(1, 1, "refused"), dead: twice }, at(1));
    assert.deepEqual(seqs(await world.outbox.read(second, 10)), [3]);
  },

  "delivers each event once while readers append and senders take turns": async (world) => {
    await open(world);
    const reader = await claimOne(world.outbox, "read", at(0), 60 * minute);
    const total = 60;
    let appended = false;
    const append = (async () => {
      for (let n = 1; n <= total; n += 3)
        await world.other.keep(reader, kept(entries(n, 3).map((of) => sent(of))), at(0));
      appended = true;
    })();
    const delivered: number[] = [];
    const sender = async (outbox: typeof world.outbox) => {
      for (let idle = 0, turn = 0; idle < 2; turn += 1) {
        assert.ok(turn < 20_000, "the lane stays due without anything to do");
        const before = appended;
        const [lease] = await outbox.claim("send", at(0), 1, minute);
        idle = lease || !before ? 0 : idle + 1;
        if (!lease) {
          await new Promise(setImmediate);
          continue;
        }
        const page = await outbox.read(lease, 4);
        delivered.push(...seqs(page));
        const cursor = page.at(-1)?.seq;
        if (cursor !== undefined)
          await outbox.advance(lease, { cursor, dispatch: dispatch(page[0]?.seq ?? 0, cursor) }, at(0));
        await outbox.release(lease, {}, at(0));
      }
    };
    await Promise.all([append, sender(world.outbox), sender(world.other)]);
    // A sender may find a lane taken by the other and leave early: what is left is taken now.
    await sender(world.outbox);
    assert.deepEqual(
      delivered,
      Array.from({ length: total }, (_, n) => n + 1),
    );
    await noneDue(world.outbox, "send", at(0));
    assert.equal(connection, reader.id);
  },
};
