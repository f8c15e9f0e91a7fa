import type { PointView } from "../api/figures.ts";
import type { Counted } from "./bundle.ts";
import { isEarlier } from "./losses.ts";
import type { Window } from "./window.ts";

/** What was read in each bucket of time, by what has become of it; what was there before sending began is left out. */
export function seriesOf(counts: readonly Counted[], window: Window): PointView[] {
  const points = new Map(
    window.buckets.map(({ from }) => [
      from.getTime(),
      { at: from.toISOString(), accepted: 0, waiting: 0, refused: 0, notSent: 0 },
    ]),
  );
  for (const { at, state, reason, count } of counts) {
    if (isEarlier({ state, reason })) continue;
    const point = at && points.get(at.getTime());
    if (point) point[state === "not_sent" ? "notSent" : state] += count;
  }
  return [...points.values()];
}
