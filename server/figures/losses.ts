import { problemOf, type RefusalReason, type SkipReason } from "../../core/problems.ts";
import type { LossesView, LossView, StepView } from "../api/figures.ts";
import type { ChangeCount } from "../store/figures-changes.ts";
import type { Counted } from "./bundle.ts";

type Step = Exclude<StepView["step"], "read">;

/**
 * The step that a change did not take, by the reason it was left behind for. In the order in which the rules are asked
 * (core/translate.ts): nobody looks up the person of a change that is too old, so it never counts as identified.
 */
const stepOf = {
  stage_not_mapped: "mapped",
  stage_ignored: "mapped",
  sent_as_filled: "mapped",
  entered_again: "mapped",
  implausible_time: "in_time",
  in_future: "in_time",
  too_old: "in_time",
  before_lead_created: "in_time",
  lead_not_found: "identified",
  no_consent: "identified",
  no_match_key: "identified",
  event_invalid: "identified",
  record_gone: "identified",
  person_erased: "identified",
  expired: "sent",
  erased: "sent",
  refused_invalid: "accepted",
  refused_lead_id: "accepted",
  refused_keys: "accepted",
  refused_again: "accepted",
  unconfirmed: "accepted",
  // What was there when sending began is no loss on the way, and there may be a great deal of it.
  not_live: "earlier",
  first_reading: "earlier",
  before_live: "earlier",
} as const satisfies Record<SkipReason | RefusalReason, Step | "earlier">;
type Reason = keyof typeof stepOf;
const reasons = Object.keys(stepOf) as readonly Reason[];
const steps: readonly Step[] = ["mapped", "in_time", "identified", "sent", "accepted"];

/** Where changes were left on the way from the CRM to Meta. Each count is that of the rows which its filter finds. */
export function lossesOf(counts: readonly Counted[]): LossesView {
  const found = counts.filter(({ reason }) => !isEarlier(reason));
  const waiting = sumOf(found, ({ state }) => state === "waiting");
  let left = sumOf(found, () => true);
  const way: StepView[] = [{ step: "read", ...left, filter: filterAt(0), losses: [] }];
  for (const [n, step] of steps.entries()) {
    const lost = lossesAt(found, step);
    for (const loss of lost) left = { count: left.count - loss.count, before: left.before - loss.before };
    // Nobody knows yet whether Meta would take what waits.
    if (step === "sent") left = { count: left.count - waiting.count, before: left.before - waiting.before };
    way.push({ step, ...left, filter: filterAt(n + 1), losses: lost });
  }
  const earlier = counts.filter(({ reason }) => isEarlier(reason));
  return {
    steps: way,
    waiting: { ...waiting, filter: { states: ["waiting"], reasons: [] } },
    earlier: {
      ...sumOf(earlier, () => true),
      filter: { states: ["not_sent"], reasons: reasonsAt("earlier") },
      losses: lossesAt(earlier, "earlier"),
    },
  };
}

/** Entered before sending began. */
export const isEarlier = (reason: ChangeCount["reason"]): boolean => reason !== null && stepOf[reason] === "earlier";

function lossesAt(counts: readonly Counted[], step: Step | "earlier"): LossView[] {
  return reasonsAt(step)
    .map((reason) => ({
      reason,
      title: problemOf(reason).title,
      ...sumOf(counts, (row) => row.reason === reason),
      filter: {
        states: [refusals.has(stepOf[reason]) ? ("refused" as const) : ("not_sent" as const)],
        reasons: [reason],
      },
    }))
    .filter(({ count, before }) => count + before > 0)
    .sort((a, b) => b.count - a.count || b.before - a.before);
}

/** Reasons for which events were given up, after they had been made. */
const refusals: ReadonlySet<Step | "earlier"> = new Set(["sent", "accepted"]);
const reasonsAt = (step: Step | "earlier"): Reason[] => reasons.filter((reason) => stepOf[reason] === step);

/** Those that have come as far as the n-th step: they wait, were accepted, or were left behind later. */
function filterAt(n: number): StepView["filter"] {
  const later = steps.slice(n).flatMap(reasonsAt);
  const sent = n >= steps.indexOf("sent") + 1;
  const states: StepView["filter"]["states"] = sent ? ["accepted"] : ["accepted", "waiting"];
  if (later.some((reason) => refusals.has(stepOf[reason]))) states.push("refused");
  if (later.some((reason) => !refusals.has(stepOf[reason]))) states.push("not_sent");
  return { states, reasons: later };
}

function sumOf(counts: readonly Counted[], wanted: (row: Counted) => boolean) {
  const sum = { count: 0, before: 0 };
  for (const row of counts) if (wanted(row)) sum[row.at ? "count" : "before"] += row.count;
  return sum;
}
