import type { SourceView } from "../api/figures.ts";
import type { Journey } from "../store/figures-events.ts";
import type { ConnectionState } from "../store/overview.ts";

/** After this long without a look at a CRM something is amiss: it is looked at every few minutes. */
const staleMs = 10 * 60_000;

/** How quickly changes come from each CRM to Meta's yes, and when it was looked at last. */
export function sourcesOf(
  connections: readonly ConnectionState[],
  journeys: readonly Journey[],
  now: Date,
): SourceView[] {
  return connections.map(({ id, connector, lastReadAt }) => {
    // A time of which only the day is known tells nothing of minutes.
    const ways = journeys
      .filter(({ connectionId, timeQuality }) => connectionId === id && timeQuality !== "day")
      .map(({ ms }) => ms)
      .sort((a, b) => a - b);
    const [medianMs, p95Ms] = [quantile(ways, 0.5), quantile(ways, 0.95)];
    return {
      connectionId: id,
      ...(lastReadAt && { lastReadAt: lastReadAt.toISOString() }),
      // An in-house CRM comes to us; nobody looks at it.
      stale: connector !== "http" && lastReadAt !== null && now.getTime() - lastReadAt.getTime() > staleMs,
      of: ways.length,
      ...(medianMs !== undefined && { medianMs }),
      ...(p95Ms !== undefined && { p95Ms }),
    };
  });
}

/** The smallest of the sorted values that so large a share of them does not exceed. */
export const quantile = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
