import { expect, test } from "vitest";
import { faultKinds } from "./faults.ts";
import { type KnownFault, knownFaults } from "./known-faults.ts";
import { metaOutage } from "./scenarios.ts";
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

test("2,000 histories keep every promise, and every fault struck in them", { timeout: 60_000 }, async () => {
  const all = await histories(2_000);
  const struck = Map.groupBy(
    all.flatMap((history) => history.struck),
    (fault) => fault.split("@")[0],
  );
  expect(faultKinds.filter((kind) => (struck.get(kind)?.length ?? 0) < 50)).toEqual([]);
  expect(all.reduce((sum, { events }) => sum + events, 0)).toBeGreaterThan(8_000);
});

test("a worker dies at every place at which it waits", { timeout: 60_000 }, async () => {
  const places = new Set<string>();
  for (const { struck } of await histories(600, 10_000))
    for (const fault of struck) {
      const place = /^crash_(?:before|after)@(?:(?:con|dst)_\d+ )?(.*)#/.exec(fault)?.[1];
      if (place) places.add(place);
    }
  const reading = ["claim read", "load", "checkpoint", "known", "rings", "keep", "crm page", "crm read", "crm leads"];
  const sending = ["claim send", "read", "meta", "advance", "release"];
  expect([...reading, ...sending].filter((place) => !places.has(place))).toEqual([]);
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

/** Where each known fault shows soonest. */
const shows: Readonly<Record<KnownFault, (seed: number) => Promise<History>>> = {
  pause_not_seen: (seed) => simulate(seed),
  probe: (seed) => unclearOutage(seed),
};
const unclearOutage = (seed: number): Promise<History> =>
  simulate(seed, { plan: metaOutage(seed, { hours: 20, how: "unknown_error", faults: ["meta_unknown_error"] }) });

for (const [fault, where] of Object.entries(knownFaults) as [KnownFault, string][])
  test(`known fault, take it out of known-faults.ts when it is mended: ${where}`, async () => {
    let shown = false;
    for (let seed = 0; seed < 4_000 && !shown; seed += 1) shown = (await shows[fault](seed)).pardoned.includes(fault);
    expect(shown).toBe(true);
  });
