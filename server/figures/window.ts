import type { Range } from "../api/figures.ts";
import type { Span } from "../store/figures-changes.ts";

/** What a figure is counted over, and the time before that it is compared with. */
export interface Window extends Span {
  readonly bucketMs: number;
  /** Whole but for the last one, which is not over yet. */
  readonly buckets: readonly Span[];
  /** As long, directly before; it ends as far into its last bucket. */
  readonly before: Span & { readonly buckets: readonly Span[] };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const lengths = {
  "24h": { bucketMs: hourMs, count: 24 },
  "7d": { bucketMs: dayMs, count: 7 },
  "28d": { bucketMs: dayMs, count: 28 },
} as const satisfies Record<Range, object>;

/** Whole hours, or whole days of UTC, up to this moment. */
export function windowOf(range: Range, now: Date): Window {
  const { bucketMs, count } = lengths[range];
  const from = (Math.floor(now.getTime() / bucketMs) - count + 1) * bucketMs;
  const long = count * bucketMs;
  return {
    ...spanOf(from, now.getTime(), bucketMs),
    bucketMs,
    before: spanOf(from - long, now.getTime() - long, bucketMs),
  };
}

function spanOf(from: number, to: number, bucketMs: number): Span & { readonly buckets: readonly Span[] } {
  const count = Math.floor((to - from) / bucketMs) + 1;
  const starts = Array.from({ length: count }, (_, n) => from + n * bucketMs);
  return {
    from: new Date(from),
    to: new Date(to),
    buckets: starts.map((start) => ({ from: new Date(start), to: new Date(Math.min(to, start + bucketMs)) })),
  };
}
