import { expect, test } from "vitest";
import { faultKinds } from "./faults.ts";
import { histories } from "./histories.ts";
import { keptHistories } from "./kept.ts";
import { simulate } from "./simulate.ts";

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
