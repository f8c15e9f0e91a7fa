import { recordKey } from "./connector.ts";
import { anew, decide } from "./decide.ts";
import { isFailure } from "./errors.ts";
import type { Source } from "./ingest.ts";
import { serialise } from "./meta/event.ts";
import type { KnownEntry, Outbox, Outcome } from "./outbox.ts";
import type { Clock } from "./ports.ts";
import { askPerson, personOf, type RuleAnswer, rulesOf, type Setting, translate, worthOf } from "./translate.ts";
import { type Lead, matchKeyNames, type RecordRef, type StageEntry, type StageObservation } from "./types.ts";

export interface ExplainPorts {
  readonly outbox: Pick<Outbox, "known">;
  readonly clock: Clock;
  /** What we hold of a record whose CRM pushes to us and cannot be asked. */
  pushed?(record: RecordRef): Promise<Pushed>;
}
export interface Pushed {
  /** Pushes that are not read yet. */
  readonly observations: readonly StageObservation[];
  /** The person, as far as a push or an event of the record still tells. */
  readonly lead?: Lead;
}

/** What becomes of a record, and why. Nothing is sent or stored to find out. */
export interface Explanation {
  readonly record: RecordRef;
  /** Known to the CRM, known to the ledger only, or to nobody. */
  readonly found: "in_crm" | "in_ledger" | "nowhere";
  /** What the CRM says has happened to the record. */
  readonly gone?: NonNullable<StageObservation["gone"]>;
  /** `not_kept`: the CRM pushed it to us, and contact data is not kept longer than its event. */
  readonly person: "found" | "missing" | "not_kept";
  /** What Meta would recognise the person by: `lead_id`, `fbc`, `em` … */
  readonly keys: readonly string[];
  /** What the CRM holds and Meta would not get, as `key:why`. */
  readonly leftOut: readonly string[];
  /** Oldest first. */
  readonly entries: readonly ExplainedEntry[];
}

export interface ExplainedEntry {
  readonly entry: StageEntry;
  /** What the ledger holds; absent: it has not been read yet. */
  readonly ledger?: Pick<KnownEntry, "place" | "outcome">;
  /** What the next reading of the record would note, where that is news. */
  readonly next?: KnownEntry["outcome"];
  /** What would become of it if it were new now; absent: the person is not kept, so nobody can tell. */
  readonly ifNew?: KnownEntry["outcome"];
  readonly rules: readonly RuleAnswer[];
  /** The event as it would leave, where it would. */
  readonly payload?: string;
}

/** Looks at one record as the reader would if somebody rang for it now, and tells what it would do, rule by rule. */
export async function explain(record: RecordRef, source: Source, ports: ExplainPorts): Promise<Explanation> {
  const [explanation] = await explainAll([record], source, ports);
  if (!explanation) throw new TypeError("a record was forgotten");
  return explanation;
}

/** Several records of one connection, looked at together: one explanation for each, in their order. */
export async function explainAll(
  records: readonly RecordRef[],
  source: Source,
  ports: ExplainPorts,
): Promise<readonly Explanation[]> {
  const { connection, setting } = source;
  const erased = await source.erased?.(records);
  const nameOf = (record: RecordRef): RecordRef => erased?.get(recordKey(record)) ?? record;
  const present = records.filter((record) => nameOf(record) === record);
  const look = await lookAt(present, source, ports);
  const known = await ports.outbox.known(connection.tenantId, connection.id, records.map(nameOf));
  const now = ports.clock.now();
  return records.map((record) => {
    const entries = known.get(recordKey(nameOf(record))) ?? [];
    return nameOf(record) === record
      ? told(record, look(record), entries, setting, now)
      : toldOfErased(record, entries);
  });
}

/** Of somebody who was erased the CRM is not asked. */
function toldOfErased(record: RecordRef, known: readonly KnownEntry[]): Explanation {
  return {
    record,
    found: known.length > 0 ? "in_ledger" : "nowhere",
    person: "missing",
    keys: [],
    leftOut: [],
    entries: known.map(({ place, outcome, ...entry }) => ({
      entry: { ...entry, record },
      ledger: { place, outcome },
      ifNew: "person_erased",
      rules: [{ rule: "person_erased", answer: "fails" }],
    })),
  };
}

function told(
  record: RecordRef,
  { observations, lead, kept }: Look,
  known: readonly KnownEntry[],
  setting: Setting,
  now: Date,
): Explanation {
  const leads = new Map(lead ? [[recordKey(record), lead]] : []);
  const { outcomes } = decide([{ record, observations, known }], leads, setting, now);
  const places = new Set(known.map(({ place }) => place));
  const news = outcomes.filter(({ place }) => !places.has(place)).map(noted);
  const all = [...known, ...news].sort((a, b) => Number(a.enteredAt) - Number(b.enteredAt) || a.place - b.place);
  const gone = observations.find((seen) => seen.gone)?.gone;
  const person = lead && personOf(lead, setting, now);
  const value = lead && worthOf(lead, setting);
  return {
    record,
    found: observations.length > 0 && !gone ? "in_crm" : all.length > 0 ? "in_ledger" : "nowhere",
    ...(gone && { gone }),
    person: lead ? "found" : kept ? "missing" : "not_kept",
    keys: keysOf(person?.data ?? {}),
    leftOut: [
      ...(person?.dropped ?? []),
      ...notAllowed(lead, setting.tenant.allowedKeys),
      ...(value && "dropped" in value ? [value.dropped] : []),
    ],
    entries: all.map((entry): ExplainedEntry => {
      const { place, outcome, ...bare } = entry;
      const next = outcomes.find((one) => one.place === place);
      const change = anew(entry, all);
      const rules = rulesOf(change, lead, setting, now);
      const made = translate(change, lead, setting, now);
      const payload = made.outcome === "send" ? serialise(made.event) : undefined;
      const tellable = kept || made.outcome === "send" || !askPerson.has(made.reason);
      return {
        entry: bare,
        ...(places.has(place) && { ledger: { place, outcome } }),
        ...(next && { next: nameOf(next) }),
        ...(tellable && { ifNew: made.outcome === "send" ? "event" : made.reason }),
        rules: kept ? rules : rules.map(withoutPerson),
        ...(payload !== undefined && { payload }),
      };
    }),
  };
}

interface Look {
  readonly observations: readonly StageObservation[];
  readonly lead?: Lead;
  /** Whether the person would be known if there were one. */
  readonly kept: boolean;
}

/** The records and their people: from the CRM, or from what it pushed where it cannot be asked. */
async function lookAt(
  records: readonly RecordRef[],
  { connector, access }: Source,
  { pushed }: ExplainPorts,
): Promise<(record: RecordRef) => Look> {
  if (records.length === 0) return () => ({ observations: [], kept: false });
  if (access.inbox) {
    const looks = new Map<string, Look>();
    for (const record of records) {
      const { observations, lead } = (await pushed?.(record)) ?? { observations: [] };
      looks.set(recordKey(record), { observations, ...(lead && { lead }), kept: lead !== undefined });
    }
    return (record) => looks.get(recordKey(record)) ?? { observations: [], kept: false };
  }
  const seen = await withFreshToken(() => connector.read(access, records));
  const observations = Map.groupBy(seen, ({ record }) => recordKey(record));
  const there = records.filter((record) => observations.get(recordKey(record))?.some(({ gone }) => !gone));
  const leads = there.length > 0 ? await withFreshToken(() => connector.leads(access, there)) : new Map<string, Lead>();
  return (record) => {
    const lead = leads.get(recordKey(record));
    return { observations: observations.get(recordKey(record)) ?? [], ...(lead && { lead }), kept: true };
  };
}

/** An access token that ran out a moment ago is renewed by asking once more. */
export const withFreshToken = <Answer>(ask: () => Promise<Answer>): Promise<Answer> =>
  ask().catch((error: unknown) => {
    if (!isFailure(error, "crm_token_stale")) throw error;
    return ask();
  });

const nameOf = (outcome: Outcome): KnownEntry["outcome"] => (outcome.outcome === "send" ? "event" : outcome.reason);
const noted = (outcome: Outcome): KnownEntry => ({ ...outcome.entry, place: outcome.place, outcome: nameOf(outcome) });

/** Where the person is not kept, nothing that only the person's data tell can be told. */
const withoutPerson = ({ rule, answer }: RuleAnswer): RuleAnswer => ({
  rule,
  answer: askPerson.has(rule) ? "unreached" : answer,
});

const keysOf = (data: object): readonly string[] =>
  (["lead_id", "fbc", ...matchKeyNames] as const).filter((key) => key in data);

const notAllowed = (lead: Lead | undefined, allowed: readonly string[]): readonly `${string}:not_allowed`[] =>
  matchKeyNames
    .filter((key) => !allowed.includes(key) && lead?.contact[key]?.some((value) => value.trim() !== ""))
    .map((key) => `${key}:not_allowed` as const);
