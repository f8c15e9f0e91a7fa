import { recordKey } from "../../../core/connector.ts";
import type { Kept, Lease, Outcome } from "../../../core/outbox.ts";
import { instantArray, lines, plainArray, textArray } from "../array.ts";

/** The values of `keep-page`: the fence, then the page column by column. */
export function pageOf({ tenantId, id, token }: Lease, kept: Kept, now: Date, dueAt: Date): readonly unknown[] {
  const { outcomes, datasetId, mappingVersion, checkpoint, ringsUpTo = 0 } = kept;
  const numbers = numbersOf(outcomes);
  const sent = numbers.reduce<number>((most, number) => (number === null ? most : number + 1), 0);
  if (sent > 0 && !datasetId) throw new TypeError("events need a dataset");
  const counts = Object.entries(count(kept));
  return [
    tenantId,
    id,
    token,
    ringsUpTo,
    outcomes.length > 0 ? now : null,
    now,
    mappingVersion,
    datasetId,
    sent,
    dueAt,
    ...columnsOf(outcomes),
    plainArray(numbers),
    plainArray(outcomes.map((outcome) => outcome.instead !== undefined)),
    lines(outcomes.map((outcome) => (outcome.outcome === "send" ? outcome.payload : ""))),
    counts.map(([outcome]) => outcome),
    counts.map(([, n]) => n),
    textOf(checkpoint),
  ];
}

/** The values of `keep-progress`, for a page that brings nothing. */
export function progressOf({ tenantId, id, token }: Lease, kept: Kept, now: Date): readonly unknown[] | undefined {
  const { outcomes, dropped = {}, checkpoint, ringsUpTo = 0 } = kept;
  const brings = outcomes.length > 0 || Object.keys(dropped).length > 0;
  return brings ? undefined : [tenantId, id, token, ringsUpTo, now, textOf(checkpoint)];
}

const textOf = (checkpoint: unknown): string | null => (checkpoint === undefined ? null : JSON.stringify(checkpoint));

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
