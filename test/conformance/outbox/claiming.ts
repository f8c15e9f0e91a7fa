import assert from "node:assert/strict";
import type { TenantId } from "../../../core/types.ts";
import {
  at,
  type Check,
  claimOne,
  connection,
  entry,
  failsWith,
  ingest,
  kept,
  minute,
  noneDue,
  open,
  sent,
  tenant,
} from "./world.ts";

const ids = (leases: readonly { readonly id: string }[]) => leases.map(({ id }) => id);

export const claiming: Readonly<Record<string, Check>> = {
  "hands out the lanes that are due, longest due first": async (world) => {
    await world.openLane(tenant, "read", "con_b", at(-1));
    await world.openLane(tenant, "read", "con_a", at(-3));
    await world.openLane(tenant, "read", "con_c", at(-2));
    await world.openLane(tenant, "read", "con_later", at(1));
    await world.openLane(tenant, "send", "dst_a", at(-5));
    assert.deepEqual(ids(await world.outbox.claim("read", at(0), 2, minute)), ["con_a", "con_c"]);
    assert.deepEqual(ids(await world.outbox.claim("read", at(0), 2, minute)), ["con_b"]);
    await noneDue(world.outbox, "read", at(0));
  },

  "gives a lane to nobody else until its lease ends, then with a higher token": async (world) => {
    await open(world);
    const first = await claimOne(world.outbox, "read", at(0));
    assert.deepEqual(first.until, at(1));
    await noneDue(world.other, "read", at(0.9));
    const second = await claimOne(world.other, "read", at(1));
    assert.ok(second.token > first.token);
  },

  "takes the lane of a worker that died behind those that waited longer": async (world) => {
    await world.openLane(tenant, "read", "con_dead", at(-9));
    await claimOne(world.outbox, "read", at(0));
    await world.openLane(tenant, "read", "con_waits", at(-1));
    await world.openLane(tenant, "read", "con_later", at(2));
    const turns = await world.other.claim("read", at(3), 3, minute);
    assert.deepEqual(ids(turns), ["con_waits", "con_dead", "con_later"]);
  },

  "never gives one lane to two workers that ask at the same moment": async (world) => {
    const names = Array.from({ length: 24 }, (_, n) => `con_${n}`);
    for (const [n, name] of names.entries()) await world.openLane(tenant, "read", name, at(-n));
    const asked = Array.from({ length: 12 }, (_, n) =>
      (n % 2 ? world.outbox : world.other).claim("read", at(0), 4, minute),
    );
    const claimed = (await Promise.all(asked)).flatMap(ids);
    assert.equal(new Set(claimed).size, claimed.length, "a lane was claimed twice");
    const rest = ids(await world.outbox.claim("read", at(0), 24, minute));
    assert.deepEqual(new Set([...claimed, ...rest]), new Set(names));
  },

  "lets lanes that give way take turns": async (world) => {
    const datasets = ["dst_a", "dst_b", "dst_c"] as const;
    await world.openLane(tenant, "read", connection, at(0));
    const reader = await claimOne(world.outbox, "read", at(0), 60 * minute);
    for (const [n, datasetId] of datasets.entries()) {
      await world.openLane(tenant, "send", datasetId);
      const outcomes = [sent(entry(`${datasetId} 1`)), sent(entry(`${datasetId} 2`))];
      await world.outbox.keep(reader, kept(outcomes, { datasetId: datasetId as never }), at(n / 10));
    }
    const turns: string[] = [];
    for (let turn = 1; turn <= 6; turn += 1) {
      const [lease] = await world.outbox.claim("send", at(turn), 1, minute);
      assert.ok(lease);
      turns.push(lease.id);
      await world.outbox.release(lease, { dueAt: at(turn) }, at(turn));
    }
    assert.deepEqual(turns, [...datasets, ...datasets]);
  },

  "voids everything that a worker writes after another has its lane": async (world) => {
    await open(world);
    await ingest(world, [entry("1"), entry("2")], at(0), at(5));
    const staleReader = await claimOne(world.outbox, "read", at(5));
    const reader = await claimOne(world.other, "read", at(6));
    await failsWith(
      "lease_lost",
      world.outbox.keep(staleReader, kept([sent(entry("3"))], { checkpoint: { v: 9 } }), at(6)),
    );
    await failsWith("lease_lost", world.outbox.release(staleReader, { dueAt: at(99) }, at(6)));
    assert.equal(await world.outbox.checkpoint(tenant, connection), undefined);
    await world.outbox.keep(reader, kept([sent(entry("3"))], { checkpoint: { v: 1 } }), at(6));

    const staleSender = await claimOne(world.outbox, "send", at(6));
    const sender = await claimOne(world.other, "send", at(7));
    await failsWith("lease_lost", world.outbox.advance(staleSender, { cursor: 2 }, at(7)));
    await failsWith("lease_lost", world.outbox.release(staleSender, { paused: "meta_token" }, at(7)));
    assert.deepEqual(await world.outbox.read(staleSender, 10), [], "a stale worker is given nothing to send");
    assert.deepEqual(
      (await world.outbox.read(sender, 10)).map(({ seq }) => seq),
      [1, 2, 3],
    );
  },

  "voids what is written after the lane was given back": async (world) => {
    await open(world);
    const lease = await claimOne(world.outbox, "read", at(0));
    await world.outbox.release(lease, { dueAt: at(5) }, at(0));
    await failsWith("lease_lost", world.outbox.keep(lease, kept([]), at(0)));
    await failsWith("lease_lost", world.outbox.release(lease, {}, at(0)));
  },

  "remembers failed tries until a try succeeds": async (world) => {
    await open(world);
    const first = await claimOne(world.outbox, "read", at(0));
    assert.equal(first.attempts, 0);
    await world.outbox.release(first, { dueAt: at(1), attempts: 3, why: "crm_limit" }, at(0));
    await noneDue(world.outbox, "read", at(0.9));
    const second = await claimOne(world.outbox, "read", at(1));
    assert.equal(second.attempts, 3);
    await world.outbox.release(second, { dueAt: at(2) }, at(1));
    assert.equal((await claimOne(world.outbox, "read", at(2))).attempts, 0);
  },

  "keeps the tries and the work of a worker that died": async (world) => {
    await open(world);
    const lease = await claimOne(world.outbox, "read", at(0));
    await world.outbox.release(lease, { dueAt: at(1), attempts: 2, why: "crm_unavailable" }, at(0));
    await claimOne(world.outbox, "read", at(1));
    assert.equal((await claimOne(world.other, "read", at(3))).attempts, 2);
  },

  "keeps tenants apart that use the same ids": async (world) => {
    const two = "ten_two" as TenantId;
    await open(world);
    await world.openLane(two, "read", connection, at(-1));
    await world.openLane(two, "send", "dst_one");
    const leases = await world.outbox.claim("read", at(0), 10, minute);
    assert.deepEqual(
      leases.map(({ tenantId }) => tenantId),
      [two, tenant],
    );
    const [theirs, ours] = leases;
    assert.ok(theirs && ours);
    await world.outbox.keep(theirs, kept([sent(entry("1"))], { checkpoint: "theirs" }), at(0));
    await world.outbox.keep(ours, kept([sent(entry("1", "s2"))], { checkpoint: "ours" }), at(0));
    assert.equal(await world.outbox.checkpoint(two, connection), "theirs");
    assert.equal(await world.outbox.checkpoint(tenant, connection), "ours");
    const known = await world.outbox.known(two, connection, [{ object: "deal", id: "1" }]);
    assert.deepEqual(
      known.get("deal:1")?.map(({ stageId }) => stageId),
      ["s1"],
    );
    for (const lease of await world.outbox.claim("send", at(0), 10, minute)) {
      const [only, ...more] = await world.outbox.read(lease, 10);
      assert.equal(more.length, 0);
      assert.match(only?.payload ?? "", lease.tenantId === two ? /"s1"/ : /"s2"/);
    }
  },
};
