import type { FunnelFigures, PointView, RequirementView } from "../api/figures.ts";
import type { Journey } from "../store/figures-events.ts";
import type { StageSample } from "./sample.ts";
import { quantile } from "./sources.ts";

/** "Requirements" of Meta's guide "Conversion Leads": what a dataset must show before Meta learns from it. */
const needed = {
  leads: 200, // a month
  days: 7,
  stages: 2,
  rate: { from: 0.01, to: 0.4 },
  leadIds: 0.6,
  dailyHours: 24,
};
/** Meta names no share of leads that must be in time; this is ours. */
const inTime = 0.8;
/** Below so many leads a rate says nothing. */
const enough = 20;

type Requirement = Omit<RequirementView, "code">;
interface Seen {
  readonly funnels: readonly FunnelFigures[];
  readonly series: readonly PointView[];
  readonly sample: readonly StageSample[];
  readonly journeys: readonly Journey[];
}

/** How far the last 28 days meet what Meta requires. */
export function readinessOf(seen: Seen): RequirementView[] {
  const stage = optimised(seen.funnels);
  return [
    { code: "leads", ...atLeast(needed.leads, sum(seen.funnels.map(({ stages }) => stages[0]?.accepted ?? 0))) },
    { code: "days", ...atLeast(needed.days, seen.series.filter(({ accepted }) => accepted > 0).length) },
    { code: "stages", ...atLeast(needed.stages, namesOf(seen.funnels).size) },
    { code: "rate", ...rateOf(stage) },
    { code: "window", ...windowOf(stage, seen.sample) },
    { code: "lead_ids", ...leadIdsOf(seen.sample) },
    { code: "daily", ...dailyOf(seen.journeys) },
  ];
}

const atLeast = (least: number, seen: number): Requirement => ({ state: seen >= least ? "met" : "not_yet", seen });

const namesOf = (funnels: readonly FunnelFigures[]): ReadonlySet<string> =>
  new Set(
    funnels.flatMap(({ stages }) => stages.flatMap(({ eventName, accepted }) => (accepted > 0 ? eventName : []))),
  );

/** A stage that Meta could optimise for, against the first of its pipeline. */
interface Candidate {
  readonly funnel: FunnelFigures;
  readonly stageId: string;
  readonly eventName: string;
  readonly rate: number;
  readonly of: number;
}

/** The earliest stage whose rate is within Meta's bounds; where there is none, the last that anybody came to. */
function optimised(funnels: readonly FunnelFigures[]): Candidate | undefined {
  const candidates = funnels.flatMap((funnel): Candidate[] => {
    const [first, ...later] = funnel.stages;
    if (!first || first.accepted < enough) return [];
    return later.map(({ stageId, eventName, accepted }) => ({
      funnel,
      stageId,
      eventName,
      rate: accepted / first.accepted,
      of: first.accepted,
    }));
  });
  return candidates.find(fits) ?? candidates.findLast(({ rate }) => rate > 0) ?? candidates.at(-1);
}

const fits = ({ rate }: Candidate): boolean => rate >= needed.rate.from && rate <= needed.rate.to;

function rateOf(stage: Candidate | undefined): Requirement {
  if (!stage) return { state: "unknown" };
  return { state: fits(stage) ? "met" : "not_yet", seen: stage.rate, of: stage.of, stage: stage.eventName };
}

function windowOf(stage: Candidate | undefined, sample: readonly StageSample[]): Requirement {
  const rows = sample.filter(
    (row) =>
      row.connectionId === stage?.funnel.connectionId &&
      row.pipelineId === stage.funnel.pipelineId &&
      row.stageId === stage.stageId,
  );
  const of = sum(rows.map(({ leads }) => leads));
  if (!stage || of < enough) return { state: "unknown" };
  const seen = sum(rows.map((row) => row.inTime)) / of;
  return { state: seen >= inTime ? "met" : "not_yet", seen, of, stage: stage.eventName };
}

function leadIdsOf(sample: readonly StageSample[]): Requirement {
  const of = sum(sample.map(({ events }) => events));
  if (of < enough) return { state: "unknown" };
  const seen = sum(sample.map(({ keys }) => keys.lead_id ?? 0)) / of;
  return { state: seen >= needed.leadIds ? "met" : "not_yet", seen, of };
}

/** Events come in real time or in batches; Meta wants them once a day at least. */
function dailyOf(journeys: readonly Journey[]): Requirement {
  const hours = journeys.map(({ ms }) => ms / 3_600_000).sort((a, b) => a - b);
  const seen = quantile(hours, 0.95);
  if (seen === undefined) return { state: "unknown" };
  return { state: seen <= needed.dailyHours ? "met" : "not_yet", seen, of: hours.length };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);
