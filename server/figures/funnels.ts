import { indexMapping } from "../../core/mapping.ts";
import type { StageMapping } from "../../core/types.ts";
import type { FunnelFigures, StageFigures } from "../api/figures.ts";
import type { Counted } from "./bundle.ts";
import type { StageSample } from "./sample.ts";

/** What Meta accepted of each stage of a pipeline, in the order of the funnel. */
export function funnelsOf(
  connectionId: string,
  mapping: StageMapping,
  counts: readonly Counted[],
  sample: readonly StageSample[],
): FunnelFigures[] {
  const index = indexMapping(mapping);
  const pipelines = [...new Set(mapping.rules.map(({ pipelineId }) => pipelineId))];
  return pipelines.flatMap((pipelineId) => {
    const here = (row: { connectionId: string; pipelineId: string }) =>
      row.connectionId === connectionId && row.pipelineId === pipelineId;
    const accepted = counts.filter((row) => row.state === "accepted" && here(row));
    const sampled = sample.filter(here);
    const sent = index.funnel(pipelineId).filter(({ send }) => send);
    if (sent.length === 0) return [];
    const stages = sent.map(({ stageId, eventName }, n): StageFigures => {
      const rows = accepted.filter((row) => row.stageId === stageId);
      const seen = sampled.filter((row) => row.stageId === stageId);
      const next = sent[n + 1]?.stageId;
      return {
        stageId,
        eventName,
        accepted: sum(rows.map(({ at, count }) => (at ? count : 0))),
        before: sum(rows.map(({ at, count }) => (at ? 0 : count))),
        ...(next !== undefined && {
          next: { count: sum(seen.map(({ reached }) => reached[next] ?? 0)), of: sum(seen.map(({ leads }) => leads)) },
        }),
        leadIds: { count: sum(seen.map(({ keys }) => keys.lead_id ?? 0)), of: sum(seen.map(({ events }) => events)) },
      };
    });
    return { connectionId, pipelineId, stages };
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);
