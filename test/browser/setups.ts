import type { GoLiveView } from "../../server/api/go-live.ts";
import type { PreviewView } from "../../server/api/preview.ts";
import type { Samples } from "../../server/api/samples.ts";
import type { SetupCheck, SetupStepName, SetupView } from "../../server/api/setup.ts";
import type { TestEventAnswer } from "../../server/api/test-event.ts";
import { ago } from "./ago.ts";

type State = SetupView["steps"][number]["state"];
const order: readonly SetupStepName[] = ["crm", "meta", "mapping", "preview", "live"];
const account = {
  id: "con_1",
  connector: "hubspot",
  crmName: "HubSpot",
  name: "Acme HubSpot",
  live: false,
  sandbox: false,
};
const dataset = { id: "dst_1", name: "Acme leads", metaId: "1234567890123456" };
const now = (): string => new Date().toISOString();

/** The steps in these states; words and fixes as a server would say them. */
export function setup(
  states: Readonly<Partial<Record<SetupStepName, State>>>,
  more: Partial<SetupView> = {},
): SetupView {
  const steps = order.map((step): SetupView["steps"][number] => {
    const state = states[step] ?? "done";
    return {
      step,
      state,
      words: `How ${step} stands.`,
      ...(state === "attention" && { fix: `Mend ${step}.` }),
    };
  });
  const current = steps.find(({ state }) => state !== "done")?.step;
  return {
    asOf: now(),
    connections: [account],
    connection: account.id,
    steps,
    ...(current && { current }),
    dataset,
    reading: { read: 1240, lastReadAt: ago(12), first: false },
    marks: [],
    ...more,
  };
}
export const nothing = (): SetupView => ({
  asOf: now(),
  connections: [],
  steps: setup({ crm: "todo", meta: "todo", mapping: "blocked", preview: "blocked", live: "blocked" }).steps,
  current: "crm",
  marks: [],
});
export const ready = (): SetupView => setup({ live: "todo" });
export const toPreview = (): SetupView => setup({ preview: "todo", live: "todo" });
export const live = (firstAcceptedAt?: string): SetupView =>
  setup(
    {},
    {
      connections: [{ ...account, live: true }],
      live: { sendFrom: ago(60), since: ago(60), ...(firstAcceptedAt && { firstAcceptedAt }) },
    },
  );
export const done = (): SetupView => live(ago(30));

export const check = (state: SetupCheck["checks"][number]["state"]): SetupCheck => ({
  asOf: now(),
  checks: (["crm", "meta", "mapping"] as const).map((step) => ({
    step,
    state,
    words: `The vendor's word on ${step}.`,
    ...(state !== "ok" && { fix: `What to do about ${step}.` }),
  })),
});

export const goLive = (events: Partial<GoLiveView["events"]> = {}, more: Partial<GoLiveView> = {}): GoLiveView => ({
  asOf: now(),
  live: false,
  dataset: dataset.id,
  datasets: [dataset],
  account: { crmName: "HubSpot", name: "Acme HubSpot" },
  stages: { mappingVersion: 2, sent: [{ pipelineId: "sales", eventName: "Qualified" }], ignored: 2 },
  events: { now: 0, lastSevenDays: 128, partial: false, ...events },
  ...more,
});

export const samples = (names: readonly string[] = ["Qualified", "Won"]): Samples => ({
  asOf: now(),
  records: names.map((eventName, n) => ({
    object: "deal",
    record: String(9911 + n),
    pipelineId: "sales",
    stageId: `s${n}`,
    eventName,
    enteredAt: ago(60 * n + 5),
  })),
});

const payload = [
  '{"event_name":"Qualified","event_time":1795447640,"event_id":"fd8386457f04577f526360f09c095b5a"',
  '"action_source":"system_generated","user_data":{"lead_id":51000047038920199',
  `"em":["${"a".repeat(64)}"]}`,
  '"custom_data":{"event_source":"crm","lead_event_source":"HubSpot","value":1250.5,"currency":"EUR"}}',
].join(",");
const rules = ["stage_not_mapped", "stage_ignored", "too_old", "no_match_key"];
const field = (...names: string[]) => ({ from: "field" as const, of: "contact", names, hashed: "here" as const });

const ofDeal = (name: string) => ({ ...field(name), of: "deal", hashed: "no" as const });

/** A deal whose event would leave; `fails`: the rule that holds it back instead. */
export function preview(fails?: string, more: Partial<PreviewView> = {}): PreviewView {
  return {
    asOf: now(),
    record: { object: "deal", id: "9911" },
    found: "in_crm",
    person: "found",
    keys: ["lead_id", "em"],
    leftOut: [],
    mappingVersion: 2,
    asIfLive: true,
    origins: [
      { path: "event_name", origin: { from: "mapping" } },
      { path: "event_time", origin: { from: "stage_time" } },
      { path: "user_data.lead_id", origin: { ...field("meta_lead_id"), hashed: "no" } },
      { path: "user_data.em", origin: field("email", "hs_additional_emails") },
      { path: "custom_data.value", origin: ofDeal("hs_acv") },
      { path: "custom_data.currency", origin: { ...ofDeal("deal_currency_code"), ofAccount: "companyCurrency" } },
    ],
    entries: [
      {
        pipelineId: "sales",
        stageId: "s0",
        eventName: "Qualified",
        enteredAt: ago(60),
        timeQuality: "exact",
        filled: false,
        ifNew: fails ?? "event",
        rules: rules.map((rule) => ({
          rule,
          title: `Why ${rule}`,
          fix: `Mend ${rule}.`,
          answer: rule === fails ? "fails" : "ok",
        })),
        ...(fails === undefined && { payload }),
      },
    ],
    ...more,
  };
}

export function answer(outcome: TestEventAnswer["outcome"], more: Partial<TestEventAnswer> = {}): TestEventAnswer {
  const good = outcome === "accepted";
  return {
    outcome,
    at: now(),
    tookMs: 180,
    eventName: "Qualified",
    eventId: "fd8386457f04577f526360f09c095b5a",
    dataset,
    eventsManager: "/sandbox/",
    traceId: outcome === "no_answer" ? null : "AbCdEf",
    received: good ? 1 : null,
    messages: [],
    words: null,
    status: outcome === "no_answer" ? null : good ? 200 : 400,
    code: null,
    subcode: null,
    field: null,
    reading: good ? null : { code: "x", title: "Our reading", effect: "What it means.", fix: "What to do." },
    ...more,
  };
}
