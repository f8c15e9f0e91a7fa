import type { DeliveryDetail } from "../../../api/record.ts";
import { counted, time } from "./formats.ts";

type Step = DeliveryDetail["timeline"][number];
type Verdict = Extract<Step, { what: "request" }>["verdict"];

export const drawer = {
  close: "Close",
  copy: "Copy",
  copied: "Copied",
  selected: "Marked: copy it with your keyboard",
};

/** One event, and all that has happened to it. */
export const delivery = {
  loading: "Loading the event",
  title: "An event",
  failed: "We could not load this event",
  gone: "This event is not kept any more",
  goneExplained:
    "What was sent is kept for 30 days: the exact text, and every request that it was in. What became of the record’s stages is kept longer; look for the record’s ID among the deliveries.",
  toDeliveries: "Go to deliveries",
  stage: "Stage in the CRM",
  openIn: (crm: string) => `Open in ${crm}`,
  opensElsewhere: "opens in a new tab",
  copyLink: "Copy a link to this event",
  link: "Link",
  erased: "erased person",
  erasedExplained:
    "The person was erased on request. What remains is the stage, the times and what became of it; who it was is in no place of ours.",
  sentence: {
    accepted: (at?: Date) => (at ? `Meta accepted it on ${time.short(at)}.` : "Meta accepted it."),
    waiting: (until: string, distance: string) => `It waits to be sent; Meta takes it until ${until} (${distance}).`,
    waitingTooLong: (since: string) => `It waits, and has been too old for Meta since ${since}.`,
    refused: (title: string) => `It was given up: ${title}.`,
    refusedAgain: (title: string) => `It was sent again, and given up again: ${title}.`,
  },
  entered: "Stage entered",
  quality: {
    exact: "the CRM’s own time",
    day: "the CRM knows the day only",
    modified: "the record’s last change: the CRM keeps no history of this stage",
    observed: "when we first saw it: the CRM keeps no time",
  } satisfies Record<DeliveryDetail["timeQuality"], string>,
  filled: "The lead jumped over this stage; it is sent so that Meta sees every stage.",
  mappingVersion: (version: number) => `version ${version}`,
  deadline: "Meta takes it until",
  eventId: "Event id",
  copyId: "Copy the event id",
  json: "What Meta receives",
  jsonExplained: "Contact data leaves as SHA-256 hashes only.",
  withoutLeadId:
    "Meta does not know this lead id, so the event went again without it and was taken. The rest is as it stands here.",
  whatHappened: "What happened",
  number: (seq: number) => `number ${seq} of its dataset`,
  steps: {
    changed: "Stage entered in the CRM",
    kept: "Read and kept",
    set_aside: "Set aside, so that others need not wait",
    sent_again: "Taken up to be sent again",
    given_up: "Given up",
  } satisfies Record<Exclude<Step["what"], "request">, string>,
  verdicts: {
    accepted: "Meta accepted the request",
    retry: "Not taken; tried again later",
    refused: "Meta refused the request",
    unknown: "No answer; the same id goes again",
    blocked: "Meta does not let us send",
  } satisfies Record<Verdict, string>,
  request: (others: number, tookMs: number) =>
    `${others === 0 ? "sent alone" : `sent with ${counted(others, "other", "others")}`}, answered after ${time.span(tookMs)}`,
  noAnswer: (others: number, tookMs: number) =>
    `${others === 0 ? "sent alone" : `sent with ${counted(others, "other", "others")}`}, given ${time.span(tookMs)}`,
  status: (status: number) => `HTTP ${status}`,
  code: (code: number, subcode: number | null) => (subcode === null ? `code ${code}` : `code ${code}/${subcode}`),
  trace: "trace id",
  later: (ms: number) => `· +${time.span(ms)}`,
  folded: (count: number) => `${counted(count, "more request", "more requests")} with the same answer`,
  words: "Meta’s own words",
  explain: "Rule by rule",
  explainOpen: "Explain, rule by rule",
};
