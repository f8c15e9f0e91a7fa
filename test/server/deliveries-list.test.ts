import { describe, expect, test } from "vitest";
import type { SkipReason } from "../../core/problems.ts";
import type { DatasetId } from "../../core/types.ts";
import { addDataset } from "../../server/store/datasets.ts";
import { type ListAsked, listDeliveries } from "../../server/store/delivery-list.ts";
import type { Place, Wanted } from "../../server/store/delivery-wanted.ts";
import { saveMapping } from "../../server/store/mappings.ts";
import { at, claimOne, entry, kept, sent, skipped } from "../conformance/outbox/world.ts";
import { acme, work } from "./store-acme.ts";

const here = acme();

const list = (asked: Partial<ListAsked> = {}) =>
  here.store.web(here.tenant.id, (trx) =>
    listDeliveries(trx, here.tenant.id, { wanted: {}, limit: 50, now: at(60), ...asked }),
  );
const brief = async (wanted: Wanted = {}, more: Partial<ListAsked> = {}) =>
  (await list({ wanted, ...more })).rows.map(({ record, stageId, state, reason }) =>
    [record.id, stageId, state, reason].filter((part) => part !== null).join(" "),
  );

/** 1 and 2 accepted in one request, 3 refused, 4 and 5 wait; 6 and 7 not sent, 8 was there before. */
async function story(): Promise<void> {
  const other = { sends: "s2" };
  await work(here, [skipped(entry("8"), 1, "first_reading")], at(0));
  await work(here, [sent(entry("1")), sent(entry("2", other.sends)), skipped(entry("6"))], at(1));
  await work(here, [sent(entry("3")), skipped(entry("7", "s2"), 1, "lead_not_found")], at(2));
  const sender = await claimOne(here.store.outbox, "send", at(3));
  const about = { tookMs: 9, sentAt: at(3) };
  const taken = { ...about, seqFrom: 1, seqTo: 2, events: 2, verdict: "accepted", traceId: "Trace1" } as const;
  await here.store.outbox.advance(sender, { cursor: 2, dispatch: taken }, at(3));
  const no = { ...about, seqFrom: 3, seqTo: 3, events: 1, verdict: "refused", why: "refused_invalid" } as const;
  const dead = [{ seq: 3, reason: "refused_invalid", words: "no", traceId: "Trace2" }] as const;
  await here.store.outbox.advance(sender, { cursor: 3, dispatch: { ...no, traceId: "Trace2" }, dead }, at(3));
  await work(here, [sent(entry("4"))], at(4));
  await work(here, [sent(entry("5", "s2"))], at(5));
  const failed = { ...about, sentAt: at(5), seqFrom: 4, seqTo: 4, events: 1, verdict: "retry" } as const;
  await here.store.outbox.advance(sender, { dispatch: { ...failed, why: "meta_down" } }, at(5));
  await here.store.outbox.release(sender, { dueAt: at(9), attempts: 1, why: "meta_down" }, at(5));
}

describe("the list of deliveries", () => {
  test("tells what became of each, newest first", async () => {
    await story();
    expect(await brief()).toEqual([
      "5 s2 waiting",
      "4 s1 waiting",
      "3 s1 refused refused_invalid",
      "7 s2 not_sent lead_not_found",
      "2 s2 accepted",
      "1 s1 accepted",
      "6 s1 not_sent stage_ignored",
      "8 s1 not_sent first_reading",
    ]);
    const { rows } = await list();
    expect(rows[1]).toMatchObject({ attempts: 1, waitsFor: "meta_down", nextTryAt: at(9), eventTime: at(-60) });
    expect(rows[0]).toMatchObject({ attempts: 0, settledAt: null });
    expect(rows[4]).toMatchObject({ traceId: "Trace1", settledAt: at(3), eventName: "s2", seq: 2 });
    expect(rows[3]).toMatchObject({ settledAt: at(2), datasetId: null, eventName: null });
  });

  test("is filtered by state, reason, stage, event name, account, dataset and time", async () => {
    await story();
    expect(await brief({ state: "accepted" })).toEqual(["2 s2 accepted", "1 s1 accepted"]);
    expect(await brief({ state: "waiting" })).toEqual(["5 s2 waiting", "4 s1 waiting"]);
    expect(await brief({ state: "refused" })).toEqual(["3 s1 refused refused_invalid"]);
    expect(await brief({ state: "not_sent" })).toHaveLength(3);
    expect(await brief({ state: "not_sent", step: "read" })).toEqual([
      "7 s2 not_sent lead_not_found",
      "6 s1 not_sent stage_ignored",
    ]);
    expect(await brief({ step: "read" })).toHaveLength(7);
    expect(await brief({ step: "mapped" })).toEqual([
      "5 s2 waiting",
      "4 s1 waiting",
      "3 s1 refused refused_invalid",
      "7 s2 not_sent lead_not_found",
      "2 s2 accepted",
      "1 s1 accepted",
    ]);
    expect(await brief({ step: "identified", state: "not_sent" })).toEqual([]);
    expect(await brief({ step: "sent" })).toEqual(["3 s1 refused refused_invalid", "2 s2 accepted", "1 s1 accepted"]);
    expect(await brief({ step: "sent", state: "waiting" })).toEqual([]);
    expect(await brief({ step: "accepted" })).toEqual(["2 s2 accepted", "1 s1 accepted"]);
    expect(await brief({ reasons: ["lead_not_found", "refused_invalid"] })).toEqual([
      "3 s1 refused refused_invalid",
      "7 s2 not_sent lead_not_found",
    ]);
    expect(await brief({ reasons: ["lead_not_found"], state: "refused" })).toEqual([]);
    expect(await brief({ reasons: ["a_rule_of_old"] })).toEqual([]);
    expect(await brief({ pipelineId: "p1", stageId: "s2" })).toEqual([
      "5 s2 waiting",
      "7 s2 not_sent lead_not_found",
      "2 s2 accepted",
    ]);
    expect(await brief({ eventName: "s1", state: "accepted" })).toEqual(["1 s1 accepted"]);
    expect(await brief({ eventName: "s" })).toEqual([]);
    expect(await brief({ datasetId: here.dataset.id })).toHaveLength(5);
    expect(await brief({ datasetId: "dst_none" as DatasetId })).toEqual([]);
    expect(await brief({ connectionId: here.connection.id })).toHaveLength(8);
    expect(await brief({ from: at(2), to: at(4) })).toEqual([
      "3 s1 refused refused_invalid",
      "7 s2 not_sent lead_not_found",
    ]);
  });

  test("finds a stage under every name that it was ever sent as", async () => {
    await story();
    const rule = {
      pipelineId: "p1",
      stageId: "s2",
      position: 1,
      outcome: "open",
      send: true,
      entries: "first",
    } as const;
    const save = (from: number, eventName: string) =>
      saveMapping(
        here.store.db,
        here.tenant.id,
        here.connection.id,
        {
          from,
          mapping: { rules: [{ ...rule, eventName }], fillSkipped: false, sendValue: false },
          savedBy: "usr_a",
        },
        at(0),
      );
    await save(0, "s2");
    await save(1, "Something else");
    expect(await brief({ stageId: "s2", state: "accepted" })).toEqual(["2 s2 accepted"]);
  });

  test("goes on where a page ended, whatever has the same moment", async () => {
    const second = await addDataset(
      here.store.db,
      { tenantId: here.tenant.id, metaId: "22222222", name: "Second" },
      at(0),
    );
    const reasons: SkipReason[] = ["stage_ignored", "no_consent"];
    for (let page = 0; page < 4; page += 1) {
      const outcomes = Array.from({ length: 12 }, (_, n) => {
        const of = entry(`${page}-${n}`, "s1", at(-60 + n));
        return n % 3 === 0 ? skipped(of, 1, reasons[n % 2] ?? "no_consent") : sent(of);
      });
      const lease = await claimOne(here.store.outbox, "read", at(1));
      const datasetId = page % 2 === 0 ? here.dataset.id : second.id;
      await here.store.outbox.keep(lease, kept(outcomes, { datasetId }), at(1));
      await here.store.outbox.release(lease, { dueAt: at(1) }, at(1));
    }
    const all = await brief({}, { limit: 100 });
    expect(all).toHaveLength(48);
    for (const limit of [1, 5, 7]) {
      const paged: string[] = [];
      let after: Place | undefined;
      do {
        const { rows, next } = await list({ limit, ...(after && { after }) });
        paged.push(
          ...rows.map(({ record, stageId, state, reason }) =>
            [record.id, stageId, state, reason].filter((part) => part !== null).join(" "),
          ),
        );
        after = next;
      } while (after);
      expect(paged).toEqual(all);
    }
    expect(new Set(all).size).toBe(48);
  });

  test("says how far it has come when time is up, and goes on from there", async () => {
    await work(here, [sent(entry("wanted", "rare"))], at(0));
    for (let page = 1; page <= 10; page += 1)
      await work(
        here,
        Array.from({ length: 30 }, (_, n) => sent(entry(`${page}-${n}`))),
        at(page),
      );
    const first = await list({ wanted: { eventName: "rare" }, limit: 10, budgetMs: 0 });
    expect(first.rows).toEqual([]);
    expect(first.searchedTo).toEqual(at(10));
    const second = await list({ wanted: { eventName: "rare" }, limit: 10, after: first.next as Place });
    expect(second.rows.map(({ record }) => record.id)).toEqual(["wanted"]);
    expect(second.next).toBeUndefined();
  });

  test("shows an event once, where it is now", async () => {
    await story();
    await here.store.outbox.redrive(here.tenant.id, here.dataset.id, [{ seq: 3 }], at(20));
    expect((await brief())[0]).toBe("3 s1 waiting");
    expect((await brief()).filter((line) => line.startsWith("3 "))).toHaveLength(1);
    expect(await brief({ state: "refused" })).toEqual([]);
    expect(await brief({ state: "waiting" })).toHaveLength(3);
  });

  test("ends where payloads are no longer kept", async () => {
    await story();
    expect(await brief({}, { now: at(31 * 24 * 60) })).toEqual([]);
  });
});

describe("searching", () => {
  const event = (id: string, leadId: string, eventId: string) => ({
    ...sent(entry(id)),
    outcome: "send" as const,
    payload: `{"event_name":"s1","event_id":"${eventId}","user_data":{"lead_id":${leadId}},"custom_data":{}}`,
  });
  const hex = (digit: string) => digit.repeat(32);

  test("finds a record in every account, a lead, an event and a request, each by its id as it is", async () => {
    await work(here, [event("9911", "510000470389201", hex("a")), event("12", "510000470389202", hex("b"))], at(1));
    const sender = await claimOne(here.store.outbox, "send", at(2));
    const dispatch = {
      seqFrom: 1,
      seqTo: 2,
      events: 2,
      tookMs: 9,
      sentAt: at(2),
      verdict: "accepted",
      traceId: "AbCd",
    } as const;
    await here.store.outbox.advance(sender, { cursor: 2, dispatch }, at(2));
    const found = async (text: string) => {
      const { rows, foundBy } = await list({ text });
      return [foundBy, ...rows.map(({ record }) => record.id)];
    };
    expect(await found("9911")).toEqual(["record", "9911"]);
    expect(await found("deal:9911")).toEqual(["record", "9911"]);
    expect(await found("510000470389202")).toEqual(["lead", "12"]);
    expect(await found("51000047038920")).toEqual(["lead"]);
    expect(await found(hex("a"))).toEqual(["event", "9911"]);
    expect(await found("AbCd")).toEqual(["trace", "12", "9911"]);
    expect(await found("nothing")).toEqual([undefined]);
    expect(await found("%")).toEqual([undefined]);
  });

  test("filters and pages what it found of a record, however old", async () => {
    await work(here, [sent(entry("9911")), skipped(entry("9911", "s2"), 2)], at(1));
    expect(await brief({ state: "not_sent" }, { text: "9911" })).toEqual(["9911 s2 not_sent stage_ignored"]);
    const first = await list({ text: "9911", limit: 1, now: at(60 * 24 * 60) });
    const second = await list({ text: "9911", limit: 1, after: first.next as Place });
    expect([...first.rows, ...second.rows].map(({ stageId }) => stageId)).toEqual(["s1", "s2"]);
    expect(second.next).toBeUndefined();
  });
});
