import { limits } from "./meta/limits.ts";
import type { Random } from "./ports.ts";

/**
 * When to try again: doubling from 5 s to 15 min with full jitter, never before the other side asked for, and never so late
 * that the deadline passes without a last look.
 *
 * @param failures how many tries have failed in a row, this one included (1 or more)
 */
export function nextTry(
  now: Date,
  failures: number,
  random: Random,
  options: { notBefore?: Date; deadline?: Date } = {},
): Date {
  const ceiling = Math.min(limits.retryCapMs, limits.retryBaseMs * 2 ** Math.min(failures - 1, 20));
  const jittered = now.getTime() + Math.max(250, Math.round(random() * ceiling));
  const asked = Math.max(jittered, options.notBefore?.getTime() ?? 0);
  const deadline = options.deadline?.getTime() ?? Number.POSITIVE_INFINITY;
  return new Date(deadline > now.getTime() ? Math.min(asked, deadline) : asked);
}
