import type { StageChange, StageEntry, StageObservation } from "./types.ts";

/** A stage's place in the funnel; orders entries of the same instant. */
export type Rank = (pipelineId: string, stageId: string) => number;

/** Observations of one record in the order in which they happened; of a record that is gone there are none. */
export function inOrder(observations: readonly StageObservation[], rank: Rank): readonly StageObservation[] {
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
    entry: entryId(seen, inPipeline.length),
    filled: false,
    before: inStage.length === 0 ? "never" : inStage.every((entry) => entry.filled) ? "filled" : "entered",
    ...(seen.parent && { parent: seen.parent }),
  };
}

/** Names an entry; `before` is how many entries the record has in this pipeline already. */
export const entryId = (seen: Pick<StageObservation, "timeQuality" | "enteredAt">, before: number): string =>
  seen.timeQuality === "exact" ? `t${seen.enteredAt.getTime()}` : `n${before + 1}`;

const isKnown = (inStage: readonly StageEntry[], seen: StageObservation): boolean =>
  inStage.some((entry) => entry.enteredAt.getTime() === seen.enteredAt.getTime());

/** Without history: no news when it is the current stage still, or an old stage reported late. */
function isStale(inPipeline: readonly StageEntry[], inStage: readonly StageEntry[], seen: StageObservation): boolean {
  if (inStage.length === 0) return false;
  const current = inPipeline.reduce((latest, entry) => (entry.enteredAt >= latest.enteredAt ? entry : latest));
  return current.stageId === seen.stageId || seen.enteredAt <= current.enteredAt;
}
