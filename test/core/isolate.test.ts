import fc from "fast-check";
import { expect, test } from "vitest";
import { isolate } from "../../core/meta/isolate.ts";
import type { Verdict } from "../../core/meta/verdict.ts";

const accepted = (received: number): Verdict => ({ verdict: "accepted", received });
const refused: Verdict = { verdict: "refused", why: "refused_invalid" };

/** A Meta that refuses a request whole when it holds a bad number. */
async function run(size: number, bad: ReadonlySet<number>, most = Number.POSITIVE_INFINITY) {
  const batch = Array.from({ length: size }, (_, n) => n);
  const settled: { item: number; verdict: string }[] = [];
  let requests = 0;
  const stopped = await isolate(
    batch,
    async (piece) => {
      requests += 1;
      return piece.some((item) => bad.has(item)) ? refused : accepted(piece.length);
    },
    async (piece, verdict, final) => {
      if (final) settled.push(...piece.map((item) => ({ item, verdict: verdict.verdict })));
    },
    () => requests < most,
  );
  return { settled, requests, stopped };
}

test("exactly the bad events are refused, all others accepted, front first", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      fc.uniqueArray(fc.nat(299), { maxLength: 8 }),
      async (size, picks) => {
        const bad = new Set(picks.filter((n) => n < size));
        const { settled, stopped } = await run(size, bad);
        expect(settled.map(({ item }) => item)).toEqual(Array.from({ length: size }, (_, n) => n));
        expect(settled.filter(({ verdict }) => verdict === "refused").map(({ item }) => item)).toEqual(
          [...bad].sort((a, b) => a - b),
        );
        expect(stopped).toBeUndefined();
      },
    ),
  );
});

test("one bad event among a thousand costs at most 21 requests", async () => {
  for (const place of [0, 1, 499, 500, 998, 999])
    expect((await run(1000, new Set([place]))).requests).toBeLessThanOrEqual(21);
});

test("a spent budget stops in the middle with everything before it settled in order", async () => {
  const { settled, stopped, requests } = await run(1000, new Set([10, 700]), 15);
  expect(requests).toBe(15);
  expect(stopped).toBeDefined();
  expect(settled.map(({ item }) => item)).toEqual(settled.map((_, n) => n));
});

test("a verdict that is nobody's fault stops at once and settles nothing", async () => {
  const settled: boolean[] = [];
  const down: Verdict = { verdict: "retry", why: "meta_down" };
  const stopped = await isolate(
    [1, 2, 3],
    async () => down,
    async (_piece, _verdict, final) => void settled.push(final),
    () => true,
  );
  expect([stopped, settled]).toEqual([down, [false]]);
});
