import { recordKey } from "../../../core/connector.ts";
import type { Kept, Lease, Outcome } from "../../../core/outbox.ts";
import { instantArray, lines, plainArray, textArray, timeArray } from "../array.ts";

/** What a reader keeps at one time. */
export interface Page {
  readonly lease: Lease;
  readonly kept: Kept;
  readonly now: Date;
}

/** The values of `keep-page`: what is one for each page, then their entries and counts, column by column. */
export function valuesOf(pages: readonly Page[], lingerMs: number): readonly unknown[] {
  const leases = pages.map(({ lease }) => lease);
  const kept = pages.map((page) => page.kept);
  const numbers = kept.map(({ outcomes }) => numbersOf(outcomes));
  const outcomes = kept.flatMap((page) => page.outcomes);
  const counts = kept.flatMap((page, n) =>
    Object.entries(count(page)).map(([outcome, times]) => [n + 1, outcome, times] as const),
  );
  return [
    textArray(leases.map(({ tenantId }) => tenantId)),
    textArray(leases.map(({ id }) => id)),
    plainArray(leases.map(({ token }) => token)),
    plainArray(kept.map(({ ringsUpTo = 0 }) => ringsUpTo)),
    timeArray(pages.map((page) => (page.kept.outcomes.length > 0 ? page.now : null))),
    timeArray(pages.map(({ now }) => now)),
    plainArray(kept.map(({ mappingVersion }) => mappingVersion)),
    textArray(kept.map(({ datasetId }) => datasetId)),
    plainArray(kept.map(eventsOf)),
    textArray(kept.map(({ checkpoint }) => (checkpoint === undefined ? null : JSON.stringify(checkpoint)))),
    lingerMs,
    plainArray(kept.flatMap((page, n) => Array(page.outcomes.length).fill(n + 1))),
    ...columnsOf(outcomes),
    plainArray(numbers.flat()),
    plainArray(outcomes.map((outcome) => outcome.instead !== undefined)),
    lines(outcomes.map((outcome) => (outcome.outcome === "send" ? outcome.payload : ""))),
    plainArray(counts.map(([n]) => n)),
    textArray(counts.map(([, outcome]) => outcome)),
    plainArray(counts.map(([, , times]) => times)),
  ];
}

const eventsOf = ({ outcomes }: Kept): number => outcomes.filter(({ outcome }) => outcome === "send").length;

/** The ledger's rows column by column, from the record to the outcome. */
export const columnsOf = (outcomes: readonly Outcome[]): readonly string[] => [
  ...placesOf(outcomes),
  textArray(outcomes.map(({ entry }) => entry.pipelineId)),
  textArray(outcomes.map(({ entry }) => entry.stageId)),
  textArray(outcomes.map(({ entry }) => entry.entry)),
  instantArray(outcomes.map(({ entry }) => entry.enteredAt)),
  textArray(outcomes.map(({ entry }) => entry.timeQuality)),
  plainArray(outcomes.map(({ entry }) => entry.filled)),
  textArray(outcomes.map(nameOf)),
];

/** Which of the page's events each outcome is, from 0. */
export function numbersOf(outcomes: readonly Outcome[]): readonly (number | null)[] {
  let next = 0;
  return outcomes.map(({ outcome }) => (outcome === "send" ? next++ : null));
}

export const placesOf = (outcomes: readonly Outcome[]): readonly [records: string, places: string] => [
  textArray(outcomes.map(({ entry }) => recordKey(entry.record))),
  plainArray(outcomes.map(({ place }) => place)),
];
/** What the ledger calls it. */
const nameOf = (outcome: Outcome): string => (outcome.outcome === "send" ? "event" : outcome.reason);

function count({ outcomes, dropped = {} }: Kept): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[nameOf(outcome)] = (counts[nameOf(outcome)] ?? 0) + 1;
  for (const [what, n] of Object.entries(dropped)) counts[`dropped:${what}`] = n;
  return counts;
}
