import { type Problem, problemOf } from "./problems.ts";

/** Where a step is taken: a page of the console, or a deed on the problem's own page. */
export type StepPlace =
  | "connect_meta"
  | "connect_crm"
  | "connections"
  | "mapping"
  | "settings"
  | "deliveries"
  | "resume"
  | "check_now"
  | "send_again";

export interface Step {
  readonly words: string;
  readonly place?: StepPlace;
}

const sendAgain = (words: string): Step => ({ words, place: "send_again" });

/** How a problem is mended, one thing after the other, where one sentence does not say it. */
const steps: Readonly<Record<string, readonly Step[]>> = {
  meta_token: [
    { words: "Connect Meta again, as somebody who manages the dataset.", place: "connect_meta" },
    { words: "Sending then goes on by itself, oldest event first." },
  ],
  meta_permission: [
    { words: "Open the dataset in Meta's Business settings, under Data sources." },
    { words: "Give the system user, or the person who connected Meta, the right to manage it." },
    { words: "Resume sending here.", place: "resume" },
  ],
  meta_dataset: [
    { words: "Look in Events Manager whether the dataset is still there, and compare its id with the one we send to." },
    {
      words: "If it is: assign it to the system user in Meta's Business settings, and resume sending.",
      place: "resume",
    },
    { words: "If it is not: connect another dataset.", place: "connect_meta" },
  ],
  by_admin: [{ words: "Resume it once the reason for the pause is gone.", place: "resume" }],
  meta_unclear: [
    { words: "Read Meta's own words on this page." },
    { words: "Resume sending: if Meta answers the same again, it stops again and nothing is lost.", place: "resume" },
    { words: "Tell us when it happened; we add what this answer means." },
  ],
  meta_policy: [
    { words: "Look for a notice in Meta's Business settings, and answer it." },
    { words: "We try again every 15 minutes; sending goes on by itself once Meta lifts the block." },
  ],
  refused_invalid: [
    { words: "Read Meta's own words on this page: they name the field." },
    { words: "Correct that field in the CRM, or the row of the stage in the mapping.", place: "mapping" },
    sendAgain("Send the events again as they would be now."),
  ],
  refused_lead_id: [
    { words: "Look at one of the examples: which CRM field did its lead id come from?", place: "deliveries" },
    { words: "Choose the field that holds Meta's own lead id, a number of 15 to 17 digits.", place: "mapping" },
    sendAgain("Send the events again as they would be now."),
  ],
  refused_keys: [
    {
      words: "Let more contact data be used: Meta needs more than one broad key, such as a country.",
      place: "settings",
    },
    sendAgain("Send the events again as they would be now."),
  ],
  refused_again: [
    { words: "Wait until Meta's fault is over; other events go meanwhile." },
    sendAgain("Send the events again as they were."),
  ],
  unconfirmed: [
    { words: "Look in Events Manager whether the stage of the examples has arrived." },
    sendAgain("Send the events again only where it has not: Meta may count them twice."),
  ],
  expiring: [
    { words: "Look what the oldest events wait for.", place: "deliveries" },
    { words: "Mend that; what is young enough then leaves by itself." },
  ],
  drift: [
    { words: "Check that the CRM can reach our public address: it could not tell us of these changes in time." },
    { words: "Nothing else: what was found late has been taken up." },
  ],
  new_stage: [
    {
      words: "Look in the mapping at the stage that is marked New: choose its name at Meta, or leave it out.",
      place: "mapping",
    },
    { words: "Save. Leads that enter it from then on are sent." },
  ],
  access_ending: [
    {
      words: "Connect Meta again before that day; the mapping and all that waits stay as they are.",
      place: "connect_meta",
    },
  ],
  crm_disconnected: [
    { words: "Connect the CRM again, as somebody who may install apps there.", place: "connect_crm" },
    { words: "Reading then goes on by itself from where it stopped." },
  ],
  crm_forbidden: [
    { words: "Give the connected user the right that is named, in the CRM." },
    { words: "Or connect again and agree to every permission.", place: "connect_crm" },
    { words: "Have the CRM looked at once more.", place: "check_now" },
  ],
  crm_schema: [
    { words: "Look in the mapping whether a field or stage was renamed or removed.", place: "mapping" },
    { words: "Have the CRM looked at once more.", place: "check_now" },
    { words: "If it stays, tell us: reading stops where it is, and nothing is skipped." },
  ],
};

/** Nothing to do where it passes by itself. */
export function stepsOf(code: string): readonly Step[] {
  const { fix }: Problem = problemOf(code);
  return steps[code] ?? (/^None\b/.test(fix) ? [] : [{ words: fix }]);
}
