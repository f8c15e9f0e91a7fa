import fc from "fast-check";
import { expect, test } from "vitest";
import { isolate, type Left } from "../../core/meta/isolate.ts";

/** A Meta that takes nothing of a request that holds a bad number. */
async function run(size: number, bad: ReadonlySet<number>, most = Number.POSITIVE_INFINITY) {
  const settled: { item: number; taken: boolean }[] = [];
  let requests = 0;
  await isolate(
    Array.from({ length: size }, (_, n) => n),
    async (piece): Promise<Left<number>> => {
      if (requests >= most) return "stop";
      requests += 1;
      const taken = !piece.some((item) => bad.has(item));
      if (!taken && piece.length > 1) return piece;
      settled.push(...piece.map((item) => ({ item, taken })));
      return [];
    },
  );
  return { settled, requests };
}

test("exactly the bad ones stand alone, all others are taken, front first", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      fc.uniqueArray(fc.nat(299), { maxLength: 8 }),
      async (size, picks) => {
        const bad = new Set(picks.filter((n) => n < size));
        const { settled } = await run(size, bad);
        expect(settled.map(({ item }) => item)).toEqual(Array.from({ length: size }, (_, n) => n));
        expect(settled.filter(({ taken }) => !taken).map(({ item }) => item)).toEqual([...bad].sort((a, b) => a - b));
      },
    ),
  );
});

test("one bad event among a thousand costs at most 21 requests", async () => {
  for (const place of [0, 1, 499, 500, 998, 999])
    expect((await run(1000, new Set([place]))).requests).toBeLessThanOrEqual(21);
});

test("stopped in the middle, everything before it is settled in order", async () => {
  const { settled, requests } = await run(1000, new Set([10, 700]), 15);
  expect(requests).toBe(15);
  expect(settled.length).toBeGreaterThan(0);
  expect(settled.map(({ item }) => item)).toEqual(settled.map((_, n) => n));
});

test("what is left may be less than what was tried, or a lone one in another form", async () => {
  const tried: string[] = [];
  await isolate(["a", "b", "c"], async (piece) => {
    tried.push(piece.join(""));
    if (piece.length === 3) return ["a", "c"];
    return piece[0] === "c" ? ["C"] : [];
  });
  expect(tried).toEqual(["abc", "a", "c", "C"]);
});
