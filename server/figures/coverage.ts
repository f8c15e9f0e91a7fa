import type { CoverageView } from "../api/figures.ts";
import type { StageSample } from "./sample.ts";

/** Which fields that name a person the events carry, by event name; the most frequent name first. */
export function coverageOf(sample: readonly StageSample[]): CoverageView[] {
  return [...Map.groupBy(sample, ({ eventName }) => eventName)]
    .map(([eventName, rows]) => {
      const keys: Record<string, number> = {};
      for (const row of rows) for (const [key, count] of Object.entries(row.keys)) keys[key] = (keys[key] ?? 0) + count;
      return { eventName, of: rows.reduce((all, { events }) => all + events, 0), keys };
    })
    .sort((a, b) => b.of - a.of);
}
