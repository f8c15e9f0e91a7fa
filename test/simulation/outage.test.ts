import { expect, test } from "vitest";
import { flappingMeta, longOutage, metaOutage, stumblingMeta } from "./scenarios.ts";
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
const seen =
  (what: string) =>
  ({ seen: counts }: History): number =>
    counts.get(what) ?? 0;
const broken = (all: readonly History[]) =>
  all.flatMap((history) => history.broken.map(({ invariant, what }) => `seed ${history.seed}, ${invariant}: ${what}`));

test("72 hours without Meta: everything younger than its deadline is taken afterwards, in order", async () => {
  const all = await outages(72, 30);
  expect(broken(all)).toEqual([]);
  expect(sum(all, ({ accepted }) => accepted)).toBeGreaterThan(100);
});

test("eight days without Meta: what became too old is given up and never put into a request", async () => {
  const all = await outages(8 * 24, 16);
  expect(broken(all)).toEqual([]);
  expect(sum(all, ({ expired }) => expired)).toBeGreaterThan(10);
  expect(sum(all, ({ accepted }) => accepted)).toBeGreaterThan(10);
});

for (const how of ["down", "silent"] as const)
  test(`72 hours in which Meta is ${how}, for 160 datasets: their breaker opens, and all is drained within 20 minutes`, async () => {
    const history = await simulate(1, { plan: longOutage(1, { hours: 72, how, datasets: 160, eventsEach: 8 }) });
    const requests = sum([history], seen(`verdict ${how === "down" ? "retry" : "unknown"}`));
    const minutes = history.drainedAfterMs / 60_000;
    console.log(
      `${how}: ${requests} requests in vain, ${history.accepted} events drained in ${minutes.toFixed(1)} minutes`,
    );
    expect(broken([history])).toEqual([]);
    // Without the breaker each dataset asks some 500 times.
    expect(requests).toBeLessThan(5_000);
    expect(minutes).toBeLessThanOrEqual(20);
    expect(history.accepted).toBeGreaterThan(400);
    expect(seen("given up expired")(history)).toBe(0);
    // What was in a request that nobody answered must not be sent again after 47 hours; nothing else is given up for that.
    expect(seen("given up unconfirmed")(history)).toBeLessThanOrEqual(how === "down" ? 0 : 160);
  });

for (const how of ["down", "silent"] as const)
  test(`72 hours in which Meta is ${how}, for a dataset with hundreds of events: drained within an hour`, async () => {
    const history = await simulate(2, { plan: longOutage(2, { hours: 72, how, datasets: 1, eventsEach: 1_500 }) });
    const minutes = history.drainedAfterMs / 60_000;
    console.log(
      `${how}: ${history.events} events, ${history.accepted} of them taken, drained in ${minutes.toFixed(1)} minutes`,
    );
    expect(broken([history])).toEqual([]);
    expect(history.accepted).toBeGreaterThan(500);
    expect(minutes).toBeLessThanOrEqual(60);
  });

test("a Meta that is there now and then: a busy dataset's breaker opens and closes, and nothing is lost or sent twice", async () => {
  const all: History[] = [];
  for (const seed of [0, 1, 7]) all.push(await simulate(seed, { plan: flappingMeta(seed) }));
  expect(broken(all)).toEqual([]);
  expect(sum(all, seen("waits meta_breaker"))).toBeGreaterThan(3);
  expect(sum(all, ({ accepted }) => accepted)).toBe(sum(all, ({ events }) => events));
  expect(sum(all, ({ accepted }) => accepted)).toBeGreaterThan(1_000);
});

test("whom Meta stumbles over is given up after some tries, and holds up nobody else", async () => {
  const all: History[] = [];
  for (const people of [["4"], ["4", "5"], ["1", "2", "3", "7", "20"]])
    for (let seed = 0; seed < 4; seed += 1) {
      const { mendedAt: _, ...plan } = stumblingMeta(seed, people);
      all.push(await simulate(seed, { plan }));
    }
  expect(broken(all)).toEqual([]);
  expect(sum(all, seen("given up refused_again"))).toBeGreaterThan(20);
  expect(sum(all, seen("given up expired"))).toBe(0);
});

test("whom Meta stumbles over goes once Meta is mended, though requests fail and workers die; nobody else is blamed", async () => {
  const all: History[] = [];
  for (let seed = 0; seed < 12; seed += 1) {
    const plan = stumblingMeta(
      seed,
      ["2", "3", "11"],
      ["meta_unknown_error", "meta_down", "meta_lost", "meta_usage", "crash_after"],
    );
    all.push(await simulate(seed, { plan }));
  }
  expect(broken(all)).toEqual([]);
  expect(sum(all, seen("set aside"))).toBeGreaterThan(50);
  expect(sum(all, seen("given up expired"))).toBe(0);
});
