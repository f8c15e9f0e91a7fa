import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { LogLease } from "../../server/store/outbox/claim.ts";
import { ensurePartitions, partitionsOf } from "../../server/store/partitions.ts";
import { statement } from "../../server/store/statements.ts";
import { at, claimOne, entry, kept, minute, sent, seqs } from "../conformance/outbox/world.ts";
import { acme, work } from "./store-acme.ts";

const here = acme({ connections: 8 });
const day = 24 * 60;
const partitions = async () =>
  (await here.store.asOwner((db) => partitionsOf(db, "outbox"))).map(({ name }) => name.slice(-8));
/** Where each event lies, in the order of their numbers. */
async function places(): Promise<readonly string[]> {
  const { rows } = await here.store.asOwner((db) =>
    sql<{ place: string }>`select tableoid::regclass::text as place from outbox order by seq`.execute(db),
  );
  return rows.map(({ place }) => place.replace(/outbox_/, ""));
}

describe("the log in partitions by day", () => {
  test("has yesterday's to those of a week ahead from the start, made once by processes that meet", async () => {
    expect((await partitions()).slice(0, 9)).toEqual([
      "20261122",
      "20261123",
      "20261124",
      "20261125",
      "20261126",
      "20261127",
      "20261128",
      "20261129",
      "20261130",
    ]);
    const later = at(3 * day);
    await Promise.all([1, 2, 3, 4].map(() => ensurePartitions(here.store, later)));
    const made = await partitions();
    expect(made).toContain("20261203");
    expect(new Set(made).size).toBe(made.length);
  });

  test("holds each event under the day on which it came, and those of a wrong clock all the same", async () => {
    await work(here, [sent(entry("1"))], at(0));
    await work(here, [sent(entry("2"))], at(15 * 60)); // 00:00 UTC of the next day
    await work(here, [sent(entry("3"))], at(400 * day));
    expect(await places()).toEqual(["20261123", "20261124", "default"]);
    const lease = await claimOne(here.store.outbox, "send", at(400 * day));
    expect(seqs(await here.store.outbox.read(lease, 10))).toEqual([1, 2, 3]);
  });

  test("loses no event of a writer whose clock is days behind while others wait", async () => {
    const { outbox } = here.store;
    await work(here, [sent(entry("1"))], at(0));
    const reader = await claimOne(outbox, "read", at(0), 100 * day * minute);
    const keep = (id: string, now: Date) =>
      outbox.keep(reader, kept([sent(entry(id))], { datasetId: here.dataset.id }), now);
    await keep("2", at(5 * day));
    await keep("3", at(-20 * day));
    const first = await claimOne(outbox, "send", at(5 * day));
    expect((await outbox.read(first, 10)).map(({ keptAt }) => keptAt)).toEqual([at(0), at(5 * day), at(5 * day)]);
    await outbox.advance(first, { cursor: 2 }, at(5 * day));
    await outbox.release(first, { dueAt: at(5 * day) }, at(5 * day));
    const second = await claimOne(outbox, "send", at(5 * day));
    expect(seqs(await outbox.read(second, 10))).toEqual([3]);
  });

  test("a day that began in the default partition stays there, and nothing stands still for it", async () => {
    await work(here, [sent(entry("1"))], at(40 * day));
    await ensurePartitions(here.store, at(40 * day));
    const made = await partitions();
    expect(made).not.toContain("20270102");
    expect(made).toContain("20270103");
    await work(here, [sent(entry("2"))], at(40 * day + 1));
    await work(here, [sent(entry("3"))], at(41 * day));
    expect(await places()).toEqual(["default", "default", "20270103"]);
  });

  test("looks at no day before the oldest event that waits", async () => {
    const { outbox, pool } = here.store;
    await work(here, [sent(entry("1"))], at(0));
    const first = await claimOne(outbox, "send", at(0));
    await outbox.advance(first, { cursor: 1 }, at(0));
    await outbox.release(first, {}, at(0));
    await work(here, [sent(entry("2"))], at(2 * day));
    const lease: LogLease = await claimOne(outbox, "send", at(2 * day));
    expect(lease.waitingSince).toEqual(at(2 * day));
    const client = await pool.connect();
    try {
      await client.query("set plan_cache_mode = force_generic_plan");
      await client.query(`prepare reading as ${statement("outbox-read").text}`);
      const values = [lease.tenantId, lease.id, lease.token, 10, lease.waitingSince?.toISOString()].map(
        (one) => `{${one}}`,
      );
      const { rows } = await client.query(
        `explain (analyze, costs off, timing off, summary off) execute reading (${values.map((value) => `'${value}'`).join(", ")})`,
      );
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).toMatch(/on outbox_20261125 .*\(actual/);
      expect(plan).toMatch(/on outbox_20261123 .*\(never executed\)/);
      expect(plan).not.toContain("Seq Scan on outbox");
    } finally {
      await client.query("deallocate reading");
      await client.query("reset plan_cache_mode");
      client.release();
    }
  });
});
