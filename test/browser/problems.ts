import type { ProblemDetail, ProblemsView } from "../../server/api/problems.ts";
import { ago, day, hour, minute } from "./ago.ts";

type Problem = ProblemsView["problems"][number];

const ana = { id: "usr_ana", name: "Ana Almeida" };

/** Problems as the server tells them. */
export const blocked = (): Problem => ({
  id: "prb_blocked",
  code: "meta_permission",
  kind: "blocked",
  state: "open",
  sentence: "Meta says we may not send to this dataset. 128 events are waiting; none is lost before Thursday 08:14.",
  numbers: "128 events are waiting; none is lost before Thursday 08:14.",
  title: "Meta says we may not send to this dataset",
  effect: "Events wait until the permission is back.",
  fix: "In Meta's Business settings give the connected system user access to the dataset.",
  acts: "you",
  meanwhile: "We keep every event in its order and send them all once you resume.",
  about: "dst_1",
  name: "Northwind CRM events",
  affected: 128,
  since: ago(2 * hour),
  openedAt: ago(2 * hour - 600),
  deadlineAt: ago(-2 * day - 3 * hour),
  standsStill: true,
  canRedrive: false,
});

export const refused = (): Problem => ({
  id: "prb_refused",
  code: "refused_lead_id",
  kind: "refused",
  state: "open",
  sentence: "Lead id refused: 42 events. Each of them can be sent again before Saturday 11:02.",
  numbers: "42 events. Each of them can be sent again before Saturday 11:02.",
  title: "Lead id refused",
  effect: "Meta does not know this lead id, and there is no other usable key.",
  fix: "Check which field holds the Meta lead id.",
  acts: "you",
  meanwhile: "We send everything else, and keep this event ready to be sent again until its deadline.",
  about: "dst_1",
  name: "Northwind CRM events",
  affected: 42,
  since: ago(5 * hour),
  openedAt: ago(5 * hour),
  deadlineAt: ago(-4 * day),
  standsStill: false,
  canRedrive: true,
  words: "Invalid parameter: lead_id 12345678901234567 is not a known lead of this dataset's pages.",
});

export const drift = (): Problem => ({
  id: "prb_drift",
  code: "drift",
  kind: "drift",
  state: "acknowledged",
  sentence: "Stage changes were found late: 7 from Salesforce since Sunday 22:10.",
  numbers: "7 stage changes from Salesforce since Sunday 22:10.",
  title: "Stage changes were found late",
  effect: "Comparing with the CRM found changes that neither its doorbell nor our reading had brought.",
  fix: "Check that the CRM can still tell us of changes at our public address; nothing else is needed.",
  acts: "us",
  meanwhile: "We compare every 15 minutes, and the last 7 days every night, and take up what is missing.",
  about: "con_sf",
  name: "Northwind Homes Sales",
  crmName: "Salesforce",
  connector: "salesforce",
  affected: 7,
  since: ago(11 * hour),
  openedAt: ago(11 * hour),
  acknowledged: { at: ago(10 * hour), by: ana },
  standsStill: false,
  canRedrive: false,
});

export const slow = (): Problem => ({
  id: "prb_slow",
  code: "crm_unavailable",
  kind: "reading",
  state: "open",
  sentence:
    "HubSpot: the CRM has a fault. Reading waits; the CRM keeps the changes. Nothing has been read since 09:20.",
  numbers: "Nothing has been read since 09:20.",
  title: "The CRM has a fault",
  effect: "Reading waits; the CRM keeps the changes.",
  fix: "None: we keep trying.",
  acts: "crm",
  meanwhile: "We try again by ourselves, up to 15 minutes apart, and read on from where we stopped.",
  about: "con_hub",
  name: "Northwind Homes EU",
  crmName: "HubSpot",
  connector: "hubspot",
  affected: 3,
  since: ago(25 * minute),
  openedAt: ago(15 * minute),
  deadlineAt: ago(-6 * day),
  standsStill: false,
  canRedrive: false,
});

export const token = (): Problem => ({
  ...blocked(),
  id: "prb_token",
  code: "meta_token",
  title: "Meta no longer accepts our access",
  effect: "Events wait until Meta is connected again.",
  fix: "Connect Meta again, or paste a new token.",
});

export const disconnected = (): Problem => ({
  ...slow(),
  id: "prb_disconnected",
  code: "crm_disconnected",
  title: "The CRM no longer accepts our access",
  numbers: "HubSpot keeps the changes; reconnect before Saturday 09:20 and none is too old for Meta.",
  effect: "Nothing is read; the CRM keeps the changes.",
  fix: "Connect the CRM again within 7 days and none is too old for Meta.",
  acts: "you",
  standsStill: true,
});

export const expiring = (): Problem => ({
  id: "prb_expiring",
  code: "expiring",
  kind: "expiring",
  state: "open",
  sentence: "Events are about to expire: 3 within 24 hours, the first at 17:40.",
  numbers: "3 events expire within 24 hours, the first at 17:40.",
  title: "Events are about to expire",
  effect: "They have been waiting for days, and Meta takes nothing older than 7 days.",
  fix: "Mend what they wait for.",
  acts: "you",
  meanwhile: "We keep trying until the last hour.",
  about: "dst_1",
  name: "Northwind CRM events",
  affected: 3,
  since: ago(6 * day),
  openedAt: ago(30 * minute),
  deadlineAt: ago(-8 * hour),
  standsStill: false,
  canRedrive: false,
});

export const all = (): Problem[] => [expiring(), blocked(), refused(), drift(), slow()];

export const muted = (): Problem => ({
  ...refused(),
  id: "prb_muted",
  state: "muted",
  muted: { at: ago(day), until: ago(-6 * day), by: ana },
});

const over = { state: "resolved", ended: "mended", standsStill: false, canRedrive: false } as const;
export const resolved = (): Problem[] => [
  { ...slow(), ...over, id: "prb_old1", closedAt: ago(3 * hour), since: ago(4 * hour), openedAt: ago(4 * hour) },
  { ...drift(), ...over, id: "prb_old2", closedAt: ago(2 * day), since: ago(3 * day), openedAt: ago(3 * day) },
  {
    ...refused(),
    ...over,
    id: "prb_old3",
    ended: "too_old",
    closedAt: ago(9 * day),
    since: ago(10 * day),
    openedAt: ago(10 * day),
  },
];

/** One, whole. */
export const refusedWhole = (): ProblemDetail => ({
  ...refused(),
  steps: [
    { words: "Look at one of the examples: which CRM field did its lead id come from?", place: "deliveries" },
    { words: "Choose the field that holds Meta's own lead id, a number of 15 to 17 digits.", place: "mapping" },
    { words: "Send the events again as they would be now.", place: "send_again" },
  ],
  examples: Array.from({ length: 5 }, (_, n) => ({
    datasetId: "dst_1",
    seq: 812 - n,
    connectionId: "con_hub",
    record: { object: "deal", id: String(9911 + n) },
    eventName: n % 2 ? "Appointment scheduled" : "Qualified to buy",
    eventTime: ago((5 + n) * hour),
    words: "Invalid parameter: lead_id 12345678901234567 is not a known lead of this dataset's pages.",
  })),
  history: [
    { at: ago(5 * hour), what: "opened" },
    { at: ago(5 * hour - 10 * minute), what: "mailed", occasion: "opened", people: 2 },
    { at: ago(4 * hour), what: "acknowledged", by: ana },
    { at: ago(3 * hour), what: "sent_again", by: ana, task: "tsk_old", taken: 30 },
  ],
  estimateMs: 800,
});

export const blockedWhole = (): ProblemDetail => ({
  ...blocked(),
  steps: [
    { words: "Open the dataset in Meta's Business settings, under Data sources." },
    { words: "Give the system user, or the person who connected Meta, the right to manage it." },
    { words: "Resume sending here.", place: "resume" },
  ],
  examples: [],
  history: [{ at: ago(2 * hour), what: "opened" }],
});

export const resolvedWhole = (): ProblemDetail => ({
  ...refusedWhole(),
  ...over,
  closedAt: ago(3 * hour),
  examples: [],
  history: [...refusedWhole().history, { at: ago(3 * hour), what: "resolved", ended: "mended" }],
});

const markup = '<img src=x onerror="window.hacked=1">';
const long = "W".repeat(240);
/** Labels and Meta's words that try to be markup, or to push the page apart. */
export const hostile = (): Problem[] =>
  [refused(), blocked()].map((problem) => ({
    ...problem,
    name: `${markup}${long}`,
    words: `\u202E${markup} ${long}`,
  }));
export const hostileWhole = (): ProblemDetail => ({
  ...refusedWhole(),
  name: `\u202E${markup}${long}`,
  words: `\u202E${markup} ${long}`,
  examples: refusedWhole().examples.map((example) => ({
    ...example,
    record: { object: long, id: `\u202E${markup}${long}` },
    eventName: `${markup}${long}`,
    words: `\u202E${markup}${long}`,
  })),
  history: [{ at: ago(hour), what: "acknowledged", by: { id: "usr_x", name: `\u202E${markup}${long}` } }],
});
