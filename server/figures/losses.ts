import { problemOf, refusals } from "../../core/problems.ts";
import { hasTaken, lossesAt, type WayStep, type Whereabouts, waySteps } from "../../core/way.ts";
import type { LossesView, LossView, StepView } from "../api/figures.ts";
import type { Counted } from "./bundle.ts";

/** How far changes came on the way from the CRM to Meta. Each count is that of the rows which its filter finds. */
export function lossesOf(counts: readonly Counted[]): LossesView {
  return {
    steps: waySteps.map(
      (step): StepView => ({
        step,
        ...sumOf(counts, (row) => hasTaken(step, row)),
        filter: step === "accepted" ? { state: step } : { step },
        losses: lossesOn(counts, step),
      }),
    ),
    waiting: { ...sumOf(counts, ({ state }) => state === "waiting"), filter: { state: "waiting" } },
    earlier: {
      ...sumOf(counts, isEarlier),
      filter: { state: "not_sent", reason: lossesAt("earlier").join(",") },
      losses: lossesOn(counts, "earlier"),
    },
  };
}

/** Entered before sending began: no loss, and there may be a great deal of it. */
export const isEarlier = (change: Whereabouts): boolean => !hasTaken("read", change);

function lossesOn(counts: readonly Counted[], step: WayStep | "earlier"): LossView[] {
  return lossesAt(step)
    .map((reason) => ({
      reason,
      title: problemOf(reason).title,
      ...sumOf(counts, (row) => row.reason === reason),
      filter: { state: Object.hasOwn(refusals, reason) ? ("refused" as const) : ("not_sent" as const), reason },
    }))
    .filter(({ count, before }) => count + before > 0)
    .sort((a, b) => b.count - a.count || b.before - a.before);
}

function sumOf(counts: readonly Counted[], wanted: (row: Counted) => boolean) {
  const sum = { count: 0, before: 0 };
  for (const row of counts) if (wanted(row)) sum[row.at ? "count" : "before"] += row.count;
  return sum;
}
