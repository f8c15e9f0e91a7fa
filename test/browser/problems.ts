import type { ProblemsView } from "../../server/api/operations.ts";
import { ago, day, hour, minute } from "./ago.ts";

type Problem = ProblemsView["problems"][number];

/** Problems as the server tells them. */
export const blocked = (): Problem => ({
  id: "prb_blocked",
  code: "meta_permission",
  sentence: "Meta says we may not send to this dataset. 128 events are waiting; none is lost before Thursday 08:14.",
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
  canRedrive: false,
  canDismiss: false,
});

export const refused = (): Problem => ({
  id: "prb_refused",
  code: "refused_lead_id",
  sentence: "Lead id refused: 42 events. Each of them can be sent again before Saturday 11:02.",
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
  canRedrive: true,
  canDismiss: true,
  words: "Invalid parameter: lead_id 12345678901234567 is not a known lead of this dataset's pages.",
});

export const drift = (): Problem => ({
  id: "prb_drift",
  code: "drift",
  sentence: "Stage changes were found late: 7 from Salesforce since Sunday 22:10.",
  title: "Stage changes were found late",
  effect: "Comparing with the CRM found changes that neither its doorbell nor our reading had brought.",
  fix: "Check that the CRM can still tell us of changes at our public address; nothing else is needed.",
  acts: "us",
  meanwhile: "We compare every 15 minutes, and the last 7 days every night, and take up what is missing.",
  about: "con_sf",
  name: "Northwind Homes Sales",
  affected: 7,
  since: ago(11 * hour),
  openedAt: ago(11 * hour),
  canRedrive: false,
  canDismiss: true,
});

export const slow = (): Problem => ({
  id: "prb_slow",
  code: "crm_unavailable",
  sentence: "HubSpot: the CRM has a fault. Reading waits; the CRM keeps the changes.",
  title: "The CRM has a fault",
  effect: "Reading waits; the CRM keeps the changes.",
  fix: "None: we keep trying.",
  acts: "crm",
  meanwhile: "We try again by ourselves, up to 15 minutes apart, and read on from where we stopped.",
  about: "con_hub",
  name: "Northwind Homes EU",
  affected: 3,
  since: ago(25 * minute),
  openedAt: ago(15 * minute),
  deadlineAt: ago(-6 * day),
  canRedrive: false,
  canDismiss: false,
});

export const expiring = (): Problem => ({
  id: "prb_expiring",
  code: "expiring",
  sentence: "Events are about to expire: 3 within 24 hours, the first at 17:40.",
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
  canRedrive: false,
  canDismiss: false,
});

export const all = (): Problem[] => [expiring(), blocked(), refused(), drift(), slow()];

export const closed = (): Problem[] => [
  { ...slow(), id: "prb_old1", closedAt: ago(3 * hour), since: ago(4 * hour), openedAt: ago(4 * hour) },
  {
    ...drift(),
    id: "prb_old2",
    dismissedAt: ago(2 * day),
    since: ago(3 * day),
    openedAt: ago(3 * day),
    canDismiss: false,
  },
  {
    ...refused(),
    id: "prb_old3",
    closedAt: ago(9 * day),
    since: ago(10 * day),
    openedAt: ago(10 * day),
    canRedrive: false,
  },
];

const markup = '<img src=x onerror="window.hacked=1">';
const long = "W".repeat(240);
/** Labels and Meta's words that try to be markup, or to push the page apart. */
export const hostile = (): Problem[] =>
  [refused(), blocked()].map((problem) => ({
    ...problem,
    name: `${markup}${long}`,
    words: `\u202E${markup} ${long}`,
  }));
