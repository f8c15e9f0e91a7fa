import assert from "node:assert/strict";
import type { ConnectionId } from "../../../core/types.ts";
import { at, type Check, claimOne, connection, failsWith, kept, noneDue, open, records, tenant } from "./world.ts";

export const ringing: Readonly<Record<string, Check>> = {
  "makes the connection due when somebody rings": async (world) => {
    await world.openLane(tenant, "read", connection, at(30));
    await noneDue(world.outbox, "read", at(0));
    await world.outbox.ring(tenant, connection, records("1"), at(0));
    await claimOne(world.other, "read", at(0));
  },

  "takes many rings for one record as one": async (world) => {
    await open(world);
    await world.outbox.ring(tenant, connection, records("1", "2", "1"), at(0));
    await world.outbox.ring(tenant, connection, records("1"), at(0));
    const { records: rung, all } = await world.outbox.rings(tenant, connection, 10);
    assert.deepEqual(rung, records("2", "1"));
    assert.equal(all, false);
  },

  "says when somebody rang for the whole account": async (world) => {
    await open(world);
    await world.outbox.ring(tenant, connection, "all", at(0));
    await world.outbox.ring(tenant, connection, records("1"), at(0));
    const { records: rung, all, upTo } = await world.outbox.rings(tenant, connection, 10);
    assert.deepEqual([rung, all, upTo], [records("1"), true, 2]);
  },

  "hands out the oldest rings first and says how far they reach": async (world) => {
    await open(world);
    await world.outbox.ring(tenant, connection, records("1", "2", "3"), at(0));
    const first = await world.outbox.rings(tenant, connection, 2);
    assert.deepEqual(first, { records: records("1", "2"), all: false, upTo: 2 });
    const lease = await claimOne(world.outbox, "read", at(0));
    await world.outbox.keep(lease, kept([], { ringsUpTo: first.upTo }), at(0));
    assert.deepEqual(await world.outbox.rings(tenant, connection, 2), { records: records("3"), all: false, upTo: 3 });
    await world.outbox.release(lease, { dueAt: at(30) }, at(0));
    await claimOne(world.outbox, "read", at(0));
  },

  "forgets answered rings and lets the lane rest until its next poll": async (world) => {
    await open(world);
    await world.outbox.ring(tenant, connection, records("1"), at(0));
    const lease = await claimOne(world.outbox, "read", at(0));
    const { upTo } = await world.outbox.rings(tenant, connection, 10);
    await world.outbox.keep(lease, kept([], { ringsUpTo: upTo }), at(0));
    await world.outbox.release(lease, { dueAt: at(30) }, at(0));
    assert.deepEqual((await world.outbox.rings(tenant, connection, 10)).records, []);
    await noneDue(world.outbox, "read", at(29));
    await claimOne(world.outbox, "read", at(30));
  },

  "keeps a record that rings again while it is looked at, and makes the lane due at once": async (world) => {
    await open(world);
    await world.outbox.ring(tenant, connection, records("1", "2"), at(0));
    const lease = await claimOne(world.outbox, "read", at(0));
    const { upTo } = await world.outbox.rings(tenant, connection, 10);
    await world.other.ring(tenant, connection, records("1"), at(0));
    await noneDue(world.other, "read", at(0));
    await world.outbox.keep(lease, kept([], { ringsUpTo: upTo }), at(0));
    await world.outbox.release(lease, { dueAt: at(30) }, at(0));
    await claimOne(world.outbox, "read", at(0));
    assert.deepEqual((await world.outbox.rings(tenant, connection, 10)).records, records("1"));
  },

  "does not let a ring hurry a connection that waits for a reason": async (world) => {
    await open(world);
    const lease = await claimOne(world.outbox, "read", at(0));
    await world.outbox.ring(tenant, connection, records("1"), at(0));
    await world.outbox.release(lease, { dueAt: at(10), attempts: 1, why: "crm_limit" }, at(0));
    await world.outbox.ring(tenant, connection, records("2"), at(1));
    await noneDue(world.outbox, "read", at(9));
    await claimOne(world.outbox, "read", at(10));
    assert.deepEqual((await world.outbox.rings(tenant, connection, 10)).records, records("1", "2"));
  },

  "keeps the rings of a disconnected connection until it is resumed": async (world) => {
    await open(world);
    const lease = await claimOne(world.outbox, "read", at(0));
    await world.outbox.release(lease, { paused: "crm_disconnected", attempts: 1, why: "crm_disconnected" }, at(0));
    await world.outbox.ring(tenant, connection, records("1"), at(1));
    await noneDue(world.outbox, "read", at(600));
    await world.resumeLane(tenant, "read", connection, at(600));
    assert.equal((await claimOne(world.outbox, "read", at(600))).attempts, 0);
    assert.deepEqual((await world.outbox.rings(tenant, connection, 10)).records, records("1"));
  },

  "refuses rings for a connection that is not there": async (world) => {
    await failsWith("not_found", world.outbox.ring(tenant, "con_nobody" as ConnectionId, "all", at(0)));
  },

  "loses none of many rings that come in while a worker answers": async (world) => {
    await open(world);
    const rounds = 40;
    const lastRung = new Map<string, number>();
    const lastAnswered = new Map<string, number>();
    let done = false;
    const bells = (async () => {
      for (let round = 1; round <= rounds; round += 1) {
        const id = String(round % 7);
        lastRung.set(id, round);
        await world.other.ring(tenant, connection, records(id), at(0));
      }
      done = true;
    })();
    for (let idle = 0, turn = 0; idle < 2; turn += 1) {
      assert.ok(turn < 20_000, "the lane stays due without anything to do");
      const [lease] = await world.outbox.claim("read", at(0), 1, 60_000);
      idle = lease || !done ? 0 : idle + 1;
      if (!lease) {
        await new Promise(setImmediate);
        continue;
      }
      const rung = await world.outbox.rings(tenant, connection, 3);
      for (const { id } of rung.records) lastAnswered.set(id, lastRung.get(id) ?? 0);
      await world.outbox.keep(lease, kept([], { ringsUpTo: rung.upTo }), at(0));
      await world.outbox.release(lease, { dueAt: at(30) }, at(0));
    }
    await bells;
    assert.deepEqual(await world.outbox.rings(tenant, connection, 10), { records: [], all: false, upTo: rounds });
    assert.deepEqual(new Map([...lastAnswered].sort()), new Map([...lastRung].sort()));
  },
};
