import type { StageChange, StageEntry, StageObservation } from "./types.ts";

/** A stage's place in the funnel; orders entries of the same instant. */
export type Rank = (pipelineId: string, stageId: string) => number;

/** Observations of one record in the order in which they happened; of a record that is gone there are none. */
export function inOrder<Seen extends StageObservation>(observations: readonly Seen[], rank: Rank): readonly Seen[] {
  return observations
    .filter((seen) => seen.gone === undefined)
    .sort(
      (a, b) =>
        a.enteredAt.getTime() - b.enteredAt.getTime() ||
        versions.compare(a.version ?? "", b.version ?? "") ||
        rank(a.pipelineId, a.stageId) - rank(b.pipelineId, b.stageId),
    );
}
const versions = new Intl.Collator("en", { numeric: true });

/**
 * What one observation adds to the entries known of its record: a change, or nothing. Seeing the same thing twice, late, or
 * in any order gives nothing twice.
 *
 * Where the CRM keeps history (`exact`), the moment is the identity of an entry. Elsewhere only a stage that differs from
 * the current one is an entry, and its ordinal is the identity.
 */
export function advance(known: readonly StageEntry[], seen: StageObservation): StageChange | undefined {
  const inPipeline = known.filter((entry) => entry.pipelineId === seen.pipelineId);
  const inStage = inPipeline.filter((entry) => entry.stageId === seen.stageId);
  if (seen.timeQuality === "exact" ? isKnown(inStage, seen) : isStale(inPipeline, inStage, seen)) return undefined;
  return {
    record: seen.record,
    pipelineId: seen.pipelineId,
    stageId: seen.stageId,
    enteredAt: seen.enteredAt,
    timeQuality: seen.timeQuality,
    entry: entryId(seen, highestOrdinal(inPipeline)),
    filled: false,
    before: inStage.length === 0 ? "never" : inStage.every((entry) => entry.filled) ? "filled" : "entered",
    ...(seen.parent && { parent: seen.parent }),
  };
}

/** Names an entry; `highest` is the highest ordinal that the record has in this pipeline already. */
export const entryId = (seen: Pick<StageObservation, "timeQuality" | "enteredAt">, highest: number): string =>
  seen.timeQuality === "exact" ? `t${seen.enteredAt.getTime()}` : `n${highest + 1}`;

/** The highest ordinal among entries of one pipeline. Not their count: old ones are dropped some day, and no ordinal is given twice. */
export const highestOrdinal = (inPipeline: readonly StageEntry[]): number =>
  inPipeline.reduce((most, { entry }) => (entry.startsWith("n") ? Math.max(most, Number(entry.slice(1))) : most), 0);

/**
 * The entry of the ledger that an observation is about: of its moment where the CRM keeps history, else the record's current
 * one. None where it tells of something past, or of a stage that was filled in.
 */
export function sameEntry<Entry extends StageEntry>(
  known: readonly Entry[],
  seen: StageObservation,
): Entry | undefined {
  const inPipeline = known.filter((entry) => entry.pipelineId === seen.pipelineId && !entry.filled);
  if (seen.timeQuality === "exact")
    return inPipeline.find((entry) => entry.stageId === seen.stageId && isKnown([entry], seen));
  const current = inPipeline.reduce<Entry | undefined>(
    (latest, entry) => (latest && latest.enteredAt > entry.enteredAt ? latest : entry),
    undefined,
  );
  return current?.stageId === seen.stageId ? current : undefined;
}

const isKnown = (inStage: readonly StageEntry[], seen: StageObservation): boolean =>
  inStage.some((entry) => entry.enteredAt.getTime() === seen.enteredAt.getTime());

/** Without history: no news when it is the current stage still, or an old stage reported late. */
function isStale(inPipeline: readonly StageEntry[], inStage: readonly StageEntry[], seen: StageObservation): boolean {
  if (inStage.length === 0) return false;
  const current = inPipeline.reduce((latest, entry) => (entry.enteredAt >= latest.enteredAt ? entry : latest));
  return current.stageId === seen.stageId || seen.enteredAt <= current.enteredAt;
}
