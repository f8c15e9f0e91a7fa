import { recordKey } from "./connector.ts";
import { advance, inOrder, type Rank } from "./ledger.ts";
import { fillSkipped } from "./mapping.ts";
import { serialise } from "./meta/event.ts";
import type { Outcome } from "./outbox.ts";
import { gate, type Setting, type Translation, translate } from "./translate.ts";
import type { Lead, RecordRef, StageChange, StageEntry, StageObservation } from "./types.ts";

/** One record of a page: what was observed of it, and what we knew. */
export interface Sighting {
  readonly record: RecordRef;
  readonly observations: readonly StageObservation[];
  readonly known: readonly StageEntry[];
}

export interface Decided {
  readonly outcomes: readonly Outcome[];
  /** How many match-key values were left out, by `key:why`. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** The records whose person is worth looking up: something of them may be sent. */
export function worthLookingUp(sightings: readonly Sighting[], setting: Setting, now: Date): readonly RecordRef[] {
  return sightings
    .filter(({ observations, known }) => {
      const entries = [...known];
      return inOrder(observations, rankOf(setting)).some((seen) => {
        const change = advance(entries, seen);
        if (change) entries.push(change);
        return change && gate(change, setting, now) === undefined;
      });
    })
    .map(({ record }) => record);
}

const rankOf =
  ({ mapping }: Setting): Rank =>
  (pipelineId, stageId) =>
    mapping.rule(pipelineId, stageId)?.position ?? 0;

/** An event that breaks the specification all the same is one record's trouble, never its whole page's. */
function outcomeOf(entry: StageChange, translation: Translation): Outcome {
  if (translation.outcome === "skip") return { entry, outcome: "skip", reason: translation.reason };
  const payload = serialise(translation.event);
  return payload === undefined
    ? { entry, outcome: "skip", reason: "event_invalid" }
    : { entry, outcome: "send", payload };
}

/** What becomes of everything that is new in these sightings, in the order in which it is to leave. Pure. */
export function decide(
  sightings: readonly Sighting[],
  leads: ReadonlyMap<string, Lead>,
  setting: Setting,
  now: Date,
): Decided {
  const rank = rankOf(setting);
  const dropped: Record<string, number> = {};
  const outcomes: Outcome[] = [];
  for (const { record, observations, known } of sightings) {
    const lead = leads.get(recordKey(record));
    const entries = [...known];
    const settle = (change: StageChange): boolean => {
      const translation = translate(change, lead, setting, now);
      for (const what of translation.dropped) dropped[what] = (dropped[what] ?? 0) + 1;
      entries.push(change);
      const outcome = outcomeOf(change, translation);
      outcomes.push(outcome);
      return outcome.outcome === "send";
    };
    for (const seen of inOrder(observations, rank)) {
      const change = advance(entries, seen);
      if (!change) continue;
      const skipped = fillSkipped(change, entries, setting.mapping);
      if (skipped.length > 0 && translate(change, lead, setting, now).outcome === "send") skipped.forEach(settle);
      settle(change);
    }
  }
  // Within the page oldest first; the sort is stable, so entries of one moment keep their funnel order.
  return { outcomes: outcomes.sort((a, b) => a.entry.enteredAt.getTime() - b.entry.enteredAt.getTime()), dropped };
}
