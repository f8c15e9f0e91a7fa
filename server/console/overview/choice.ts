import type { Figures, Range } from "../../api/figures.ts";
import { changeSearch, type Search, useSearch } from "../route/search.ts";

/** What of the figures is shown, and how: all of it stands in the address. */
export interface Choice {
  readonly range: Range;
  readonly connection?: string;
  readonly pipeline?: string;
  readonly display: "count" | "share";
  /** Whose business funnel is shown: the place of a pipeline among those that have one. */
  readonly funnel?: string;
}

export const ranges = ["24h", "7d", "28d"] as const;
const usual: Range = "7d";

export const useChoice = (): Choice => choiceIn(useSearch());

export function choiceIn({ range, connection, pipeline, as, funnel }: Search): Choice {
  return {
    range: ranges.find((one) => one === range) ?? usual,
    ...(connection !== undefined && { connection }),
    ...(pipeline !== undefined && { pipeline }),
    display: as === "share" ? "share" : "count",
    ...(funnel !== undefined && { funnel }),
  };
}

/** What is usual stands in no address. A pipeline is one of its account's: with another account it is let go. */
export function choose(change: Partial<Record<keyof Choice, string>>): void {
  const { range, display, connection, pipeline, funnel } = change;
  changeSearch({
    ...("range" in change && { range: range === usual ? undefined : range }),
    ...("display" in change && { as: display === "share" ? "share" : undefined }),
    ...("funnel" in change && { funnel }),
    ...("connection" in change && { connection: connection || undefined, pipeline: undefined }),
    ...("pipeline" in change && { pipeline: pipeline || undefined }),
  });
}

/** Pipelines to choose from: of the chosen account, or of the only one. */
export function pipelinesOf(
  { connections }: Figures,
  { connection }: Choice,
): readonly { id: string; label: string }[] {
  const [only, ...others] = connections;
  const chosen =
    connection === undefined
      ? others.length === 0
        ? only
        : undefined
      : connections.find(({ id }) => id === connection);
  return chosen && chosen.pipelines.length > 1 ? chosen.pipelines : [];
}
