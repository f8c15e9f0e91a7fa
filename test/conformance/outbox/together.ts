import assert from "node:assert/strict";
import { isFailure } from "../../../core/errors.ts";
import type { DeadEvent } from "../../../core/outbox.ts";
import type { ConnectionId, DatasetId, TenantId } from "../../../core/types.ts";
import {
  at,
  type Check,
  connection,
  dataset,
  dispatch,
  entry,
  kept,
  minute,
  open,
  records,
  sent,
  skipped,
  tenant,
} from "./world.ts";

const another = "ten_two" as TenantId;
const con = (n: number) => `con_${n}` as ConnectionId;
const dst = (n: number) => `dst_${n}` as DatasetId;

/** The code with which each failed; nothing for those that did not. */
async function codes(work: readonly Promise<unknown>[]): Promise<readonly (string | undefined)[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => {
    if (one.status === "fulfilled") return undefined;
    return isFailure(one.reason) ? one.reason.code : String(one.reason);
  });
}

/** A store may answer in one go what many ask at the same moment. Nobody must be able to tell. */
export const together: Readonly<Record<string, Check>> = {
  "keeps two tenants apart whose lanes bear the same names, at every step that they take at the same moment": async (
    world,
  ) => {
    const tenants = [tenant, another];
    for (const id of tenants) {
      await world.openLane(id, "read", connection, at(0));
      await world.openLane(id, "send", dataset);
    }
    const { outbox } = world;
    await Promise.all(tenants.map((id) => outbox.ring(id, connection, records(`rung ${id}`), at(0))));
    const readers = await outbox.claim("read", at(0), 10, minute);
    assert.deepEqual(new Set(readers.map(({ tenantId }) => tenantId)), new Set(tenants));
    const rung = await Promise.all(readers.map(({ tenantId }) => outbox.rings(tenantId, connection, 10)));
    assert.deepEqual(
      rung.map((batch) => batch.records),
      readers.map(({ tenantId }) => records(`rung ${tenantId}`)),
    );
    await Promise.all(
      readers.map((lease) =>
        outbox.keep(
          lease,
          kept([sent(entry(lease.tenantId)), sent(entry("both"))], { checkpoint: lease.tenantId }),
          at(0),
        ),
      ),
    );
    for (const [n, places] of (
      await Promise.all(readers.map(({ tenantId }) => outbox.checkpoint(tenantId, connection)))
    ).entries())
      assert.equal(places, readers[n]?.tenantId);
    const known = await Promise.all(
      readers.map(({ tenantId }) => outbox.known(tenantId, connection, records("both", ...tenants))),
    );
    for (const [n, found] of known.entries())
      assert.deepEqual(new Set(found.keys()), new Set(["deal:both", `deal:${readers[n]?.tenantId}`]));
    const senders = await outbox.claim("send", at(0), 10, minute);
    const pages = await Promise.all(senders.map((lease) => outbox.read(lease, 10)));
    for (const [n, page] of pages.entries())
      assert.deepEqual(
        page.map(({ payload }) => JSON.parse(payload).record),
        [senders[n]?.tenantId, "both"],
      );
    await Promise.all(
      senders.map((lease, n) => outbox.advance(lease, { cursor: n + 1, dispatch: dispatch(1, n + 1) }, at(0))),
    );
    await Promise.all(senders.map((lease, n) => outbox.release(lease, { dueAt: at(5 + n) }, at(0))));
    for (const n of [0, 1]) {
      const [lease, ...more] = await outbox.claim("send", at(5 + n), 10, minute * 60);
      assert.deepEqual([lease?.tenantId, more], [senders[n]?.tenantId, []]);
      if (lease) assert.equal((await outbox.read(lease, 10)).length, 1 - n);
    }
  },

  "voids only those of many writes whose lease was lost, whose place was taken or whose dataset is not there": async (
    world,
  ) => {
    const { outbox } = world;
    for (const n of [1, 2, 3, 4]) {
      await world.openLane(tenant, "read", con(n), at(-n));
      await world.openLane(tenant, "send", dst(n));
    }
    const stale = await outbox.claim("read", at(0), 4, minute);
    const before = new Map(stale.map((lease) => [lease.id, lease]));
    const now = new Map((await outbox.claim("read", at(1), 4, minute)).map((lease) => [lease.id, lease]));
    const lease = (n: number, of = now) => of.get(con(n)) ?? assert.fail("not claimed");
    await outbox.keep(lease(2), kept([skipped(entry("taken"))], { datasetId: dst(2) }), at(1));
    const pages = [
      outbox.keep(lease(1, before), kept([sent(entry("late"))], { datasetId: dst(1), checkpoint: "late" }), at(1)),
      outbox.keep(lease(2), kept([sent(entry("taken"))], { datasetId: dst(2), checkpoint: "twice" }), at(1)),
      outbox.keep(lease(3), kept([sent(entry("nowhere"))], { datasetId: dst(9), checkpoint: "nowhere" }), at(1)),
      outbox.keep(lease(4), kept([sent(entry("good"))], { datasetId: dst(4), checkpoint: "good" }), at(1)),
    ];
    assert.deepEqual(await codes(pages), ["lease_lost", "lease_lost", "not_found", undefined]);
    const checkpoints = await Promise.all([1, 2, 3, 4].map((n) => outbox.checkpoint(tenant, con(n))));
    assert.deepEqual(checkpoints, [undefined, undefined, undefined, "good"]);
    const rows = await Promise.all([1, 2, 3, 4].map((n) => world.ledger(tenant, con(n))));
    assert.deepEqual(
      rows.map((each) => each.map(({ record, outcome }) => [record, outcome])),
      [[], [["deal:taken", "stage_ignored"]], [], [["deal:good", "event"]]],
    );
    const given = [lease(1, before), lease(4), lease(2)].map((one, n) =>
      outbox.release(one, { dueAt: at(9 + n) }, at(1)),
    );
    assert.deepEqual(await codes(given), ["lease_lost", undefined, undefined]);
    assert.deepEqual(await given[1], at(10));
  },

  "settles what many senders settle at the same moment, each under its own lease": async (world) => {
    const { outbox } = world;
    for (const n of [1, 2, 3]) {
      await world.openLane(tenant, "read", con(n), at(0));
      await world.openLane(tenant, "send", dst(n));
    }
    const readers = await outbox.claim("read", at(0), 3, minute);
    await Promise.all(
      readers.map((lease) =>
        outbox.keep(
          lease,
          kept([sent(entry("a")), sent(entry("b"))], { datasetId: lease.id.replace("con", "dst") as DatasetId }),
          at(0),
        ),
      ),
    );
    const before = await outbox.claim("send", at(0), 3, minute);
    await world.pauseLane(tenant, "send", dst(3), "by_admin");
    const [one] = before.filter(({ id }) => id === dst(1));
    const again = (await outbox.claim("send", at(1), 3, minute)).find(({ id }) => id === dst(2));
    const [, two, three] = [1, 2, 3].map((n) => before.find(({ id }) => id === dst(n)));
    assert.ok(one && two && three && again);
    const dead: DeadEvent = { seq: 1, reason: "refused_invalid", words: 'it said "no"', code: 100 };
    const steps = [
      outbox.advance(three, { cursor: 1, dead: [dead] }, at(1)),
      outbox.advance(two, { cursor: 2 }, at(1)),
      outbox.advance(again, { cursor: 1, dispatch: dispatch(1, 1) }, at(1)),
    ];
    assert.deepEqual(await codes(steps), [undefined, "lease_lost", undefined]);
    assert.deepEqual([await steps[0], await steps[2]], [{ paused: true }, { paused: false }]);
    assert.deepEqual(
      (await outbox.read(again, 10)).map(({ seq }) => seq),
      [2],
    );
  },

  "counts every ring where many ring at the same moment, at one account and at several": async (world) => {
    const { outbox } = world;
    await open(world);
    await world.openLane(another, "read", connection, at(9));
    const names = Array.from({ length: 12 }, (_, n) => String(n));
    await Promise.all([
      ...names.map((name) => outbox.ring(tenant, connection, records(name), at(0))),
      outbox.ring(another, connection, "all", at(0)),
      ...names.map((name) => outbox.ring(tenant, connection, records(name, `${name}!`), at(0))),
    ]);
    const rung = await outbox.rings(tenant, connection, 100);
    assert.deepEqual(new Set(rung.records.map(({ id }) => id)), new Set(names.flatMap((name) => [name, `${name}!`])));
    assert.equal(rung.upTo, 36);
    const whole = await outbox.rings(another, connection, 100);
    assert.deepEqual([whole.all, whole.records, whole.upTo], [true, [], 1]);
    const unknown = outbox.ring(tenant, "con_gone" as ConnectionId, records("1"), at(0));
    assert.deepEqual(await codes([unknown, outbox.ring(tenant, connection, records("new"), at(0))]), [
      "not_found",
      undefined,
    ]);
  },
};
