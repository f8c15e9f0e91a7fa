import { describe, expect, test } from "vitest";
import { keptFigures } from "../../server/figures/kept.ts";
import { windowOf } from "../../server/figures/window.ts";

const clock = () => {
  const time = { at: new Date("2026-11-23T09:45:00Z"), now: () => time.at };
  return time;
};
describe("figures that are kept", () => {
  test("are counted once for all who ask at the same time, and anew for whoever asks later, where that is quick", async () => {
    const kept = keptFigures<number>(clock());
    let counted = 0;
    const begun = Promise.withResolvers<void>();
    const count = async () => {
      counted += 1;
      const own = counted;
      await begun.promise;
      return own;
    };
    const asked = [kept("a", count), kept("a", count), kept("b", count)];
    begun.resolve();
    expect(await Promise.all(asked)).toEqual([1, 1, 2]);
    expect(await kept("a", count)).toBe(3);
  });

  test("are shown again where they are costly, and renewed behind the reader's back once they are old", async () => {
    const time = clock();
    let watch = 0;
    const kept = keptFigures<number>(time, () => watch);
    let counted = 0;
    const costly = async () => {
      counted += 1;
      watch += 310;
      return counted;
    };
    const later = (seconds: number): void => {
      time.at = new Date(time.at.getTime() + seconds * 1000);
    };
    expect(await kept("a", costly)).toBe(1);
    later(5);
    expect([await kept("a", costly), counted]).toEqual([1, 1]);
    later(60);
    expect(await kept("a", costly)).toBe(1);
    expect([await kept("a", costly), counted]).toEqual([2, 2]);
    later(11 * 60);
    expect(await kept("a", costly)).toBe(3);
  });

  test("that could not be counted are not kept: who asked is told, and who asks next has them counted", async () => {
    const kept = keptFigures<number>(clock());
    await expect(kept("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
    expect(await kept("a", async () => 7)).toBe(7);
  });
});

describe("a window", () => {
  test.each(["24h", "7d", "28d"] as const)(
    "of %s follows its time before without a gap, as long and as far",
    (range) => {
      const { from, to, before, buckets, bucketMs } = windowOf(range, new Date("2026-11-23T09:45:00Z"));
      expect(before.buckets).toHaveLength(buckets.length);
      expect(to.getTime() - before.to.getTime()).toBe(from.getTime() - before.from.getTime());
      expect(from.getTime() - before.from.getTime()).toBe(buckets.length * bucketMs);
      expect([buckets[0]?.from, buckets.at(-1)?.to, before.buckets.at(-1)?.to]).toEqual([from, to, before.to]);
      for (const [n, bucket] of buckets.entries()) expect(bucket.from.getTime()).toBe(from.getTime() + n * bucketMs);
    },
  );

  test("that begins with its bucket has that bucket, empty as it is", () => {
    const { buckets } = windowOf("7d", new Date("2026-11-23T00:00:00Z"));
    expect(buckets).toHaveLength(7);
    expect(buckets.at(-1)).toEqual({ from: new Date("2026-11-23T00:00:00Z"), to: new Date("2026-11-23T00:00:00Z") });
  });
});
