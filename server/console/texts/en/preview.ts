import type { Origin } from "../../../api/preview.ts";
import type { TestEventAnswer } from "../../../api/test-event.ts";
import { counted } from "./formats.ts";

type Field = Extract<Origin, { from: "field" }>;

const list = new Intl.ListFormat("en-GB", { type: "disjunction" });
const hashed: Record<Field["hashed"], string> = {
  here: "; what leaves is its SHA-256",
  before: ", which holds a SHA-256 already",
  no: "; as it is",
};

/** `deal field amount`; where the record's fields may be empty, the account's that serves then. */
const fieldsOf = ({ of, names, ofAccount }: Field): string => {
  if (ofAccount === undefined) return `${of} field ${list.format(names)}`;
  const account = `account field ${ofAccount}`;
  return names.length === 0 ? account : `${of} field ${list.format(names)}, else its ${account}`;
};

/** What would be sent for a record, and sending it as a test. */
export const preview = {
  title: "Preview",
  lead: "The event of any lead, exactly as Meta would receive it, and why. Looking sends nothing and stores nothing.",
  connection: "Account",
  none: "Connect a CRM first. Then every lead's event can be looked at here.",
  setUp: "Open the set-up",
  records: {
    title: "Leads",
    search: "Record id",
    searchHint: "The number in the CRM's address of the record",
    find: "Find",
    loading: "Loading the records",
    failed: "We could not load the records",
    empty: "No lead has entered a stage yet. The first ones appear here as soon as the account is read.",
    nothing: (id: string) => `No record ${id} is known here. If it is new, it may not have been read yet.`,
    anyway: "Ask the CRM for it as",
    clear: "Show the latest again",
    record: (object: string, id: string) => `${object} ${id}`,
    stage: (name: string) => `now in ${name}`,
    unmapped: (id: string) => `now in ${id}, which is not mapped`,
  },
  choose: "Choose a lead to see its event.",
  event: {
    title: (record: string) => `Event of ${record}`,
    loading: "Asking the CRM",
    failed: "The event could not be made",
    asOf: (at: string) => `As the CRM told it at ${at}.`,
    again: "Look again",
    stage: "Stage",
    entered: (name: string, at: string, more: string | undefined) => [name, at, more].filter(Boolean).join(", "),
    filled: "jumped over, sent with the next",
    asIfLive: "This account is not live. Shown is what would leave if it were.",
    nowhere: "Neither the CRM nor we know this record.",
    noEntries: "This record has entered no stage that we read.",
    notKept:
      "It was pushed to us, and contact data is not kept longer than its event. Push the change again to see it.",
    payload: "The event as it leaves",
    none: (why: string) => `Nothing leaves for this entry: ${why}.`,
    origins: "Where each line comes from",
    origin: "comes from",
    blamed: "Meta refused it because of this line",
  },
  checks: {
    title: "Checks",
    ok: "Holds:",
    fails: "Does not hold:",
    unknown: "Cannot be told:",
    leadId: { ok: "Meta lead id found", fails: "No Meta lead id; other keys may still serve" },
    keys: (keys: string) => `Other match keys: ${keys}`,
    noKeys: "No other match key",
    noKeyAtAll: "Nothing by which Meta could recognise the person",
    mapped: { ok: (name: string) => `The stage is sent as ${name}`, fails: "The stage is not sent" },
    young: { ok: "Younger than seven days", fails: "Older than seven days, which is too old for Meta" },
    once: {
      ok: "Not sent before",
      fails: "Sent before: the same id again, which Meta counts once",
    },
    rules: (count: number) => `All ${counted(count, "rule", "rules")}, one by one`,
  },
  originOf: (origin: Origin, { crm, version, time }: { crm: string; version: number; time: string }): string => {
    switch (origin.from) {
      case "mapping":
        return `the stage mapping, version ${version}`;
      case "stage_time":
        return `${crm}: ${time}`;
      case "entry":
        return "made of the stage entry: the same entry always has the same id";
      case "fixed":
        return "Meta wants this of every CRM event";
      case "crm":
        return "the CRM's name";
      case "field":
        return `${crm}'s ${fieldsOf(origin)}${hashed[origin.hashed]}`;
      case "choice":
        return "chosen for all records of this account";
      case "pushed":
        return `the change that was pushed to us${hashed[origin.hashed]}`;
    }
  },
  times: {
    exact: "its history of the stage, to the second",
    day: "the day on which the stage was entered",
    modified: "when the record was last changed",
    observed: "when we saw it in this stage",
  },
  test: {
    title: "Send it as a test event",
    honest:
      "Meta shows a test event under Test Events, and does not discard it: it may be used for targeting and measurement. Use a lead that really reached this stage. Should the stage be sent later for real, it has the same id, and Meta counts it once.",
    code: "Test code",
    codeHint: "Events Manager, your dataset, Test events: TEST and digits. It changes from time to time.",
    codeSandbox: "The simulated Meta takes any code of this form.",
    codeWrong: "A test code is TEST and digits, such as TEST12345.",
    codeMissing: "Copy the test code from Events Manager.",
    send: "Send test event",
    sending: "Sending",
    viewer: "An admin can send test events.",
    noDataset: "Connect Meta first; then this event can be sent as a test.",
    connectMeta: "Connect Meta",
    nothing: "There is no event to send for this entry.",
    failed: "The test event was not sent",
    again: "Send another",
    outcomes: {
      accepted: { title: "Meta accepted it", lead: "It shows under Test Events within seconds." },
      rejected: { title: "Meta rejected it", lead: "Nothing was counted. It is not sent again by itself." },
      not_taken: {
        title: "Meta did not take it just now",
        lead: "Nothing is wrong with the event. It is not sent again by itself; send it again in a few minutes.",
      },
      no_answer: {
        title: "Meta did not answer within 10 s",
        lead: "The event may have arrived: look under Test Events before you send it again. We do not.",
      },
    } satisfies Record<TestEventAnswer["outcome"], { title: string; lead: string }>,
    words: "Meta's words",
    trace: "Trace id",
    at: "Sent",
    took: (span: string) => `answered after ${span}`,
    received: "Events received",
    eventId: "Event id",
    to: "Dataset",
    codes: "Codes",
    coded: (status: number | null, code: number | null, subcode: number | null) =>
      [status, code, subcode].filter((n) => n !== null).join(" / "),
    reading: "What it means",
    field: "Line",
    messages: "Meta also said",
    eventsManager: "Open Test Events in Events Manager",
    simulated: "Open the simulated Meta",
  },
};
