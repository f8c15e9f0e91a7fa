import { describe, expect, test } from "vitest";
import type { Fact } from "../../core/ports.ts";
import type { LaneFigures } from "../../server/telemetry/lane-figures.ts";
import { createMetrics } from "../../server/telemetry/metrics.ts";
import { samples } from "./metrics-samples.ts";

const nothing: LaneFigures = { due: [], held: [], waitingEvents: 0, problems: [], mails: [] };

describe("what the flow tells", () => {
  const facts: readonly Fact[] = [
    { fact: "request", verdict: "accepted", events: 100, tookMs: 210 },
    { fact: "request", verdict: "accepted", events: 3, tookMs: 90 },
    { fact: "request", verdict: "retry", why: "meta_down", events: 7, tookMs: 30 },
    { fact: "settled", as: "accepted", lagMs: 3_000, dwellMs: 500 },
    { fact: "settled", as: "accepted", lagMs: -50, dwellMs: 250 },
    { fact: "settled", as: "refused", why: "expired", lagMs: 604_000_000, dwellMs: 600_000_000 },
    { fact: "kept", connector: "hubspot", outcomes: { event: 5, not_live: 2 } },
    { fact: "kept", connector: "hubspot", outcomes: { event: 1 } },
    { fact: "waits", lane: "send", why: "meta_down" },
    { fact: "reconciled", connector: "http", seen: 40, missed: 0 },
    { fact: "reconciled", connector: "http", seen: 60, missed: 2 },
  ];

  test("is counted under its own names, in seconds", async () => {
    const { registry, tell } = createMetrics();
    for (const fact of facts) tell(fact);
    expect(samples(await registry.metrics())).toMatchObject({
      'stagewire_meta_requests_total{verdict="accepted",why=""}': 2,
      'stagewire_meta_requests_total{verdict="retry",why="meta_down"}': 1,
      'stagewire_meta_request_seconds_sum{verdict="accepted"}': 0.3,
      'stagewire_meta_request_seconds_bucket{le="0.1",verdict="accepted"}': 1,
      stagewire_meta_request_events_sum: 110,
      'stagewire_meta_request_events_bucket{le="5"}': 1,
      'stagewire_events_settled_total{as="accepted",why=""}': 2,
      'stagewire_events_settled_total{as="refused",why="expired"}': 1,
      stagewire_event_lag_seconds_count: 2,
      stagewire_event_lag_seconds_sum: 3,
      'stagewire_event_dwell_seconds_sum{as="accepted"}': 0.75,
      'stagewire_event_dwell_seconds_sum{as="refused"}': 600_000,
      'stagewire_entries_kept_total{connector="hubspot",outcome="event"}': 6,
      'stagewire_entries_kept_total{connector="hubspot",outcome="not_live"}': 2,
      'stagewire_lane_waits_total{lane="send",why="meta_down"}': 1,
      'stagewire_reconciliations_total{connector="http"}': 2,
      'stagewire_reconciled_entries_total{connector="http"}': 100,
      'stagewire_reconciled_missed_total{connector="http"}': 2,
    });
  });
});

describe("a scrape", () => {
  test("shows what this process knows by itself", async () => {
    let room = Number.POSITIVE_INFINITY;
    const { registry } = createMetrics({ underWay: () => ({ read: 3, send: 16 }), room: () => room });
    expect(samples(await registry.metrics())).toMatchObject({
      'stagewire_lanes_under_way{lane="send"}': 16,
      stagewire_breaker_open: 0,
    });
    room = 1;
    expect(samples(await registry.metrics()).stagewire_breaker_open).toBe(1);
  });

  test("asks the database once for all figures, and again only when they are old", async () => {
    let asked = 0;
    const lanes = async (): Promise<LaneFigures> => {
      asked += 1;
      return { ...nothing, waitingEvents: asked };
    };
    const eager = createMetrics({ lanes, freshMs: 0 });
    const lazy = createMetrics({ lanes, freshMs: 60_000 });
    for (let n = 0; n < 3; n += 1) await lazy.registry.metrics();
    expect([asked, samples(await lazy.registry.metrics()).stagewire_events_waiting]).toEqual([1, 1]);
    expect(samples(await eager.registry.metrics()).stagewire_events_waiting).toBeGreaterThan(1);
  });

  test("goes on without the database, says so, and shows no old figure", async () => {
    let up = true;
    const said: string[] = [];
    const note = (message: string) => void said.push(message);
    const { registry, tell } = createMetrics({
      lanes: async () => {
        if (!up) throw new Error("password of the database: secret");
        return {
          ...nothing,
          waitingEvents: 7,
          nearestDeadlineMs: 1_000,
          held: [{ lane: "send", why: "meta_down", paused: false, count: 1 }],
        };
      },
      freshMs: 0,
      log: { info: note, warn: note, error: note },
    });
    tell({ fact: "waits", lane: "send", why: "meta_down" });
    expect(samples(await registry.metrics())).toMatchObject({ stagewire_database_up: 1, stagewire_events_waiting: 7 });
    up = false;
    const dark = samples(await registry.metrics());
    expect(dark).toMatchObject({
      stagewire_database_up: 0,
      'stagewire_lane_waits_total{lane="send",why="meta_down"}': 1,
    });
    expect(Object.keys(dark).filter((name) => /waiting|deadline|held|due/.test(name))).toEqual([]);
    await registry.metrics();
    expect(said).toEqual(["No figures from the database: unknown fault"]);
    up = true;
    expect(samples(await registry.metrics())).toMatchObject({ stagewire_database_up: 1, stagewire_events_waiting: 7 });
  });

  test("does not wait for ever, and asks nothing new while a question is open", async () => {
    const asked: PromiseWithResolvers<LaneFigures>[] = [];
    const lanes = (): Promise<LaneFigures> => {
      const question = Promise.withResolvers<LaneFigures>();
      asked.push(question);
      return question.promise;
    };
    const { registry } = createMetrics({ lanes, freshMs: 60_000, patienceMs: 20 });
    for (let n = 0; n < 2; n += 1) expect(samples(await registry.metrics()).stagewire_database_up).toBe(0);
    expect(asked).toHaveLength(1);
    asked[0]?.resolve({ ...nothing, waitingEvents: 9 });
    await asked[0]?.promise;
    expect(samples(await registry.metrics())).toMatchObject({ stagewire_database_up: 1, stagewire_events_waiting: 9 });
  });
});
