import { describe, expect, test } from "vitest";
import { connectionStates, datasetStates, outcomeCounts } from "../../server/store/overview.ts";
import { at, claimOne, entry, sent, skipped } from "../conformance/outbox/world.ts";
import { acme, work } from "./store-acme.ts";

const here = acme();

describe("the overview", () => {
  test("counts what was read by what became of it", async () => {
    await work(here, [sent(entry("1")), skipped(entry("2"))], at(0), { "em:invalid": 2 });
    await work(here, [sent(entry("3"))], at(1), { "em:invalid": 1 });
    const counts = await here.store.web(here.tenant.id, (trx) => outcomeCounts(trx, here.tenant.id, at(0)));
    expect(counts).toEqual([
      { connectionId: here.connection.id, outcome: "dropped:em:invalid", count: 3 },
      { connectionId: here.connection.id, outcome: "event", count: 2 },
      { connectionId: here.connection.id, outcome: "stage_ignored", count: 1 },
    ]);
    expect(await outcomeCounts(here.store.db, here.tenant.id, at(24 * 60))).toEqual([]);
  });

  test("tells how each dataset and connection stands", async () => {
    await work(here, [sent(entry("1")), sent(entry("2")), sent(entry("3", "s1", at(-5)))], at(1));
    const sender = await claimOne(here.store.outbox, "send", at(2));
    const about = { events: 1, tookMs: 40, sentAt: at(2) };
    await here.store.outbox.advance(
      sender,
      { cursor: 1, dispatch: { ...about, seqFrom: 1, seqTo: 1, verdict: "accepted" } },
      at(2),
    );
    const dead = [{ seq: 2, reason: "refused_invalid", words: "no" }] as const;
    await here.store.outbox.advance(
      sender,
      { cursor: 2, dispatch: { ...about, seqFrom: 2, seqTo: 2, verdict: "refused", why: "refused_invalid" }, dead },
      at(2),
    );
    await here.store.outbox.release(sender, { dueAt: at(9), attempts: 2, why: "meta_down" }, at(2));
    expect(await here.store.web(here.tenant.id, (trx) => datasetStates(trx, here.tenant.id, at(0), at(0)))).toEqual([
      {
        id: here.dataset.id,
        metaId: "1234567890",
        name: "Acme leads",
        waiting: 1,
        accepted: 1,
        refused: 1,
        pausedReason: null,
        why: "meta_down",
        attempts: 2,
        dueAt: at(9),
        lastAcceptedAt: at(2),
        nextEventAt: at(-5),
      },
    ]);
    expect(await datasetStates(here.store.db, here.tenant.id, at(3), at(3))).toMatchObject([
      { accepted: 0, refused: 0, waiting: 1 },
    ]);
    expect(await here.store.web(here.tenant.id, (trx) => connectionStates(trx, here.tenant.id))).toMatchObject([
      {
        id: here.connection.id,
        connector: "http",
        why: null,
        pausedReason: null,
        lastReadAt: at(1),
        lastChangeAt: at(1),
      },
    ]);
  });
});
