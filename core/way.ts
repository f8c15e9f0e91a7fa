import type { RefusalReason, SkipReason } from "./problems.ts";

/** The way of a stage change from the CRM to Meta. In the order in which the rules are asked (translate.ts). */
export const waySteps = ["read", "mapped", "in_time", "identified", "sent", "accepted"] as const;
export type WayStep = (typeof waySteps)[number];

/** Why a change was left behind. */
export type Loss = SkipReason | RefusalReason;

/**
 * The step that a change did not take, by the reason it was left behind for. Nobody looks up the person of a change that is too
 * old, so it never counts as identified. `earlier`: what was there when sending began is no loss on the way.
 */
const notTaken = {
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
  not_live: "earlier",
  first_reading: "earlier",
  before_live: "earlier",
} as const satisfies Record<Loss, Exclude<WayStep, "read"> | "earlier">;
const reasons = Object.keys(notTaken) as readonly Loss[];

/** Reasons for which a change was left behind before it took this step, and after the one before. */
export const lossesAt = (step: WayStep | "earlier"): readonly Loss[] =>
  reasons.filter((reason) => notTaken[reason] === step);

/** `earlier` stands before them all. */
const placeOf = (step: WayStep | "earlier"): number => (waySteps as readonly string[]).indexOf(step);
const isLostAfter = (step: WayStep, reason: Loss): boolean => placeOf(notTaken[reason]) > placeOf(step);

/** Reasons for which a change was left behind after it had taken this step. */
export const lossesAfter = (step: WayStep): readonly Loss[] => reasons.filter((reason) => isLostAfter(step, reason));

/** What has become of a change; without a reason it waits, or was accepted. */
export interface Whereabouts {
  readonly state: "accepted" | "waiting" | "refused" | "not_sent";
  readonly reason: Loss | null;
}

/** Whether a change came as far as this step, or further. Nobody knows yet whether what waits is sent. */
export const hasTaken = (step: WayStep, { state, reason }: Whereabouts): boolean =>
  reason === null ? state === "accepted" || placeOf(step) < placeOf("sent") : isLostAfter(step, reason);
