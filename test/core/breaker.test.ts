import { expect, test } from "vitest";
import { createBreakers, type Sign } from "../../core/breaker.ts";
import { limits } from "../../core/meta/limits.ts";
import type { Lease } from "../../core/outbox.ts";
import type { TenantId } from "../../core/types.ts";

const start = Date.UTC(2026, 10, 23, 12);
const laneOf = (n: number): Lease => ({
  tenantId: "ten_1" as TenantId,
  kind: "send",
  id: `dst_${n}`,
  token: 1,
  until: new Date(start),
  attempts: 0,
});
const { breaker, breakerOfAll } = limits;

function world() {
  let now = start;
  const breakers = createBreakers({ now: () => new Date(now) });
  return {
    breakers,
    passes: (ms: number) => {
      now += ms;
    },
    waitMs: (n: number) => {
      const until = breakers.ask(laneOf(n));
      if (!until) breakers.heard(laneOf(n), "neither");
      return until ? until.getTime() - now : 0;
    },
    hears: (n: number, sign: Sign, times = 1) => {
      for (let time = 0; time < times; time += 1) breakers.heard(laneOf(n), sign);
    },
  };
}

test("a dataset of which most requests fail rests, and no other does", () => {
  const { hears, waitMs, breakers } = world();
  hears(1, "fails", breaker.requests - 1);
  expect(waitMs(1)).toBe(0);
  hears(1, "fails");
  expect([waitMs(1), waitMs(2), breakers.room()]).toEqual([breaker.restMs, 0, Number.POSITIVE_INFINITY]);
});

test("refusals, blocks and limits count for nothing, and faults among many successes neither", () => {
  const { hears, waitMs } = world();
  hears(1, "neither", 1_000);
  hears(1, "fails");
  hears(1, "works", breaker.requests);
  hears(1, "fails", breaker.requests / 2);
  expect(waitMs(1)).toBe(0);
});

test("what lies further back than the window is forgotten", () => {
  const { hears, waitMs, passes } = world();
  hears(1, "fails", breaker.requests - 1);
  passes(breaker.windowMs + 1);
  hears(1, "fails", breaker.requests - 1);
  expect(waitMs(1)).toBe(0);
});

test("after the rest one request looks; the others wait for what it tells", () => {
  const { breakers, hears, waitMs, passes } = world();
  hears(1, "fails", breaker.requests);
  passes(breaker.restMs);
  expect(breakers.ask(laneOf(1))).toBeUndefined();
  expect(waitMs(1)).toBe(limits.trialMs);
  hears(1, "works");
  expect([waitMs(1), waitMs(1)]).toEqual([0, 0]);
});

test("it rests twice as long each time the look fails, up to a longest rest; a success ends it all", () => {
  const { breakers, hears, waitMs, passes } = world();
  hears(1, "fails", breaker.requests);
  const rests: number[] = [];
  for (let look = 0; look < 7; look += 1) {
    rests.push(waitMs(1));
    passes(rests.at(-1) ?? 0);
    expect(breakers.ask(laneOf(1))).toBeUndefined();
    hears(1, "fails");
  }
  expect(rests).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
  passes(breaker.longestRestMs);
  hears(1, "works");
  hears(1, "fails", breaker.requests);
  expect(waitMs(1)).toBe(breaker.restMs);
});

test("a look that tells nothing is made once more", () => {
  const { breakers, hears, passes } = world();
  hears(1, "fails", breaker.requests);
  passes(breaker.restMs);
  expect(breakers.ask(laneOf(1))).toBeUndefined();
  hears(1, "neither");
  expect(breakers.ask(laneOf(1))).toBeUndefined();
});

test("when most requests of all datasets fail nobody sends; then one lane at a time looks", () => {
  const { breakers, hears, waitMs, passes } = world();
  for (let n = 0; n < breakerOfAll.requests; n += 1) hears(n, n % 5 < 2 ? "works" : "fails");
  expect([waitMs(1_000), breakers.room()]).toEqual([breakerOfAll.restMs, 0]);
  passes(breakerOfAll.restMs);
  expect(breakers.room()).toBe(1);
  expect(breakers.ask(laneOf(1_000))).toBeUndefined();
  expect(waitMs(1_001)).toBe(limits.trialMs);
  hears(1_000, "works");
  expect([waitMs(1_001), breakers.room()]).toEqual([0, Number.POSITIVE_INFINITY]);
});

test("a limit of the whole app lets all rest until Meta's own time", () => {
  const { breakers, hears, waitMs, passes } = world();
  breakers.restAll(new Date(start + 300_000));
  hears(2, "works"); // left before, answered now
  expect([waitMs(1), breakers.room()]).toEqual([300_000, 0]);
  breakers.restAll(new Date(start + 1_000));
  expect(waitMs(1)).toBe(300_000);
  passes(300_000);
  expect([waitMs(1), breakers.room()]).toEqual([0, 1]);
});
