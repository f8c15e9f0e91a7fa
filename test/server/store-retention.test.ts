import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { addDataset } from "../../server/store/datasets.ts";
import { pushToInbox } from "../../server/store/inbox.ts";
import type { LaneKey } from "../../server/store/lanes.ts";
import { pauseLane, resumeLane } from "../../server/store/lanes.ts";
import { ensurePartitions, partitionsOf } from "../../server/store/partitions.ts";
import { dropOld } from "../../server/store/retention.ts";
import { expirePaused } from "../../server/store/retention-paused.ts";
import type { Tables } from "../../server/store/tables.ts";
import { at, claimOne, entries, entry, kept, minute, sent, skipped } from "../conformance/outbox/world.ts";
import { type Acme, acme, work } from "./store-acme.ts";

const day = 24 * 60;
/** Takes everything that waits, as Meta would. */
async function deliver({ store, dataset }: Acme, now: Date, dead: readonly number[] = []): Promise<void> {
  const lease = await claimOne(store.outbox, "send", now);
  const page = await store.outbox.read(lease, 1_000);
  const [from, to] = [page[0]?.seq ?? 0, page.at(-1)?.seq ?? 0];
  const request = {
    seqFrom: from,
    seqTo: to,
    events: page.length,
    sentAt: now,
    tookMs: 1,
    verdict: "accepted",
  } as const;
  const given = dead.map((seq) => ({ seq, reason: "expired" as const }));
  await store.outbox.advance(lease, { cursor: to, dispatch: request, dead: given }, now);
  await store.outbox.release(lease, {}, now);
  expect(lease.id).toBe(dataset.id);
}
async function count({ store }: Acme, table: keyof Tables): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(store.db);
  return rows[0]?.n ?? 0;
}
const days = async ({ store }: Acme) =>
  (await store.asOwner((db) => partitionsOf(db, "outbox"))).map(({ name }) => name.slice(-8));
const sendLane = ({ tenant, dataset }: Acme): LaneKey => ({ tenantId: tenant.id, kind: "send", id: dataset.id });

for (const partitions of [true, false])
  describe(`what is too old, ${partitions ? "in partitions by day" : "in plain tables"}`, () => {
    const here = acme({ capabilities: { partitions } });

    test("goes: payloads and requests after 30 days, what was given up after 90; the ledger stays", async () => {
      await work(
        here,
        entries(1, 3).map((of) => sent(of)),
        at(0),
      );
      await deliver(here, at(1), [2]);
      await work(
        here,
        entries(4, 1).map((of) => sent(of)),
        at(2 * day),
      );
      await deliver(here, at(2 * day));
      expect(await dropOld(here.store, at(29 * day))).toBeUndefined();
      expect(await count(here, "outbox")).toBe(4);
      await dropOld(here.store, at(31 * day));
      expect([await count(here, "outbox"), await count(here, "dispatch")]).toEqual([1, 1]);
      if (partitions) expect(await days(here)).not.toContain("20261123");
      expect([await count(here, "dead_event"), await count(here, "record_stage")]).toEqual([1, 4]);
      await dropOld(here.store, at(91 * day));
      expect([await count(here, "outbox"), await count(here, "dispatch"), await count(here, "dead_event")]).toEqual([
        0, 0, 0,
      ]);
      expect([await count(here, "record_stage"), await count(here, "tally")]).toEqual([4, 2]);
    });

    test("goes of one dataset while another's day still waits: no event that waits is ever dropped", async () => {
      const { store, tenant, dataset } = here;
      await ensurePartitions(store, at(0));
      const other = await addDataset(store.db, { tenantId: tenant.id, metaId: "2", name: "Other" }, at(0));
      await work(
        here,
        entries(1, 2).map((of) => sent(of)),
        at(0),
      );
      await deliver(here, at(1));
      await work({ ...here, dataset: other }, [sent(entry("waits"))], at(2));
      await pauseLane(store.db, { tenantId: tenant.id, kind: "send", id: other.id }, "meta_token");
      await dropOld(store, at(60 * day));
      const left = await store.db.selectFrom("outbox").select(["dataset_id", "record"]).execute();
      expect(left).toEqual([{ dataset_id: other.id, record: "deal:waits" }]);
      expect(dataset.id).not.toBe(other.id);
      // Given up, it waits no longer.
      expect(await expirePaused(store, at(60 * day))).toBe(1);
      await dropOld(store, at(60 * day));
      expect(await count(here, "outbox")).toBe(0);
    });

    test("goes of a dataset that is never empty, up to the first event that waits", async () => {
      const { store } = here;
      await work(
        here,
        entries(1, 3).map((of) => sent(of)),
        at(0),
      );
      const lease = await claimOne(store.outbox, "send", at(0));
      await work(
        here,
        entries(4, 2).map((of) => sent(of)),
        at(40 * day),
      );
      await store.outbox.advance(lease, { cursor: 4 }, at(40 * day));
      await store.outbox.release(lease, { dueAt: at(41 * day) }, at(40 * day));
      await dropOld(store, at(45 * day));
      const left = await store.db.selectFrom("outbox").select("seq").orderBy("seq").execute();
      expect(left.map(({ seq }) => seq)).toEqual([4, 5]);
      const lane = await store.db
        .selectFrom("lane")
        .select("waiting_since")
        .where("kind", "=", "send")
        .executeTakeFirst();
      expect(lane?.waiting_since).toEqual(at(40 * day));
      const next = await claimOne(store.outbox, "send", at(45 * day));
      expect((await store.outbox.read(next, 10)).map(({ seq }) => seq)).toEqual([5]);
    });

    test("goes of the ledger by whole records after 400 days, with the counts of those days", async () => {
      const { store, tenant, connection } = here;
      await work(here, [skipped(entry("old")), skipped(entry("moves"))], at(0));
      await work(here, [skipped(entry("moves", "s2", at(300 * day)), 2)], at(300 * day));
      await dropOld(store, at(399 * day));
      expect(await count(here, "record_stage")).toBe(3);
      await dropOld(store, at(402 * day));
      const records = [
        { object: "deal", id: "old" },
        { object: "deal", id: "moves" },
      ];
      const known = await store.outbox.known(tenant.id, connection.id, records);
      expect([...known].map(([record, entries]) => [record, entries.length])).toEqual([["deal:moves", 2]]);
      expect(await count(here, "tally")).toBe(1);
    });

    test("goes in slices: whoever is stopped goes on where it was, and at the end nothing is left", async () => {
      const { store, tenant } = here;
      for (let n = 0; n < 3; n += 1) {
        const more = await addDataset(store.db, { tenantId: tenant.id, metaId: `m${n}`, name: "More" }, at(0));
        const many = Array.from({ length: 1_500 }, (_, k) => sent(entry(`${n}-${k}`)));
        await work({ ...here, dataset: more }, many, at(50 * day));
        const lease = await claimOne(store.outbox, "send", at(50 * day));
        await store.outbox.advance(lease, { cursor: 1_500 }, at(50 * day));
        await store.outbox.release(lease, {}, at(50 * day));
      }
      let after: LaneKey | undefined;
      let calls = 0;
      do {
        after = await dropOld(store, at(500 * day), { after, budgetMs: 0 });
        calls += 1;
      } while (after && calls < 100);
      expect(calls).toBeGreaterThan(4);
      expect(calls).toBeLessThan(100);
      expect([await count(here, "outbox"), await count(here, "record_stage")]).toEqual([0, 0]);
    });

    test("goes of pushes once they are settled, and never before", async () => {
      const { store, tenant, connection } = here;
      const push = (id: string) => {
        const { record, pipelineId, stageId, enteredAt, timeQuality, entry: named } = entry(id);
        const observation = { record, pipelineId, stageId, enteredAt, timeQuality };
        return { id, observation, entry: named, lead: { contact: {} } };
      };
      await pushToInbox(store.pool, tenant.id, connection.id, [push("a"), push("b")], at(0));
      await store.db.updateTable("inbox").set({ body: null }).where("id", "=", "a").execute();
      await dropOld(store, at(29 * day));
      expect(await count(here, "inbox")).toBe(2);
      await dropOld(store, at(31 * day));
      expect(await store.db.selectFrom("inbox").select("id").execute()).toEqual([{ id: "b" }]);
    });

    test("goes of closed problems with their mails, and of what people did; open problems stay", async () => {
      const { store, tenant } = here;
      const problem = (id: string, closed: Date | null) => ({
        tenant_id: tenant.id,
        id,
        cause: id,
        code: "meta_token",
        about: null,
        affected: 1,
        opened_at: at(0),
        seen_at: at(0),
        closed_at: closed,
        deadline_at: null,
        details: "{}",
      });
      await store.db
        .insertInto("problem")
        .values([problem("closed", at(1)), problem("open", null)])
        .execute();
      const mail = (id: string) => ({
        tenant_id: tenant.id,
        id,
        problem_id: id,
        occasion: "opened",
        recipient: "a@x.io",
        subject: "",
        body: "",
        created_at: at(0),
        due_at: null,
        sent_at: at(0),
        why: null,
      });
      await store.db
        .insertInto("mail")
        .values([mail("closed"), mail("open")])
        .execute();
      await store.db
        .insertInto("audit")
        .values({ tenant_id: tenant.id, id: "1", at: at(0), who: "me", what: "paused", about: "{}" })
        .execute();
      await dropOld(store, at(89 * day));
      expect([await count(here, "problem"), await count(here, "mail"), await count(here, "audit")]).toEqual([2, 2, 1]);
      await dropOld(store, at(92 * day));
      expect([await count(here, "problem"), await count(here, "mail"), await count(here, "audit")]).toEqual([1, 1, 1]);
      await dropOld(store, at(401 * day));
      expect(await count(here, "audit")).toBe(0);
    });
  });

describe("events of a paused dataset", () => {
  const here = acme();
  const deadline = 7 * day - 60;
  const dead = () => here.store.db.selectFrom("dead_event").select(["seq", "reason"]).orderBy("seq").execute();

  test("are given up from the front once their deadline has passed, and not a minute before", async () => {
    const { store } = here;
    await work(
      here,
      [sent(entry("1", "s1", at(0))), sent(entry("2", "s1", at(0))), sent(entry("3", "s1", at(9)))],
      at(10),
    );
    await work(here, [sent(entry("4", "s1", at(-60)))], at(11));
    await pauseLane(store.db, sendLane(here), "meta_token");
    expect(await expirePaused(store, at(deadline))).toBe(0);
    expect(await expirePaused(store, at(deadline + 1))).toBe(2);
    expect(await dead()).toEqual([
      { seq: 1, reason: "expired" },
      { seq: 2, reason: "expired" },
    ]);
    await resumeLane(store.db, sendLane(here), at(deadline + 1));
    const lease = await claimOne(store.outbox, "send", at(deadline + 1));
    expect((await store.outbox.read(lease, 10)).map(({ seq }) => seq)).toEqual([3, 4]);
  });

  test("that were in a request which nobody answered are given up as not confirmed", async () => {
    const { store } = here;
    await work(
      here,
      entries(1, 3).map((of) => sent(of)),
      at(0),
    );
    const lease = await claimOne(store.outbox, "send", at(0));
    await store.outbox.advance(lease, { unsure: { since: at(0), upTo: 2 } }, at(0));
    await store.outbox.release(lease, { paused: "meta_token", why: "meta_token" }, at(0));
    await expirePaused(store, at(8 * day));
    expect((await dead()).map(({ reason }) => reason)).toEqual(["unconfirmed", "unconfirmed", "expired"]);
    await resumeLane(store.db, sendLane(here), at(8 * day));
    expect(await store.outbox.claim("send", at(8 * day), 1, minute)).toEqual([]);
  });

  test("are left to whoever is at work on the lane, and so is a lane that is not paused", async () => {
    const { store } = here;
    await work(
      here,
      entries(1, 1).map((of) => sent(of)),
      at(0),
    );
    expect(await expirePaused(store, at(9 * day))).toBe(0);
    const lease = await claimOne(store.outbox, "send", at(9 * day));
    await pauseLane(store.db, sendLane(here), "by_admin");
    expect(await expirePaused(store, at(9 * day))).toBe(0);
    await store.outbox.advance(lease, {}, at(9 * day));
    await store.outbox.release(lease, {}, at(9 * day));
    expect(await expirePaused(store, at(9 * day))).toBe(1);
  });

  test("in their thousands are given up in one go", async () => {
    const { store } = here;
    await work(
      here,
      Array.from({ length: 1_200 }, (_, n) => sent(entry(String(n)))),
      at(0),
    );
    await pauseLane(store.db, sendLane(here), "meta_token");
    expect(await expirePaused(store, at(9 * day))).toBe(1_200);
    const reader = await claimOne(store.outbox, "read", at(9 * day));
    await store.outbox.keep(reader, kept([sent(entry("new"))], { datasetId: here.dataset.id }), at(9 * day));
    const lane = await store.db.selectFrom("lane").selectAll().where("kind", "=", "send").executeTakeFirst();
    expect([lane?.cursor_seq, lane?.waiting_since, lane?.due_at]).toEqual([1_200, at(9 * day), null]);
  });
});
