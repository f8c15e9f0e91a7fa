import { describe, expect, test } from "vitest";
import type { StageObservation } from "../../core/types.ts";
import { inboxReader, type Pushed, pushToInbox } from "../../server/store/inbox.ts";
import { inboxOutcomes } from "../../server/store/inbox-outcomes.ts";
import { at, claimOne, entry, kept, minute, sent, skipped } from "../conformance/outbox/world.ts";
import { acme, work } from "./store-acme.ts";

const here = acme();

describe("the inbox", () => {
  const seen = (id: string, stageId = "s1"): StageObservation => {
    const { record, pipelineId, enteredAt, timeQuality } = entry(id, stageId);
    return { record, pipelineId, stageId, enteredAt, timeQuality };
  };
  const push = (id: string, recordId = id): Pushed => ({
    id,
    observation: seen(recordId),
    entry: entry(recordId).entry,
    lead: { contact: { em: ["ab".repeat(32)] }, hashed: ["em"], createdAt: at(-90) },
  });
  const append = (...items: Pushed[]) => pushToInbox(here.store.pool, here.tenant.id, here.connection.id, items, at(0));
  const inbox = () => inboxReader(here.store.pool, here.tenant.id, here.connection.id);
  const outcomes = async (...ids: string[]) =>
    Object.fromEntries(await inboxOutcomes(here.store.pool, here.tenant.id, here.connection.id, ids));

  test("takes each push once and gives it back as it came, in order", async () => {
    expect(await append(push("b"), push("a"), push("b"))).toEqual(["accepted", "accepted", "duplicate"]);
    expect(await append(push("a"), push("c"))).toEqual(["duplicate", "accepted"]);
    const items = await inbox().read(0, 10);
    expect(items.map(({ observation }) => observation.record.id)).toEqual(["b", "a", "c"]);
    const { id: _, entry: __, ...item } = push("b");
    expect(items[0]).toEqual({ seq: items[0]?.seq, ...item });
  });

  test("makes the connection due and lets it rest when all is read", async () => {
    const first = await claimOne(here.store.outbox, "read", at(0));
    await here.store.outbox.release(first, { dueAt: at(30) }, at(0));
    await append(push("a"));
    const lease = await claimOne(here.store.outbox, "read", at(0));
    const { upTo } = await here.store.outbox.rings(here.tenant.id, here.connection.id, 10);
    await append(push("b"));
    await here.store.outbox.keep(lease, kept([], { ringsUpTo: upTo }), at(0));
    await here.store.outbox.release(lease, { dueAt: at(30) }, at(0));
    const next = await claimOne(here.store.outbox, "read", at(0));
    const all = await here.store.outbox.rings(here.tenant.id, here.connection.id, 10);
    await here.store.outbox.keep(next, kept([], { ringsUpTo: all.upTo }), at(0));
    await here.store.outbox.release(next, { dueAt: at(30) }, at(0));
    expect(await here.store.outbox.claim("read", at(29), 1, minute)).toEqual([]);
  });

  test("lets go of the contact data of what lies before the point it is read from, and of nothing else", async () => {
    await append(push("a"), push("b"), push("c"));
    const [first] = await inbox().read(0, 1);
    expect(await inbox().read(0, 10)).toHaveLength(3);
    expect(await inbox().read(first?.seq ?? 0, 10)).toHaveLength(2);
    const bodies = await here.store.db.selectFrom("inbox").select(["id", "body"]).orderBy("seq").execute();
    expect(bodies.map(({ body }) => body === null)).toEqual([true, false, false]);
  });

  test("says what became of each push", async () => {
    await append(push("1"), push("2"), push("3"), push("4"), push("1 again", "1"), push("5"), push("6"));
    await work(here, [sent(entry("1")), skipped(entry("2")), sent(entry("3")), sent(entry("4"))]);
    const sender = await claimOne(here.store.outbox, "send", at(0));
    const dead = [{ seq: 2, reason: "refused_invalid" }] as const;
    await here.store.outbox.advance(sender, { cursor: 2, dead }, at(0));
    const items = await inbox().read(0, 10);
    await inbox().read(items.at(-2)?.seq ?? 0, 10);
    expect(await outcomes("1", "2", "3", "4", "1 again", "5", "6", "7")).toEqual({
      "1": { state: "accepted" },
      "2": { state: "not_sent", reason: "stage_ignored" },
      "3": { state: "refused", reason: "refused_invalid" },
      "4": { state: "waiting" },
      "1 again": { state: "not_sent", reason: "duplicate" },
      "5": { state: "not_sent", reason: "no_change" },
      "6": { state: "pending" },
    });
  });

  test("takes nothing for a connection that is not there", async () => {
    await expect(
      pushToInbox(here.store.pool, here.tenant.id, "con_none" as never, [push("a")], at(0)),
    ).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
