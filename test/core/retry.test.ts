import fc from "fast-check";
import { expect, test } from "vitest";
import { nextTry } from "../../core/retry.ts";

const now = new Date("2026-11-23T12:00:00Z");
const wait = (failures: number, random: number, options = {}): number =>
  nextTry(now, failures, () => random, options).getTime() - now.getTime();

test("the longest wait doubles from 5 s to 15 min and never decreases", () => {
  const longest = Array.from({ length: 30 }, (_, n) => wait(n + 1, 1));
  expect(longest.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000]);
  expect(longest.at(-1)).toBe(900_000);
  expect(longest).toEqual([...longest].sort((a, b) => a - b));
});

test("it lies in the future, not before it was asked for, and not beyond a deadline that is still ahead", () => {
  const ms = fc.integer({ min: -1_000_000, max: 10_000_000 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      ms,
      ms,
      (failures, random, asked, left) => {
        const notBefore = new Date(now.getTime() + asked);
        const deadline = new Date(now.getTime() + left);
        const at = nextTry(now, failures, () => random, { notBefore, deadline });
        expect(at > now).toBe(true);
        if (left > 0) expect(at <= deadline).toBe(true);
        if (left > asked || left <= 0) expect(at >= notBefore).toBe(true);
      },
    ),
  );
});
