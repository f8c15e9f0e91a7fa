/** What a figure is counted over, and the time before that it is compared with. */
export interface Window {
  readonly from: Date;
  /** When it was asked: the last bucket is not over yet. */
  readonly to: Date;
  /** As long, directly before; it ends as far into its last bucket as this one. */
  readonly before: { readonly from: Date; readonly to: Date };
  readonly bucketMs: number;
}
export const ranges = ["24h", "7d", "28d"] as const;
export type Range = (typeof ranges)[number];

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const buckets = {
  "24h": { bucketMs: hourMs, count: 24 },
  "7d": { bucketMs: dayMs, count: 7 },
  "28d": { bucketMs: dayMs, count: 28 },
} as const satisfies Record<Range, object>;

/** Whole hours, or whole days of UTC, the one that is not over yet as the last. */
export function windowOf(range: Range, to: Date): Window {
  const { bucketMs, count } = buckets[range];
  const last = Math.floor(to.getTime() / bucketMs) * bucketMs;
  const from = last - (count - 1) * bucketMs;
  const long = count * bucketMs;
  return {
    from: new Date(from),
    to,
    before: { from: new Date(from - long), to: new Date(to.getTime() - long) },
    bucketMs,
  };
}

/** The beginning of each bucket. */
export function bucketsOf({ from, to, bucketMs }: Window): readonly Date[] {
  const count = Math.floor((to.getTime() - from.getTime()) / bucketMs) + 1;
  return Array.from({ length: count }, (_, n) => new Date(from.getTime() + n * bucketMs));
}
