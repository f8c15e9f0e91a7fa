import { expect, test } from "vitest";
import { faultKinds } from "./faults.ts";
import { keptHistories } from "./kept.ts";
import { report, shrink } from "./shrink.ts";
import { type History, simulate } from "./simulate.ts";

/** Lives through these histories one by one; the first that breaks a promise is shrunk and told. */
async function histories(seeds: number, from = 0): Promise<readonly History[]> {
  const all: History[] = [];
  for (let seed = from; seed < from + seeds; seed += 1) {
    const history = await simulate(seed);
    if (history.broken.length > 0) throw new Error(report(await shrink(history)));
    all.push(history);
  }
  return all;
}

/** What must have happened in so many histories, and how often, for them to be worth anything. */
const worthSeeing = {
  "second look sends": 500,
  "missed entries found": 200,
  "day reconciled": 1_000,
  "set aside": 50,
  redriven: 100,
  "given up expired": 50,
  "given up unconfirmed": 3,
  "given up refused_invalid": 500,
  "given up refused_lead_id": 500,
  "verdict accepted": 2_000,
  "verdict unknown": 500,
  "verdict blocked": 30,
  "waits meta_usage": 100,
  "waits meta_limit": 100,
  "waits meta_breaker": 3,
} as const;

test("2,000 histories keep every promise, and everything that can go wrong went wrong in them", {
  timeout: 120_000,
}, async () => {
  const all = await histories(2_000);
  const struck = Map.groupBy(
    all.flatMap((history) => history.struck),
    (fault) => fault.split("@")[0],
  );
  expect(faultKinds.filter((kind) => (struck.get(kind)?.length ?? 0) < 50)).toEqual([]);
  expect(all.reduce((sum, { events }) => sum + events, 0)).toBeGreaterThan(8_000);
  const times = (what: string): number => all.reduce((sum, { seen }) => sum + (seen.get(what) ?? 0), 0);
  expect(Object.entries(worthSeeing).filter(([what, least]) => times(what) < least)).toEqual([]);
});

test("a worker dies at every place at which it waits", { timeout: 60_000 }, async () => {
  const places = new Set<string>();
  for (const { struck } of await histories(500, 10_000))
    for (const fault of struck) {
      const place = /^crash_(?:before|after)@(?:(?:con|dst)_\d+ )?(.*)#/.exec(fault)?.[1];
      if (place) places.add(place);
    }
  const reading = ["claim read", "load", "checkpoint", "known", "rings", "keep"];
  const crm = ["crm page", "crm read", "crm leads", "crm history"];
  const sending = ["claim send", "read", "meta", "waits for meta", "advance", "release"];
  const housekeeping = ["claim upkeep", "chore load", "chore release"];
  expect([...reading, ...crm, ...sending, ...housekeeping].filter((place) => !places.has(place))).toEqual([]);
});

test("the same seed is the same history, another seed another one", async () => {
  const traces = new Set<string>();
  for (let seed = 0; seed < 60; seed += 1) {
    const [first, second] = [await simulate(seed), await simulate(seed)];
    expect(second.trace).toBe(first.trace);
    traces.add(first.trace);
  }
  expect(traces.size).toBe(60);
});

test("what broke a promise once breaks it no more", async () => {
  const kept = keptHistories();
  expect(kept.length).toBeGreaterThan(0);
  for (const { why, plan, faults } of kept) {
    const { broken, steps } = await simulate(plan.seed, { plan, faults: new Set(faults) });
    expect({ why, broken }).toEqual({ why, broken: [] });
    expect(steps).toBeGreaterThan(50);
  }
});
