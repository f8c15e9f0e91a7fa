import { expect, test } from "vitest";
import { metaOutage, stumblingMeta } from "./scenarios.ts";
import { type History, simulate } from "./simulate.ts";

async function outages(hours: number, seeds: number): Promise<readonly History[]> {
  const all: History[] = [];
  for (let seed = 0; seed < seeds; seed += 1) {
    const how = (["down", "silent", "limit"] as const)[seed % 3] ?? "down";
    all.push(await simulate(seed, { plan: metaOutage(seed, { hours, how, faults: ["crash_after", "crm_down"] }) }));
  }
  return all;
}
const sum = (all: readonly History[], of: (history: History) => number): number =>
  all.reduce((total, history) => total + of(history), 0);

test("72 hours without Meta: everything younger than its deadline is taken afterwards, in order", async () => {
  const all = await outages(72, 30);
  expect(all.flatMap(({ broken }) => broken)).toEqual([]);
  expect(sum(all, ({ accepted }) => accepted)).toBeGreaterThan(100);
});

test("eight days without Meta: what became too old is given up and never put into a request", async () => {
  const all = await outages(8 * 24, 40);
  expect(all.flatMap(({ broken }) => broken)).toEqual([]);
  expect(sum(all, ({ expired }) => expired)).toBeGreaterThan(10);
  expect(sum(all, ({ accepted }) => accepted)).toBeGreaterThan(30);
});

test("events that Meta stumbles over are given up, and hold up nobody else for days", async () => {
  const all: History[] = [];
  for (let seed = 0; seed < 20; seed += 1) all.push(await simulate(seed, { plan: stumblingMeta(seed) }));
  expect(all.flatMap(({ broken }) => broken)).toEqual([]);
  expect(sum(all, ({ accepted }) => accepted)).toBeGreaterThan(30);
});
