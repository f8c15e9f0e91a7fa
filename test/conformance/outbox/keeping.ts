import assert from "node:assert/strict";
import type { ConnectionId, DatasetId } from "../../../core/types.ts";
import {
  at,
  type Check,
  claimOne,
  connection,
  dataset,
  entry,
  failsWith,
  ingest,
  kept,
  minute,
  noneDue,
  open,
  records,
  sent,
  skipped,
  tenant,
} from "./world.ts";

export const keeping: Readonly<Record<string, Check>> = {
  "keeps entries, events and the checkpoint together": async (world) => {
    await open(world);
    assert.equal(await world.outbox.checkpoint(tenant, connection), undefined);
    const lease = await claimOne(world.outbox, "read", at(0));
    const outcomes = [sent(entry("1")), skipped(entry("2")), sent(entry("3"))];
    await world.outbox.keep(lease, kept(outcomes, { checkpoint: { v: 1, after: 'é"\\{},' } }), at(0));
    assert.deepEqual(await world.other.checkpoint(tenant, connection), { v: 1, after: 'é"\\{},' });
    assert.deepEqual([...(await world.other.known(tenant, connection, records("1", "2", "3"))).keys()].sort(), [
      "deal:1",
      "deal:2",
      "deal:3",
    ]);
    const sender = await claimOne(world.other, "send", at(0));
    assert.deepEqual(await world.other.read(sender, 10), [
      { seq: 1, payload: '{"event_name":"s1","record":"1"}', eventTime: at(-60), keptAt: at(0), asides: 0 },
      { seq: 2, payload: '{"event_name":"s1","record":"3"}', eventTime: at(-60), keptAt: at(0), asides: 0 },
    ]);
  },

  "tells a reader in the middle of its work that the lane was paused": async (world) => {
    await open(world);
    const lease = await claimOne(world.outbox, "read", at(0));
    assert.deepEqual(await world.outbox.keep(lease, kept([sent(entry("1"))], { checkpoint: 1 }), at(0)), {
      paused: false,
    });
    await world.pauseLane(tenant, "read", connection, "by_admin");
    const reconciled = [{ day: "2026-11-23", seen: 1, missed: 0 }];
    for (const more of [{ checkpoint: 2 }, { reconciled }])
      assert.deepEqual(await world.outbox.keep(lease, kept([], more), at(0)), { paused: true });
    await world.outbox.release(lease, { dueAt: at(0) }, at(0));
    await noneDue(world.outbox, "read", at(60));
    await world.resumeLane(tenant, "read", connection, at(61));
    await claimOne(world.outbox, "read", at(61));
    assert.equal(await world.outbox.checkpoint(tenant, connection), 2, "what was kept meanwhile stays");
  },

  "keeps nothing of a page in which a place is taken already": async (world) => {
    await open(world);
    await ingest(world, [entry("1")], at(0), at(1));
    const lease = await claimOne(world.outbox, "read", at(1));
    const again = kept([sent(entry("2")), sent(entry("1"))], { checkpoint: { v: 2 }, ringsUpTo: 0 });
    await failsWith("lease_lost", world.outbox.keep(lease, again, at(1)));
    assert.equal(await world.outbox.checkpoint(tenant, connection), undefined);
    assert.equal((await world.outbox.known(tenant, connection, records("2"))).size, 0);
    const sender = await claimOne(world.outbox, "send", at(1));
    assert.equal((await world.outbox.read(sender, 10)).length, 1);
  },

  "keeps nothing of a page that gives one place twice": async (world) => {
    await open(world);
    const lease = await claimOne(world.outbox, "read", at(0));
    await failsWith("lease_lost", world.outbox.keep(lease, kept([sent(entry("1")), skipped(entry("1"))]), at(0)));
    assert.equal((await world.outbox.known(tenant, connection, records("1"))).size, 0);
    await noneDue(world.outbox, "send", at(0));
  },

  "keeps nothing when the events have nowhere to go": async (world) => {
    await open(world);
    await world.outbox.ring(tenant, connection, records("1"), at(0));
    const lease = await claimOne(world.outbox, "read", at(0));
    const lost = kept([skipped(entry("1")), sent(entry("2"))], {
      datasetId: "dst_unknown" as DatasetId,
      checkpoint: { v: 1 },
      ringsUpTo: 1,
    });
    await failsWith("not_found", world.outbox.keep(lease, lost, at(0)));
    assert.equal(await world.outbox.checkpoint(tenant, connection), undefined);
    assert.equal((await world.outbox.known(tenant, connection, records("1", "2"))).size, 0);
    assert.deepEqual((await world.outbox.rings(tenant, connection, 10)).records, records("1"));
    await world.outbox.keep(lease, kept([skipped(entry("1"))]), at(0));
  },

  "leaves the checkpoint where it is when a page brings none, and takes null for one": async (world) => {
    await open(world);
    const lease = await claimOne(world.outbox, "read", at(0));
    await world.outbox.keep(lease, kept([], { checkpoint: { at: [1, "b"] } }), at(0));
    await world.outbox.keep(lease, kept([skipped(entry("1"))]), at(0));
    assert.deepEqual(await world.outbox.checkpoint(tenant, connection), { at: [1, "b"] });
    await world.outbox.keep(lease, kept([], { checkpoint: null }), at(0));
    assert.equal(await world.outbox.checkpoint(tenant, connection), null);
  },

  "knows each record's entries with what was decided, oldest first, entries of one moment by place": async (world) => {
    await open(world);
    const lease = await claimOne(world.outbox, "read", at(0));
    const late = entry("1", "late", at(-1));
    await world.outbox.keep(lease, kept([skipped(late), sent(entry("2"))]), at(0));
    const jump = [
      entry("1", "a", at(-9), { filled: true, entry: "n2" }),
      entry("1", "b", at(-9), { filled: true, entry: "n3", timeQuality: "day" }),
      entry("1", "c", at(-9)),
    ];
    await world.outbox.keep(lease, kept(jump.map((of, n) => sent(of, n + 2))), at(0));
    const known = await world.outbox.known(tenant, connection, records("1", "1", "3"));
    assert.deepEqual([...known.keys()], ["deal:1"]);
    assert.deepEqual(known.get("deal:1"), [
      ...jump.map((of, n) => ({ ...of, place: n + 2, outcome: "event" })),
      { ...late, place: 1, outcome: "stage_ignored" },
    ]);
    assert.equal((await world.outbox.known(tenant, "con_other" as ConnectionId, records("1"))).size, 0);
    assert.equal((await world.outbox.known(tenant, connection, [{ object: "contact", id: "1" }])).size, 0);
    assert.equal((await world.outbox.known(tenant, connection, [])).size, 0);
  },

  "numbers the events of two connections without gaps, each in its own order": async (world) => {
    await world.openLane(tenant, "send", dataset);
    const readers = ["con_a", "con_b"] as const;
    for (const id of readers) await world.openLane(tenant, "read", id, at(0));
    const leases = await world.outbox.claim("read", at(0), 2, 60 * minute);
    const work = leases.map(async (lease, n) => {
      for (let page = 0; page < 5; page += 1) {
        const outcomes = Array.from({ length: 10 }, (_, k) =>
          sent(entry(`${lease.id} ${String(page * 10 + k).padStart(2, "0")}`)),
        );
        await (n ? world.outbox : world.other).keep(lease, kept(outcomes), at(0));
      }
    });
    await Promise.all(work);
    const sender = await claimOne(world.outbox, "send", at(0));
    const events = await world.outbox.read(sender, 200);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      Array.from({ length: 100 }, (_, n) => n + 1),
    );
    for (const id of readers) {
      const own = events.map(({ payload }) => payload).filter((text) => text.includes(id));
      assert.equal(own.length, 50);
      assert.deepEqual(own, own.toSorted());
    }
  },

  "goes on exactly where a reader died": async (world) => {
    await open(world);
    const pages = Array.from({ length: 4 }, (_, page) => [entry(`${page}a`), entry(`${page}b`)]);
    const turns = [true, false, true, false, false, false, false];
    for (const [turn, dies] of turns.entries()) {
      const now = turn * 2;
      const lease = await claimOne(dies ? world.outbox : world.other, "read", at(now));
      const position = ((await world.outbox.checkpoint(tenant, connection)) as { page: number } | undefined)?.page ?? 0;
      const page = pages[position];
      if (!page) {
        await world.outbox.release(lease, { dueAt: at(now) }, at(now));
        continue;
      }
      await world.outbox.keep(
        lease,
        kept(
          page.map((of) => sent(of)),
          { checkpoint: { page: position + 1 } },
        ),
        at(now),
      );
      if (!dies) await world.outbox.release(lease, { dueAt: at(now) }, at(now));
    }
    assert.deepEqual(await world.outbox.checkpoint(tenant, connection), { page: 4 });
    const sender = await claimOne(world.outbox, "send", at(turns.length * 2));
    assert.equal((await world.outbox.read(sender, 100)).length, 8);
  },
};
