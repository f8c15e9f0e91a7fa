import type { SampledEvent } from "../store/figures-events.ts";

/** Events of one stage under one name, and how far their leads have come. Counts only: nobody is in it. */
export interface StageSample {
  readonly connectionId: string;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly eventName: string;
  readonly events: number;
  /** How many events carry the field. */
  readonly keys: Readonly<Record<string, number>>;
  readonly leads: number;
  /** How many of the leads entered that stage of the pipeline, then or later. */
  readonly reached: Readonly<Record<string, number>>;
  /** How many entered this stage within 28 days of the first stage that we know them in. */
  readonly inTime: number;
}

/** "Optimised stage reached within 28 days of lead generation" (Meta, Conversion Leads, requirements). */
const reachedWithinMs = 28 * 86_400_000;

export function sampleOf(events: readonly SampledEvent[]): readonly StageSample[] {
  const groups = Map.groupBy(events, (one) =>
    JSON.stringify([one.connectionId, one.pipelineId, one.stageId, one.eventName]),
  );
  return [...groups.values()].flatMap((of) => {
    const [first] = of;
    if (!first) return [];
    const { connectionId, pipelineId, stageId, eventName } = first;
    const leads = [...new Map(of.map((event) => [event.record, event])).values()];
    return {
      connectionId,
      pipelineId,
      stageId,
      eventName,
      events: of.length,
      keys: tally(of.flatMap(({ keys }) => keys)),
      leads: leads.length,
      reached: tally(leads.flatMap(stagesAfter)),
      inTime: leads.filter(
        ({ enteredAt, entered }) => enteredAt.getTime() - Math.min(...Object.values(entered)) <= reachedWithinMs,
      ).length,
    };
  });
}

const stagesAfter = ({ enteredAt, entered }: SampledEvent): string[] =>
  Object.entries(entered).flatMap(([stageId, at]) => (at >= enteredAt.getTime() ? stageId : []));

function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}
