import { recordKey } from "./connector.ts";
import { advance, inOrder, type Rank } from "./ledger.ts";
import { fillSkipped } from "./mapping.ts";
import { serialise } from "./meta/event.ts";
import type { KnownEntry, Outcome } from "./outbox.ts";
import type { SkipReason } from "./problems.ts";
import { gate, type Setting, type Translation, translate } from "./translate.ts";
import type { Lead, RecordRef, StageChange, StageEntry, StageObservation } from "./types.ts";

/** One record of a page: what was observed of it, and what we knew. */
export interface Sighting {
  readonly record: RecordRef;
  readonly observations: readonly StageObservation[];
  readonly known: readonly KnownEntry[];
  /** Its person was erased: nothing of it is sent any more, and nobody looks them up. */
  readonly erased?: boolean;
}

export interface Decided {
  readonly outcomes: readonly Outcome[];
  /** How many match-key values were left out, by `key:why`. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** What a sighting adds to the ledger, without the stages that are filled in. */
export function news({ observations, known }: Sighting, rank: Rank = noRank): readonly StageChange[] {
  const entries: StageEntry[] = [...known];
  return inOrder(observations, rank).flatMap((seen) => {
    const change = advance(entries, seen);
    if (change) entries.push(change);
    return change ?? [];
  });
}
const noRank: Rank = () => 0;

/** The records whose person is worth looking up: something of them may be sent. */
export function worthLookingUp(sightings: readonly Sighting[], setting: Setting, now: Date): readonly RecordRef[] {
  const rank = rankOf(setting);
  const later = onSecondLook(setting);
  return sightings
    .filter(
      (sighting) =>
        !sighting.erased &&
        (news(sighting, rank).some((change) => gate(change, setting, now) === undefined) ||
          waiting(sighting, setting).some((entry) => gate(anew(entry, sighting.known), later, now) === undefined)),
    )
    .map(({ record }) => record);
}

/** What becomes of everything that is new in these sightings, in the order in which it is to leave. Pure. */
export function decide(
  sightings: readonly Sighting[],
  leads: ReadonlyMap<string, Lead>,
  setting: Setting,
  now: Date,
): Decided {
  const rank = rankOf(setting);
  const later = onSecondLook(setting);
  const dropped: Record<string, number> = {};
  const outcomes: Outcome[] = [];
  for (const sighting of sightings) {
    const { record, observations, known } = sighting;
    const lead = leads.get(recordKey(record));
    const judge = (change: StageChange, by: Setting): Translation =>
      sighting.erased ? erased : translate(change, lead, by, now);
    const entries: StageEntry[] = [...known];
    let place = known.reduce((most, entry) => Math.max(most, entry.place), 0);
    const settle = (change: StageChange, translation: Translation, row: Pick<Outcome, "place" | "instead">): void => {
      for (const what of translation.dropped) dropped[what] = (dropped[what] ?? 0) + 1;
      outcomes.push({ ...row, ...outcomeOf(change, translation) });
    };
    const add = (change: StageChange, translation = judge(change, setting)): void => {
      entries.push(change);
      place += 1;
      settle(change, translation, { place });
    };
    const undecided = waiting(sighting, setting);
    for (const seen of inOrder(undecided.length > 0 ? [...undecided, ...observations] : observations, rank)) {
      const again = "place" in seen ? seen : undefined;
      const change = again ? anew(again, known) : advance(entries, seen);
      if (!change) continue;
      const translation = judge(change, again ? later : setting);
      if (again && !changes(translation, again)) continue;
      if (translation.outcome === "send") {
        const earlier = again ? before(again, known) : entries;
        for (const skipped of fillSkipped(change, entries, setting.mapping, earlier)) add(skipped);
      }
      if (again) settle(change, translation, { place: again.place, instead: again.outcome });
      else add(change, translation);
    }
  }
  // Within the page oldest first; the sort is stable, so entries of one moment keep their funnel order.
  return { outcomes: outcomes.sort((a, b) => a.entry.enteredAt.getTime() - b.entry.enteredAt.getTime()), dropped };
}

const erased: Translation = { outcome: "skip", reason: "person_erased", dropped: [] };

const rankOf =
  ({ mapping }: Setting): Rank =>
  (pipelineId, stageId) =>
    mapping.rule(pipelineId, stageId)?.position ?? 0;

/**
 * Rules that may not hold at the next look: somebody goes live, the time comes, or the person is attached to the record after
 * its stage was set. Entries under them are decided again whenever their record is read.
 */
const passing: ReadonlySet<KnownEntry["outcome"]> = new Set<SkipReason>([
  "not_live",
  "before_live",
  "in_future",
  "lead_not_found",
  "no_match_key",
]);
/** The mapping's own rules. When an account is read from its beginning, as after going live, the mapping of today decides. */
const mapped: ReadonlySet<KnownEntry["outcome"]> = new Set<SkipReason>(["stage_not_mapped", "stage_ignored"]);

/** An entry that was not sent, under a rule that may have passed. */
type Waiting = KnownEntry & { readonly outcome: SkipReason };

const none: readonly Waiting[] = [];

/** What of this record is decided again: nothing once it, or its person, is gone. */
function waiting({ observations, known, erased }: Sighting, setting: Setting): readonly Waiting[] {
  if (erased || known.length === 0 || observations.every(({ gone }) => gone)) return none;
  return undecidedOf(known, setting);
}

const undecidedOf = (known: readonly KnownEntry[], { firstReading }: Setting): readonly Waiting[] =>
  known.filter(
    (entry): entry is Waiting =>
      passing.has(entry.outcome) ||
      (firstReading === true && entry.timeQuality === "exact" && mapped.has(entry.outcome)),
  );

/**
 * How many events the entries of one record would become if its account were read anew under this setting. Nobody looks its
 * person up for it, so it is the most that there can be: whoever has no match key is left out when it comes to it.
 */
export function mostEvents(known: readonly KnownEntry[], setting: Setting, now: Date): number {
  const anewSetting: Setting = { ...setting, firstReading: true };
  const later = onSecondLook(setting);
  const entries: StageEntry[] = [...known];
  let events = 0;
  for (const entry of inOrder(undecidedOf(known, anewSetting), rankOf(setting))) {
    const change = anew(entry, known);
    if (gate(change, later, now) !== undefined) continue;
    events += 1;
    for (const skipped of fillSkipped(change, entries, setting.mapping, before(entry, known))) {
      entries.push(skipped);
      if (gate(skipped, anewSetting, now) === undefined) events += 1;
    }
  }
  return events;
}

/** The ledger knows when it met an entry: it is not one that only the first reading shows. */
const onSecondLook = (setting: Setting): Setting => ({ ...setting, firstReading: false });

/** Whether a second look makes a difference. What has become too old keeps its first reason: that is why it was not sent in time. */
const changes = (translation: Translation, { outcome }: Waiting): boolean =>
  translation.outcome === "send" || (translation.reason !== outcome && translation.reason !== "too_old");

/** What was known when an entry was new. */
const before = ({ place }: KnownEntry, known: readonly KnownEntry[]): readonly KnownEntry[] =>
  known.filter((other) => other.place < place);

/** The change that an entry of the ledger was when it was new. */
export function anew(entry: KnownEntry, known: readonly KnownEntry[]): StageChange {
  const { place: _, outcome: __, ...bare } = entry;
  const inStage = before(entry, known).filter(
    ({ pipelineId, stageId }) => pipelineId === entry.pipelineId && stageId === entry.stageId,
  );
  return {
    ...bare,
    before: inStage.length === 0 ? "never" : inStage.every(({ filled }) => filled) ? "filled" : "entered",
  };
}

/** An event that breaks the specification all the same is one record's trouble, never its whole page's. */
function outcomeOf(
  entry: StageChange,
  translation: Translation,
): { entry: StageChange } & ({ outcome: "send"; payload: string } | { outcome: "skip"; reason: SkipReason }) {
  if (translation.outcome === "skip") return { entry, outcome: "skip", reason: translation.reason };
  const payload = serialise(translation.event);
  return payload === undefined
    ? { entry, outcome: "skip", reason: "event_invalid" }
    : { entry, outcome: "send", payload };
}
