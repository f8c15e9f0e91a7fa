/**
 * Every way this can go other than well, once: what it is called, what it means, how it is mended and who acts. The console,
 * the mails, the API, the log and docs/problems.md take their words from here.
 */
export interface Problem {
  readonly title: string;
  /** What it means for the events. */
  readonly effect: string;
  readonly fix: string;
  readonly acts: "you" | "us" | "meta" | "crm" | "nobody";
  /** What we do until it is mended. */
  readonly meanwhile?: string;
}

/** Why a stage change is not sent. Final, with the rule it fell under; nothing is wrong with the service. */
export const skips = {
  not_live: {
    title: "Not live yet",
    effect: "Read before sending was switched on.",
    fix: "Go live; choose the last 7 days to include what is still young enough.",
    acts: "you",
  },
  first_reading: {
    title: "Known since the first reading",
    effect: "The CRM keeps no history of this stage, so nobody knows when it was entered.",
    fix: "Switch on history tracking in the CRM; changes from now on are sent either way.",
    acts: "nobody",
  },
  before_live: {
    title: "Before the start",
    effect: "The stage was entered before the moment you chose to start from.",
    fix: "None needed: older entries are kept so that later ones are understood.",
    acts: "nobody",
  },
  stage_not_mapped: {
    title: "Stage not mapped",
    effect: "The stage mapping has no row for this stage.",
    fix: "Add the stage to the mapping; entries from then on are sent.",
    acts: "you",
  },
  stage_ignored: {
    title: "Stage switched off",
    effect: "The stage mapping says that this stage is not sent.",
    fix: "Switch the stage on in the mapping if Meta should learn from it.",
    acts: "nobody",
  },
  entered_again: {
    title: "Entered again",
    effect: "The lead was in this stage before, and the mapping sends the first entry only.",
    fix: "Set the stage to send every entry if you want re-entries counted.",
    acts: "nobody",
  },
  sent_as_filled: {
    title: "Sent before as a skipped stage",
    effect: "The lead had jumped over this stage, and it was sent then so that Meta saw every stage.",
    fix: "None needed.",
    acts: "nobody",
  },
  in_future: {
    title: "Time in the future",
    effect: "The CRM says the stage is entered later than now; Meta refuses such events.",
    fix: "Correct the clock or the date in the CRM.",
    acts: "you",
  },
  implausible_time: {
    title: "Time implausible",
    effect: "The stage time lies before 2020, which points to a wrong unit or an empty date.",
    fix: "Send times as RFC 3339 with an offset, for example 2026-11-23T09:00:00Z.",
    acts: "you",
  },
  before_lead_created: {
    title: "Before the lead existed",
    effect: "The stage time lies before the lead's creation; Meta may discard such events.",
    fix: "Correct the stage time or the creation time in the CRM.",
    acts: "you",
  },
  too_old: {
    title: "Too old",
    effect:
      "The stage was entered more than 7 days ago (less one hour of safety); Meta would refuse the whole request.",
    fix: "None: connect sooner next time. Meta takes events of the last 7 days only.",
    acts: "nobody",
  },
  lead_not_found: {
    title: "Person not found",
    effect: "The record has no contact, or it is deleted.",
    fix: "Associate the record with a contact before it moves on.",
    acts: "you",
  },
  no_consent: {
    title: "No consent",
    effect: "The consent field you named does not say yes.",
    fix: "None: the person's choice is respected.",
    acts: "nobody",
  },
  no_match_key: {
    title: "Nobody to match",
    effect: "The record has no usable Meta lead id, click id, email or phone.",
    fix: "Store the Meta lead id in the CRM, or let email and phone be used.",
    acts: "you",
  },
  event_invalid: {
    title: "Cannot be made into an event",
    effect: "What the CRM holds does not fit what Meta takes as an event.",
    fix: "Look at the record and the mapping row of its stage.",
    acts: "you",
  },
  record_gone: {
    title: "Record deleted",
    effect: "The record was deleted, merged or blocked in the CRM before its stage was sent.",
    fix: "None needed.",
    acts: "nobody",
  },
  person_erased: {
    title: "Person erased",
    effect: "The person behind the record was erased here; nothing more of them is sent.",
    fix: "None: the person's choice is respected.",
    acts: "nobody",
  },
} as const satisfies Record<string, Problem>;
export type SkipReason = keyof typeof skips;

/** Why one event was given up after we had decided to send it. */
export const refusals = {
  refused_invalid: {
    title: "Refused by Meta",
    effect: "Meta says that this event is not valid; its words are kept with it.",
    fix: "Read Meta's words, correct the mapping or the field they name, and send it again.",
    acts: "you",
    meanwhile: "We send everything else, and keep this event ready to be sent again until its deadline.",
  },
  refused_lead_id: {
    title: "Lead id refused",
    effect: "Meta does not know this lead id, and there is no other usable key.",
    fix: "Check which field holds the Meta lead id.",
    acts: "you",
    meanwhile: "We send everything else, and keep this event ready to be sent again until its deadline.",
  },
  refused_keys: {
    title: "Too little to match",
    effect: "Meta found the contact data too few or too broad.",
    fix: "Let more contact data be used.",
    acts: "you",
    meanwhile: "We send everything else, and keep this event ready to be sent again until its deadline.",
  },
  refused_again: {
    title: "Meta stumbles over it",
    effect: "Meta answered this event with a fault of its own each time, and took others before and after it.",
    fix: "Read Meta's words; send it again once it is mended.",
    acts: "us",
    meanwhile: "We send everything else, and keep this event ready to be sent again until its deadline.",
  },
  unconfirmed: {
    title: "Not confirmed",
    effect:
      "Meta may have taken it: no request with it was answered for 47 hours, and Meta tells repeats apart for 48 hours only.",
    fix: "Look for the stage in Events Manager before you send it again: Meta may count it twice.",
    acts: "you",
    meanwhile: "We do not send it a second time by ourselves.",
  },
  expired: {
    title: "Expired while waiting",
    effect: "Seven days passed before Meta would take it.",
    fix: "Mend what it was waiting for; newer events still go.",
    acts: "nobody",
    meanwhile: "We send everything that is young enough.",
  },
  erased: {
    title: "Person erased while it waited",
    effect: "It is not sent, unless it was leaving at that very moment; nothing of the person is left in it.",
    fix: "None: the person's choice is respected.",
    acts: "nobody",
    meanwhile: "We send everything else.",
  },
} as const satisfies Record<string, Problem>;
export type RefusalReason = keyof typeof refusals;

/** What the dataset waits for. Nothing is lost until the deadline of each event. */
export const blocks = {
  meta_token: {
    title: "Meta no longer accepts our access",
    effect: "Events wait until Meta is connected again.",
    fix: "Connect Meta again, or paste a new token.",
    acts: "you",
    meanwhile: "We keep every event in its order and send them all once Meta is connected.",
  },
  meta_permission: {
    title: "Meta says we may not send to this dataset",
    effect: "Events wait until the permission is back.",
    fix: "In Meta's Business settings give the connected system user access to the dataset.",
    acts: "you",
    meanwhile: "We keep every event in its order and send them all once you resume.",
  },
  meta_dataset: {
    title: "Meta does not find the dataset",
    effect: "Events wait until a dataset is chosen that exists and that we may use.",
    fix: "Check the dataset id, and that it is assigned to the system user whose token is used.",
    acts: "you",
    meanwhile: "We keep every event in its order and send them all once you resume.",
  },
  meta_version: {
    title: "Meta retired the interface version we use",
    effect: "Events wait until we are updated.",
    fix: "Update Stagewire, or set a supported Graph version.",
    acts: "us",
    meanwhile: "We keep every event in its order and send them all once we are updated.",
  },
  meta_proof: {
    title: "Meta refuses our app's signature",
    effect: "Events wait until the app secret is corrected.",
    fix: "Correct META_APP_SECRET; leave it empty for a token that was made in Events Manager.",
    acts: "us",
    meanwhile: "We keep every event in its order and send them all once the secret is right.",
  },
  by_admin: {
    title: "Paused by an admin",
    effect: "Nothing moves until somebody resumes; events wait until their deadline.",
    fix: "Resume it in the console.",
    acts: "you",
    meanwhile: "We keep every event in its order, and write 24 hours before the first would be too old.",
  },
  meta_unclear: {
    title: "Meta answered something we do not understand",
    effect: "Events wait for a person to look.",
    fix: "Read Meta's words; then resume.",
    acts: "us",
    meanwhile: "We keep every event in its order; none is given up for an answer that we do not understand.",
  },
} as const satisfies Record<string, Problem>;
export type BlockReason = keyof typeof blocks;

/** Why a request to Meta is tried again by itself. */
export const delays = {
  meta_unreachable: {
    title: "Meta cannot be reached",
    effect: "Events wait.",
    fix: "None: we keep trying.",
    acts: "meta",
    meanwhile: "We try again by ourselves, from 5 seconds to 15 minutes apart, and keep the order.",
  },
  meta_no_answer: {
    title: "Meta did not answer",
    effect: "Events may have arrived; the same ids are sent again.",
    fix: "None: we keep trying.",
    acts: "meta",
    meanwhile: "We try again by ourselves, from 5 seconds to 15 minutes apart, and keep the order.",
  },
  meta_down: {
    title: "Meta has a fault",
    effect: "Events wait.",
    fix: "None: we keep trying.",
    acts: "meta",
    meanwhile: "We try again by ourselves, from 5 seconds to 15 minutes apart, and keep the order.",
  },
  meta_limit: {
    title: "Meta's request limit",
    effect: "Events wait until Meta takes requests again.",
    fix: "None: we slow down and keep trying.",
    acts: "meta",
    meanwhile: "We go more slowly and try again when Meta says, at the latest every 15 minutes.",
  },
  meta_usage: {
    title: "Meta's request limit is near",
    effect: "Events go more slowly, so that Meta refuses none of them.",
    fix: "None: it passes within minutes.",
    acts: "nobody",
    meanwhile: "We rest between requests until the figure falls.",
  },
  meta_breaker: {
    title: "Meta fails most requests",
    effect: "Events wait until Meta takes requests again.",
    fix: "None: we keep trying.",
    acts: "meta",
    meanwhile: "We send one request now and then to see whether it is over, and go on by ourselves when it is.",
  },
  meta_policy: {
    title: "Meta has blocked this action for a while",
    effect: "Events wait until Meta lifts it.",
    fix: "Look for a notice in Meta's Business settings.",
    acts: "you",
    meanwhile: "We try again every 15 minutes.",
  },
} as const satisfies Record<string, Problem>;
export type DelayReason = keyof typeof delays;

/** What goes on working but somebody should know. */
export const warnings = {
  drift: {
    title: "Stage changes were found late",
    effect:
      "Comparing with the CRM found changes that neither its doorbell nor our reading had brought; they are taken up now.",
    fix: "Check that the CRM can still tell us of changes at our public address; nothing else is needed.",
    acts: "us",
    meanwhile: "We compare every 15 minutes, and the last 7 days every night, and take up what is missing.",
  },
  new_stage: {
    title: "A new stage is not sent yet",
    effect: "The CRM has a stage that the mapping does not know: leads that enter it are not sent.",
    fix: "Choose in the mapping whether it is sent, and as what; it holds for leads that enter it from then on.",
    acts: "you",
    meanwhile: "We send the other stages as before.",
  },
  access_ending: {
    title: "The access to Meta ends soon",
    effect: "When it has ended, events of this dataset wait.",
    fix: "Connect Meta again before that day; nothing else changes.",
    acts: "you",
    meanwhile: "We send as before until then, and try again by ourselves to renew an access that was given by login.",
  },
  expiring: {
    title: "Events are about to expire",
    effect: "They have been waiting for days, and Meta takes nothing older than 7 days.",
    fix: "Mend what they wait for.",
    acts: "you",
    meanwhile: "We keep trying until the last hour.",
  },
} as const satisfies Record<string, Problem>;
export type WarningCode = keyof typeof warnings;

/** What can be thrown: by connectors, by the transport, by the server at its edges. */
export const failures = {
  network_unreachable: {
    title: "Not reachable",
    effect: "The request certainly did not arrive.",
    fix: "None: we try again.",
    acts: "nobody",
    meanwhile: "We try again by ourselves, up to 15 minutes apart.",
  },
  network_no_answer: {
    title: "No answer",
    effect: "The request may have arrived.",
    fix: "None: we try again.",
    acts: "nobody",
    meanwhile: "We try again by ourselves, up to 15 minutes apart.",
  },
  host_not_allowed: {
    title: "Host not allowed",
    effect: "Nothing was sent there.",
    fix: "None: an address that is not the vendor's own is never called.",
    acts: "us",
  },
  crm_unavailable: {
    title: "The CRM has a fault",
    effect: "Reading waits; the CRM keeps the changes.",
    fix: "None: we keep trying.",
    acts: "crm",
    meanwhile: "We try again by ourselves, up to 15 minutes apart, and read on from where we stopped.",
  },
  crm_limit: {
    title: "The CRM's request limit",
    effect: "Reading waits until the CRM takes requests again.",
    fix: "None: we slow down and keep trying.",
    acts: "crm",
    meanwhile: "We come back when the CRM says, and read on from where we stopped.",
  },
  crm_disconnected: {
    title: "The CRM no longer accepts our access",
    effect: "Nothing is read; the CRM keeps the changes.",
    fix: "Connect the CRM again within 7 days and none is too old for Meta.",
    acts: "you",
    meanwhile: "We remember where we stopped; once it is connected we read on from there.",
  },
  crm_forbidden: {
    title: "The CRM withholds something we need",
    effect: "What we may not read is left out.",
    fix: "Give the connected user the right that is named, or connect again and agree to it.",
    acts: "you",
    meanwhile: "We try again by ourselves, up to 15 minutes apart, and read on from where we stopped.",
  },
  crm_token_stale: {
    title: "The CRM's access token ran out",
    effect: "A new one is fetched and the page is read again.",
    fix: "None.",
    acts: "nobody",
    meanwhile: "We fetch a new one.",
  },
  crm_schema: {
    title: "The CRM answered in a form we do not know",
    effect: "Reading stops where it is; nothing is skipped.",
    fix: "A field may have been renamed or removed: check the mapping, then tell us.",
    acts: "us",
    meanwhile: "We try again by ourselves, up to 15 minutes apart, and read on from where we stopped.",
  },
  app_credentials: {
    title: "Our own app credentials are refused",
    effect: "No account of this CRM can be read.",
    fix: "Correct the client id and secret in the server's configuration.",
    acts: "us",
    meanwhile: "We try again by ourselves, up to 15 minutes apart, and read on from where we stopped.",
  },
  checkpoint_lost: {
    title: "The CRM no longer knows where we were",
    effect: "All current stages are read again and compared.",
    fix: "None.",
    acts: "nobody",
    meanwhile: "We read all current stages again; what is known is not sent twice.",
  },
  config_invalid: {
    title: "The configuration is not valid",
    effect: "Nothing was started or changed.",
    fix: "Correct the setting that is named.",
    acts: "you",
  },
  input_invalid: {
    title: "The input is not valid",
    effect: "Nothing of it was taken.",
    fix: "Correct what is named and send it again.",
    acts: "you",
  },
  signature_invalid: {
    title: "The signature is missing or wrong",
    effect: "Nothing of it was taken.",
    fix: "Sign the exact bytes with the current secret, and check the clock.",
    acts: "you",
  },
  not_allowed: { title: "Not allowed", effect: "Nothing was done.", fix: "Use a key that may do this.", acts: "you" },
  not_signed_in: {
    title: "Not signed in",
    effect: "Nothing was done.",
    fix: "Sign in; a session ends after 30 minutes without use and after 12 hours.",
    acts: "you",
  },
  too_many: {
    title: "Too many tries",
    effect: "Nothing was done.",
    fix: "Wait for as long as the answer says, then try again.",
    acts: "you",
  },
  oauth_state: {
    title: "This connection was not started here",
    effect: "Nothing was connected: the link is older than 10 minutes, was used before, or belongs to another browser.",
    fix: "Start again from the console, in the browser in which you are signed in.",
    acts: "you",
  },
  oauth_denied: {
    title: "Access was not given",
    effect: "Nothing was connected.",
    fix: "Start again and agree, or ask somebody who may install apps.",
    acts: "you",
  },
  oauth_app: {
    title: "The app is not allowed there yet",
    effect: "Nothing was connected: the account does not let this app in.",
    fix: "Ask an admin of the account to install or approve the app there, then start again.",
    acts: "you",
  },
  oauth_scopes: {
    title: "A permission is missing",
    effect: "Nothing was connected: without it stages cannot be read.",
    fix: "Start again and leave every required permission ticked; some need another edition of the CRM.",
    acts: "you",
  },
  oauth_identity: {
    title: "The account could not be verified",
    effect: "Nothing was connected: what the other side told about the account does not fit together.",
    fix: "Start again; if it stays, tell us when it happened.",
    acts: "us",
  },
  account_taken: {
    title: "Connected to another workspace",
    effect: "Nothing was connected: this account belongs to another workspace, which goes on as before.",
    fix: "Ask its owner to invite you, or to disconnect the account there first.",
    acts: "you",
  },
  meta_login: {
    title: "Meta did not let us in",
    effect: "Nothing was connected.",
    fix: "Start again, and give every permission to the business that owns the dataset.",
    acts: "you",
  },
  not_found: { title: "Not found", effect: "Nothing was done.", fix: "Check the id.", acts: "you" },
  conflict: {
    title: "Not as things stand",
    effect: "Nothing was done.",
    fix: "Look at how it stands now, then decide again.",
    acts: "you",
  },
  too_large: { title: "Too large", effect: "Nothing of it was taken.", fix: "Send it in smaller parts.", acts: "you" },
  lease_lost: {
    title: "Another worker took over",
    effect: "What this worker was about to write is void; the other one does it.",
    fix: "None.",
    acts: "nobody",
    meanwhile: "The other worker goes on from the last thing that was written.",
  },
  store_unavailable: {
    title: "The database is not reachable",
    effect: "Nothing is taken or sent until it is back; nothing acknowledged is lost.",
    fix: "Bring the database back.",
    acts: "us",
    meanwhile: "We try again by ourselves; whoever pushes changes to us is asked to come back.",
  },
  unexpected: {
    title: "Something went wrong on our side",
    effect: "It is tried again; nothing is lost.",
    fix: "Look at the server's log, and tell us.",
    acts: "us",
    meanwhile: "We try again by ourselves, up to 15 minutes apart.",
  },
  mail_unavailable: {
    title: "The mail server takes no mail",
    effect: "Mails about problems wait; the console shows every problem all the same.",
    fix: "Check SMTP_URL and the mail server it names.",
    acts: "us",
    meanwhile: "We try each mail ten times within two days.",
  },
  mail_refused: {
    title: "The mail server refuses this mail",
    effect: "This address hears nothing of problems; the console shows them all the same.",
    fix: "Correct the address that is to be told of problems, or the sender's address.",
    acts: "you",
  },
  secret_unreadable: {
    title: "A stored secret cannot be decrypted",
    effect: "The account cannot be read until it is connected again.",
    fix: "Restore the encryption key it was written with.",
    acts: "us",
    meanwhile: "We try again by ourselves, up to 15 minutes apart.",
  },
} as const satisfies Record<string, Problem>;
export type FailureCode = keyof typeof failures;

/** The whole catalogue. */
const problems = { ...skips, ...refusals, ...blocks, ...delays, ...warnings, ...failures } as const;
export type ProblemCode = keyof typeof problems;

/** What the catalogue says of a code from the store; one that it no longer knows is something unexpected. */
export const problemOf = (code: string): Problem =>
  Object.hasOwn(problems, code) ? problems[code as ProblemCode] : failures.unexpected;

/** Who acts, as a person reads it. */
export const whoActs: Readonly<Record<Problem["acts"], string>> = {
  you: "you",
  us: "whoever runs the server",
  meta: "Meta",
  crm: "the CRM",
  nobody: "nobody",
};
