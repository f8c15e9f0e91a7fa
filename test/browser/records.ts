import type { ReconciliationView } from "../../server/api/operations.ts";
import type { DeliveryDetail, ExplanationView, RedrivePreview } from "../../server/api/record.ts";
import { ago, day, hour, minute } from "./ago.ts";

const em = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
const ph = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";

/** The exact text of an event; the lead id is longer than a JavaScript number holds. */
export const payload = (leadId = "12345678901234567"): string =>
  `{"event_name":"Working - Contacted","event_time":1795424040,"event_id":"9f1c7d52e0b84a6f","action_source":"system_generated",` +
  `"user_data":{"em":["${em}"],"ph":["${ph}","${em}"],"lead_id":${leadId}},` +
  `"custom_data":{"event_source":"crm","lead_event_source":"Salesforce"}}`;

const reason = {
  code: "refused_lead_id",
  title: "Lead id refused",
  fix: "Check which field holds the Meta lead id.",
};

export const entered = ago(2 * hour);

const common = {
  connectionId: "con_sf",
  record: { object: "lead", id: "00QWs000004kT2dMAE" },
  pipelineId: "lead_status",
  stageId: "Working - Contacted",
  eventName: "Working - Contacted",
  eventId: "9f1c7d52e0b84a6f",
  enteredAt: entered,
  timeQuality: "exact",
  filled: false,
  mappingVersion: 3,
  datasetId: "dst_1",
  payload: payload(),
} as const satisfies Partial<DeliveryDetail>;

const changed = { what: "changed", at: entered } as const;
const kept = { what: "kept", at: ago(2 * hour - 2), seq: 4 } as const;
const request = {
  what: "request",
  at: ago(2 * hour - 3),
  tookMs: 182,
  events: 48,
  status: 200,
  code: null,
  subcode: null,
};

/** Refused by name in a request that Meta refused, after a fault of Meta's. */
export const refused = (): DeliveryDetail => ({
  ...common,
  seq: 4,
  state: "refused",
  reason,
  deadlineAt: ago(-6 * day),
  timeline: [
    changed,
    kept,
    {
      ...request,
      what: "request",
      at: ago(2 * hour - 3),
      tookMs: 10_000,
      verdict: "unknown",
      reason: { code: "meta_no_answer", title: "Meta did not answer", fix: "None: we keep trying." },
      status: null,
      traceId: null,
    },
    {
      ...request,
      what: "request",
      at: ago(2 * hour - 18),
      verdict: "refused",
      status: 400,
      code: 100,
      subcode: 2804003,
      traceId: "AkW3x0c",
    },
    { what: "set_aside", at: ago(2 * hour - 19), seq: 31 },
    {
      ...request,
      what: "request",
      at: ago(2 * hour - 21),
      events: 1,
      verdict: "refused",
      status: 400,
      code: 100,
      subcode: 2804003,
      traceId: "BxT9k2LmQ",
    },
    {
      what: "given_up",
      at: ago(2 * hour - 21),
      reason,
      code: 100,
      subcode: 2804003,
      words: "Invalid parameter: lead_id <b>12345678901234567</b> is not a known lead of this dataset's pages.",
      traceId: "BxT9k2LmQ",
    },
  ],
});

export const accepted = (): DeliveryDetail => {
  const { reason: _, ...rest } = refused();
  return {
    ...rest,
    seq: 2,
    state: "accepted",
    timeline: [changed, kept, { ...request, what: "request", verdict: "accepted", traceId: "AkW3x0cXyZr1pQ2bN8vTz" }],
  };
};

/** Accepted after Meta had not known its lead id: the second request went without it. */
export const acceptedWithoutLeadId = (): DeliveryDetail => {
  const alone = { ...request, what: "request", events: 1 } as const;
  return {
    ...accepted(),
    sentWithout: ["lead_id"],
    timeline: [
      changed,
      kept,
      { ...alone, verdict: "refused", reason, status: 400, code: 100, subcode: 2804036, traceId: "AkW3x0c" },
      { ...alone, verdict: "accepted", traceId: "AkW3x0d" },
    ],
  };
};

/** Sent again, and on its way. */
export const waiting = (): DeliveryDetail => {
  const { reason: _, timeline, ...rest } = refused();
  return { ...rest, seq: 77, state: "waiting", timeline: [...timeline, { what: "sent_again", at: ago(1), seq: 77 }] };
};

/** Sent again in vain. */
export const refusedAgain = (): DeliveryDetail => {
  const { timeline, ...rest } = refused();
  const givenUp = timeline.filter(({ what }) => what === "given_up");
  return { ...rest, seq: 77, timeline: [...timeline, { what: "sent_again", at: ago(2), seq: 77 }, ...givenUp] };
};

/** In forty requests that Meta answered with a fault of its own. */
export const outage = (): DeliveryDetail => ({
  ...accepted(),
  seq: 9,
  state: "waiting",
  filled: true,
  timeQuality: "day",
  timeline: [
    changed,
    kept,
    ...Array.from({ length: 40 }, (_, n) => ({
      ...request,
      what: "request" as const,
      at: ago(100 * minute - n * 120),
      verdict: "retry" as const,
      reason: { code: "meta_down", title: "Meta has a fault", fix: "None: we keep trying." },
      status: 503,
      traceId: null,
    })),
  ],
});

/** Given up, and too old by now. */
export const tooOld = (): DeliveryDetail => ({ ...refused(), deadlineAt: ago(3 * hour) });

export const preview = (): RedrivePreview => ({
  datasetId: "dst_1",
  seq: 4,
  eventId: common.eventId,
  deadlineAt: ago(-6 * day),
  itWas: payload(),
  rebuilt: payload("98765432109876543"),
  differences: [
    { field: "user_data.lead_id", before: "12345678901234567", after: "98765432109876543" },
    { field: "user_data.fn", after: "a591a6d4…" },
    { field: "user_data.ph", before: "6b86b273…, b94d27b9…", after: "6b86b273…" },
  ],
});

export const heldBack = (): RedrivePreview => {
  const { rebuilt: _, ...rest } = preview();
  return {
    ...rest,
    differences: [],
    heldBack: {
      code: "stage_ignored",
      title: "Stage switched off",
      fix: "Switch the stage on in the mapping if Meta should learn from it.",
    },
  };
};

export const unknown = (): RedrivePreview => {
  const { rebuilt: _, ...rest } = preview();
  return { ...rest, differences: [], unknown: "the CRM does not answer" };
};

export const unchanged = (): RedrivePreview => ({ ...preview(), rebuilt: payload(), differences: [] });

const ruleTitles = {
  stage_not_mapped: "Stage not mapped",
  stage_ignored: "Stage switched off",
  sent_as_filled: "Sent before as a skipped stage",
  entered_again: "Entered again",
  implausible_time: "Time implausible",
  in_future: "Time in the future",
  first_reading: "Known since the first reading",
  not_live: "Not live yet",
  before_live: "Before the start",
  too_old: "Too old",
  lead_not_found: "Person not found",
  no_consent: "No consent",
  before_lead_created: "Before the lead existed",
  no_match_key: "Nobody to match",
  event_invalid: "Cannot be made into an event",
} as const;

type Rule = keyof typeof ruleTitles;
const rules = (fails?: Rule, unreached: readonly Rule[] = []) =>
  (Object.keys(ruleTitles) as Rule[]).map((rule) => ({
    rule,
    title: ruleTitles[rule],
    fix: `Mend ${rule}.`,
    answer: rule === fails ? ("fails" as const) : unreached.includes(rule) ? ("unreached" as const) : ("ok" as const),
  }));

/** A record with a stage that was sent and refused, and one that is not mapped. */
export const explanation = (notMappedAt = entered): ExplanationView => ({
  asOf: ago(0),
  record: common.record,
  found: "in_crm",
  person: "found",
  keys: ["lead_id", "em", "ph"],
  leftOut: ["click_id:too_old", "fn:not_allowed"],
  mappingVersion: 3,
  entries: [
    {
      pipelineId: "lead_status",
      stageId: "Working - Contacted",
      eventName: "Working - Contacted",
      enteredAt: ago(day),
      timeQuality: "exact",
      filled: false,
      ledger: { place: 1, outcome: "event" },
      delivery: { datasetId: "dst_1", seq: 4, state: "refused", reason },
      ifNew: "entered_again",
      rules: rules("entered_again"),
    },
    {
      pipelineId: "lead_status",
      stageId: "Internal review",
      enteredAt: notMappedAt,
      timeQuality: "exact",
      filled: false,
      ledger: { place: 2, outcome: "stage_not_mapped", title: "Stage not mapped" },
      ifNew: "stage_not_mapped",
      rules: rules("stage_not_mapped", ["stage_ignored", "entered_again", "event_invalid"]),
    },
    {
      pipelineId: "lead_status",
      stageId: "Closed - Converted",
      eventName: "Closed - Converted",
      enteredAt: ago(minute),
      timeQuality: "observed",
      filled: true,
      next: "event",
      ifNew: "event",
      rules: rules(),
      payload: payload(),
    },
  ],
});

export const nowhere = (): ExplanationView => ({
  asOf: ago(0),
  record: { object: "deal", id: "1" },
  found: "nowhere",
  person: "missing",
  keys: [],
  leftOut: [],
  mappingVersion: 3,
  entries: [],
});

type Day = ReconciliationView["days"][number];
const dayOf = (n: number): string => ago(n * day).slice(0, 10);

/** A week that adds up. */
export const days = (): ReconciliationView => ({
  days: Array.from({ length: 7 }, (_, n): Day => {
    const notSent = [
      { reason: "stage_not_mapped", title: "Stage not mapped", count: 31 + n },
      { reason: "no_match_key", title: "Nobody to match", count: 8 },
      { reason: "entered_again", title: "Entered again", count: 2 },
    ];
    const counts = { accepted: 231 - n * 3, waiting: n === 0 ? 3 : 0, refused: n === 2 ? 4 : 0 };
    const seen = 41 + n + counts.accepted + counts.waiting + counts.refused;
    return {
      day: dayOf(n),
      seen,
      missed: n === 1 ? 7 : 0,
      ...counts,
      notSent,
      addsUp: true,
      checkedAt: ago(n === 0 ? 4 * minute : n * hour),
    };
  }),
});

/** Three changes of today that nobody can account for. */
export const daysWrong = (): ReconciliationView => ({
  days: days().days.map((one, n) => (n === 0 ? { ...one, seen: one.seen + 3, addsUp: false } : one)),
});
