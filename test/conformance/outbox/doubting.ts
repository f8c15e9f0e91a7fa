import assert from "node:assert/strict";
import {
  at,
  type Check,
  claimOne,
  connection,
  dataset,
  dispatch,
  entries,
  failsWith,
  ingest,
  noneDue,
  open,
  seqs,
  tenant,
} from "./world.ts";

/** What a sender is told and leaves behind while it is not certain what Meta has taken, or whether it may go on. */
export const doubting: Readonly<Record<string, Check>> = {
  "tells whoever claims the lane what may have been taken already: since the first such request, up to its last event":
    async (world) => {
      await open(world);
      await ingest(world, entries(1, 6), at(0));
      const first = await claimOne(world.outbox, "send", at(0));
      assert.equal(first.unsure, undefined);
      const unsure = { since: at(0), upTo: 4 };
      await world.outbox.advance(first, { dispatch: dispatch(1, 4, "unknown"), unsure }, at(0));
      const second = await claimOne(world.other, "send", at(2));
      assert.deepEqual(second.unsure, unsure, "the sender died");
      await world.other.advance(second, { cursor: 1, unsure: { since: at(2), upTo: 2 } }, at(2));
      await world.other.release(second, { dueAt: at(3), attempts: 1, why: "meta_unreachable" }, at(2));
      const third = await claimOne(world.outbox, "send", at(3));
      assert.deepEqual(third.unsure, unsure);
      await world.outbox.advance(third, { unsure: { since: at(3), upTo: 6 } }, at(3));
      await world.outbox.release(third, { paused: "meta_token", why: "meta_token" }, at(3));
      await world.resumeLane(tenant, "send", dataset, at(9));
      assert.deepEqual((await claimOne(world.outbox, "send", at(9))).unsure, { since: at(0), upTo: 6 });
    },

  "forgets what may have been taken once the cursor has passed it": async (world) => {
    await open(world);
    await ingest(world, entries(1, 3), at(0));
    const first = await claimOne(world.outbox, "send", at(0));
    await world.outbox.advance(first, { unsure: { since: at(0), upTo: 2 } }, at(0));
    await world.outbox.advance(first, { cursor: 1 }, at(0));
    await world.outbox.release(first, { dueAt: at(1) }, at(0));
    const second = await claimOne(world.outbox, "send", at(1));
    assert.deepEqual(second.unsure, { since: at(0), upTo: 2 });
    await world.outbox.advance(second, { cursor: 2 }, at(1));
    await world.outbox.release(second, { dueAt: at(2) }, at(1));
    const third = await claimOne(world.outbox, "send", at(2));
    assert.equal(third.unsure, undefined);
    await world.outbox.advance(third, { unsure: { since: at(2), upTo: 3 } }, at(2));
    await world.outbox.release(third, { dueAt: at(3) }, at(2));
    assert.deepEqual((await claimOne(world.outbox, "send", at(3))).unsure, { since: at(2), upTo: 3 });
  },

  "tells of each event since when it may have been taken already, also once it was set aside, but not once an operator sent it again":
    async (world) => {
      await open(world);
      await ingest(world, entries(1, 4), at(0));
      const first = await claimOne(world.outbox, "send", at(0));
      await world.outbox.advance(
        first,
        { dispatch: dispatch(1, 2, "unknown"), unsure: { since: at(0), upTo: 2 } },
        at(0),
      );
      await world.outbox.release(first, { dueAt: at(1), attempts: 1 }, at(0));
      const second = await claimOne(world.outbox, "send", at(1));
      const later = { ...dispatch(3, 3, "unknown"), sentAt: at(1) };
      await world.outbox.advance(second, { dispatch: later, unsure: { since: at(1), upTo: 3 } }, at(1));
      await world.outbox.release(second, { dueAt: at(2), attempts: 2 }, at(1));
      const third = await claimOne(world.outbox, "send", at(2));
      const since = dispatch(1, 2, "unknown").sentAt;
      const told = async (lease: typeof third) =>
        (await world.outbox.read(lease, 10)).map(({ seq, unsureSince }) => [seq, unsureSince?.getTime()]);
      assert.deepEqual(await told(third), [
        [1, since.getTime()],
        [2, since.getTime()],
        [3, at(1).getTime()],
        [4, undefined],
      ]);
      await world.outbox.advance(third, { cursor: 4, aside: [1, 3], dead: [{ seq: 2, reason: "unconfirmed" }] }, at(2));
      await world.outbox.redrive(tenant, dataset, [{ seq: 2 }], at(2));
      await world.outbox.release(third, { dueAt: at(3) }, at(2));
      const fourth = await claimOne(world.outbox, "send", at(3));
      assert.deepEqual(await told(fourth), [
        [5, since.getTime()],
        [6, at(1).getTime()],
        [7, undefined],
      ]);
    },

  "tells a sender in the middle of its work that the lane was paused": async (world) => {
    await open(world);
    await ingest(world, entries(1, 3), at(0));
    const lease = await claimOne(world.outbox, "send", at(0));
    assert.deepEqual(await world.outbox.advance(lease, { cursor: 1 }, at(0)), { paused: false });
    await world.pauseLane(tenant, "send", dataset, "by_admin");
    assert.deepEqual(await world.outbox.advance(lease, { cursor: 2, dispatch: dispatch(2, 2) }, at(0)), {
      paused: true,
    });
    assert.deepEqual(await world.outbox.read(lease, 10), [], "a paused lane hands out nothing");
    await world.outbox.release(lease, {}, at(0));
    await world.resumeLane(tenant, "send", dataset, at(1));
    const next = await claimOne(world.outbox, "send", at(1));
    assert.deepEqual(seqs(await world.outbox.read(next, 10)), [3], "what was sent meanwhile stays noted");
    assert.deepEqual(await world.outbox.advance(next, { cursor: 3 }, at(1)), { paused: false });
  },

  "puts an event that is set aside at the end of its lane, as it was, and the ledger follows it there": async (
    world,
  ) => {
    await open(world);
    await ingest(world, entries(1, 3), at(0));
    const lease = await claimOne(world.outbox, "send", at(1));
    const before = await world.outbox.read(lease, 1);
    assert.deepEqual([before[0]?.keptAt, before[0]?.asides], [at(0), 0]);
    await world.outbox.advance(lease, { cursor: 2, dispatch: dispatch(2, 2), aside: [1] }, at(1));
    const [third, again, ...more] = await world.outbox.read(lease, 10);
    assert.deepEqual([third?.seq, third?.asides, more], [3, 0, []]);
    assert.deepEqual(again, { ...before[0], seq: 4, keptAt: at(1), asides: 1 });
    assert.deepEqual(
      (await world.ledger(tenant, connection)).map(({ record, seq }) => [record, seq]),
      [
        ["deal:1", 4],
        ["deal:2", 2],
        ["deal:3", 3],
      ],
    );
    await world.outbox.advance(lease, { cursor: 4, aside: [4] }, at(2));
    assert.deepEqual(
      (await world.outbox.read(lease, 10)).map(({ seq, asides, payload }) => [seq, asides, payload]),
      [[5, 2, before[0]?.payload]],
    );
  },

  "sets several events aside in their order, beside one that is given up": async (world) => {
    await open(world);
    await ingest(world, entries(1, 4), at(0));
    const lease = await claimOne(world.outbox, "send", at(0));
    const dead = [{ seq: 2, reason: "refused_invalid" }] as const;
    await world.outbox.advance(lease, { cursor: 4, dispatch: dispatch(4, 4), dead, aside: [1, 3] }, at(0));
    const left = await world.outbox.read(lease, 10);
    assert.deepEqual(
      left.map(({ seq, payload }) => [seq, JSON.parse(payload).record]),
      [
        [5, "1"],
        [6, "3"],
      ],
    );
    await world.outbox.release(lease, {}, at(0));
    await claimOne(world.outbox, "send", at(0));
  },

  "sets an event aside once, however often it is told, and nothing for a sender that lost its lease": async (world) => {
    await open(world);
    await ingest(world, entries(1, 2), at(0));
    const stale = await claimOne(world.outbox, "send", at(0));
    const lease = await claimOne(world.other, "send", at(1));
    await failsWith("lease_lost", world.outbox.advance(stale, { cursor: 1, aside: [1] }, at(1)));
    await world.other.advance(lease, { cursor: 2, aside: [1, 1] }, at(1));
    await world.other.advance(lease, { cursor: 2, aside: [1] }, at(1));
    assert.deepEqual(seqs(await world.other.read(lease, 10)), [3]);
    await world.other.advance(lease, { cursor: 3 }, at(1));
    await world.other.release(lease, {}, at(1));
    await noneDue(world.outbox, "send", at(600));
  },
};
