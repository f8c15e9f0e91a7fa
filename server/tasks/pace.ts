import type { Task } from "../store/tasks.ts";

/** Sooner than this a rate is a guess. */
const tellAfterMs = 2_000;

/**
 * How fast it goes over the whole of it, without the time in which it stood still, and how long it still takes at that rate. Both
 * only where they can be told.
 */
export function paceOf({
  done,
  total,
  state,
  why,
  startedAt,
  movedAt,
  stoodMs,
}: Pick<Task, "done" | "total" | "state" | "why" | "startedAt" | "movedAt" | "stoodMs">): {
  readonly perSecond?: number;
  readonly leftMs?: number;
} {
  const tookMs = movedAt.getTime() - startedAt.getTime() - stoodMs;
  if (done === 0 || tookMs < tellAfterMs) return {};
  const perSecond = Math.round((done * 10_000) / tookMs) / 10;
  if (state !== "running" || why !== undefined || total === undefined) return { perSecond };
  return { perSecond, leftMs: Math.round((Math.max(0, total - done) * tookMs) / done) };
}
