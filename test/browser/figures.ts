import { type Figures, figuresView, type Range, type StepView } from "../../server/api/figures.ts";
import { windowOf } from "../../server/figures/window.ts";
import { ago, day, minute } from "./ago.ts";

/** Figures in each state that the overview must show, every one checked against the schema. */

const loss = (
  reason: string,
  title: string,
  count: number,
  before: number,
  state: "not_sent" | "refused" = "not_sent",
) => ({
  reason,
  title,
  count,
  before,
  filter: { state, reason },
});
const step = (name: StepView["step"], count: number, before: number, losses: StepView["losses"] = []) => ({
  step: name,
  count,
  before,
  filter: name === "accepted" ? { state: name } : { step: name },
  losses,
});

function times(range: Range) {
  const now = new Date();
  const { from, to, before, buckets } = windowOf(range, now);
  return {
    asOf: now.toISOString(),
    range,
    from: from.toISOString(),
    to: to.toISOString(),
    before: { from: before.from.toISOString(), to: before.to.toISOString() },
    bucket: range === "24h" ? ("hour" as const) : ("day" as const),
    buckets,
  };
}

/** A workspace at work, with two CRM accounts. */
export function busy(range: Range = "7d"): Figures {
  const { buckets, ...time } = times(range);
  const stage = (
    stageId: string,
    accepted: number,
    before: number,
    next: [number, number] | undefined,
    ids: [number, number],
  ) => ({
    stageId,
    eventName: stageId,
    accepted,
    before,
    ...(next && { next: { count: next[0], of: next[1] } }),
    leadIds: { count: ids[0], of: ids[1] },
  });
  return figuresView.parse({
    ...time,
    liveSince: ago(90 * day),
    connections: [
      {
        id: "con_hub",
        name: "Northwind Homes EU",
        crmName: "HubSpot",
        pipelines: [
          { id: "default", label: "New business" },
          { id: "renewals", label: "Renewals" },
        ],
      },
      {
        id: "con_sf",
        name: "Northwind Homes Sales",
        crmName: "Salesforce",
        pipelines: [{ id: "lead", label: "Lead" }],
      },
    ],
    losses: {
      steps: [
        step("read", 1895, 1702),
        step("mapped", 1652, 1490, [
          loss("stage_not_mapped", "Stage not mapped", 212, 190),
          loss("entered_again", "Entered again", 31, 22),
        ]),
        step("in_time", 1643, 1484, [loss("too_old", "Too old", 9, 6)]),
        step("identified", 1579, 1420, [loss("no_match_key", "Nobody to match", 64, 64)]),
        step("sent", 1576, 1420),
        step("accepted", 1570, 1419, [loss("refused_lead_id", "Lead id refused", 6, 1, "refused")]),
      ],
      waiting: { count: 3, before: 0, filter: { state: "waiting" } },
      earlier: {
        count: 9980,
        before: 0,
        filter: { state: "not_sent", reason: "not_live,first_reading,before_live" },
        losses: [],
      },
    },
    series: buckets.map(({ from }, n) => ({
      at: from.toISOString(),
      accepted: 180 + ((n * 37) % 90),
      waiting: n === buckets.length - 1 ? 3 : 0,
      refused: n % 3,
      notSent: 30 + ((n * 13) % 25),
    })),
    funnels: [
      {
        connectionId: "con_hub",
        pipelineId: "default",
        stages: [
          stage("Lead", 611, 540, [304, 611], [560, 611]),
          stage("Marketing qualified", 304, 310, [131, 304], [240, 304]),
          stage("Opportunity", 131, 98, [38, 131], [60, 131]),
          stage("Customer", 38, 38, undefined, [12, 38]),
        ],
      },
      {
        connectionId: "con_sf",
        pipelineId: "lead",
        stages: [
          stage("Open - Not Contacted", 322, 300, [120, 322], [300, 322]),
          stage("Working - Contacted", 120, 0, [4, 15], [100, 120]),
          stage("Closed - Converted", 44, 133, undefined, [40, 44]),
        ],
      },
    ],
    sample: { count: 1579, of: 1579 },
    coverage: [
      { eventName: "Lead", of: 611, keys: { lead_id: 560, em: 590, ph: 402, fn: 300, ln: 310 } },
      { eventName: "Opportunity", of: 131, keys: { lead_id: 60, em: 131, ph: 120, fn: 100 } },
      { eventName: "Customer", of: 38, keys: { lead_id: 12, fbc: 3, em: 38, ph: 38, fn: 38, country: 5 } },
    ],
    sources: [
      { connectionId: "con_hub", lastReadAt: ago(3), stale: false, of: 1000, medianMs: 8_200, p95Ms: 41_000 },
      { connectionId: "con_sf", lastReadAt: ago(42 * minute), stale: true, of: 486, medianMs: 62_000, p95Ms: 312_000 },
    ],
    readiness: {
      days: 28,
      requirements: [
        { code: "leads", state: "met", seen: 933 },
        { code: "days", state: "met", seen: 28 },
        { code: "stages", state: "met", seen: 7 },
        { code: "rate", state: "met", seen: 0.214, of: 611, stage: "Opportunity" },
        { code: "window", state: "met", seen: 0.96, of: 131, stage: "Opportunity" },
        { code: "lead_ids", state: "not_yet", seen: 0.52, of: 1579 },
        { code: "daily", state: "met", seen: 0.08, of: 1486 },
      ],
    },
  });
}

/** Before the first change: nothing is counted, and nothing is made up. */
export function first(range: Range = "7d"): Figures {
  const all = busy(range);
  const none = { count: 0, before: 0 };
  return figuresView.parse({
    ...all,
    liveSince: undefined,
    connections: [],
    losses: {
      steps: all.losses.steps.map((one) => ({ ...one, ...none, losses: [] })),
      waiting: { ...all.losses.waiting, ...none },
      earlier: { ...all.losses.earlier, ...none },
    },
    series: all.series.map(({ at }) => ({ at, accepted: 0, waiting: 0, refused: 0, notSent: 0 })),
    funnels: [],
    sample: { count: 0, of: 0 },
    coverage: [],
    sources: [],
    readiness: {
      days: 28,
      requirements: [
        { code: "leads", state: "not_yet", seen: 0 },
        { code: "days", state: "not_yet", seen: 0 },
        { code: "stages", state: "not_yet", seen: 0 },
        { code: "rate", state: "unknown" },
        { code: "window", state: "unknown" },
        { code: "lead_ids", state: "unknown" },
        { code: "daily", state: "unknown" },
      ],
    },
  });
}

/** Live since three days, with few leads. */
export function young(range: Range = "7d"): Figures {
  const all = busy(range);
  return figuresView.parse({
    ...all,
    liveSince: ago(3 * day),
    connections: all.connections.slice(0, 1),
    funnels: all.funnels.slice(0, 1).map((funnel) => ({
      ...funnel,
      stages: funnel.stages.map((stage, n) => ({
        ...stage,
        accepted: 12 - 3 * n,
        before: 0,
        ...(stage.next && { next: { count: 9 - 3 * n, of: 12 - 3 * n } }),
      })),
    })),
    sources: all.sources.slice(0, 1),
    sample: { count: 5000, of: 5400 },
  });
}
