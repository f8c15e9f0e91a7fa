import fc from "fast-check";
import { expect, test } from "vitest";
import { decide, mostEvents, type Sighting, worthLookingUp } from "../../core/decide.ts";
import { indexMapping, suggest } from "../../core/mapping.ts";
import type { KnownEntry, Outcome } from "../../core/outbox.ts";
import type { SkipReason } from "../../core/problems.ts";
import type { Setting } from "../../core/translate.ts";
import type { ConnectionId, Lead, StageObservation, StageRule } from "../../core/types.ts";
import { day, later, minute, pipeline, start } from "./ingest-world.ts";

const record = { object: "deal", id: "1" };
const lead: Lead = { leadId: "1000000000000001", contact: {} };
const found = new Map([["deal:1", lead]]);
const nobody = new Map<string, Lead>();

const mapping = suggest([pipeline]);
const setting = (more: Partial<Setting> = {}): Setting => ({
  tenant: { eventKey: "k", allowedKeys: [] },
  connection: { id: "con_1" as ConnectionId, sendFrom: later(-day) },
  leadEventSource: "Script",
  mapping: indexMapping(mapping),
  ...more,
});
const notLive = setting({ connection: { id: "con_1" as ConnectionId } });
const mapped = (change: (rule: StageRule) => Partial<StageRule>) =>
  indexMapping({ ...mapping, rules: mapping.rules.map((rule) => ({ ...rule, ...change(rule) })) });

const seen = (stageId: string, at: number, more: Partial<StageObservation> = {}): StageObservation => ({
  record,
  pipelineId: "p",
  stageId,
  enteredAt: later(at * minute),
  timeQuality: "exact",
  ...more,
});

const noted = (outcome: Outcome): KnownEntry => ({
  ...outcome.entry,
  place: outcome.place,
  outcome: outcome.outcome === "send" ? "event" : outcome.reason,
});
/** The ledger after these outcomes, as the store gives it back. */
function after(known: readonly KnownEntry[], outcomes: readonly Outcome[]): readonly KnownEntry[] {
  const rows = new Map(known.map((entry) => [entry.place, entry]));
  for (const outcome of outcomes) {
    const row = rows.get(outcome.place);
    expect(row?.outcome, `place ${outcome.place} is taken`).toBe(outcome.instead);
    rows.set(outcome.place, noted(outcome));
  }
  return [...rows.values()].sort((a, b) => Number(a.enteredAt) - Number(b.enteredAt) || a.place - b.place);
}
const sighting = (observations: readonly StageObservation[], known: readonly KnownEntry[] = []): Sighting => ({
  record,
  observations,
  known,
});
const told = (outcomes: readonly Outcome[]) =>
  outcomes.map((one) => {
    const was = one.instead ? `${one.instead} -> ` : "";
    return `${one.place}${one.entry.stageId} ${was}${one.outcome === "send" ? "send" : one.reason}`;
  });
const idOf = (outcome: Outcome | undefined) => outcome?.outcome === "send" && JSON.parse(outcome.payload).event_id;

/** Reads these pieces one after the other; each says whether the person is there, and under which settings. */
function history(...readings: readonly (readonly [readonly StageObservation[], ReadonlyMap<string, Lead>, Setting])[]) {
  let known: readonly KnownEntry[] = [];
  const outcomes = readings.map(([observations, leads, by]) => {
    const decided = decide([sighting(observations, known)], leads, by, start);
    known = after(known, decided.outcomes);
    return decided;
  });
  return { known, last: outcomes.at(-1) ?? { outcomes: [], dropped: {} }, outcomes };
}

test("a deal whose person was found later is sent then, as the event that it would have been", () => {
  const observations = [seen("a", -9)];
  const { last } = history([observations, nobody, setting()], [observations, found, setting()]);
  expect(told(last.outcomes)).toEqual(["1a lead_not_found -> send"]);
  expect(idOf(last.outcomes[0])).toEqual(idOf(decide([sighting(observations)], found, setting(), start).outcomes[0]));
});

test.each<[SkipReason, Setting, ReadonlyMap<string, Lead>, number]>([
  ["not_live", notLive, found, -9],
  ["before_live", setting({ connection: { id: "con_1" as ConnectionId, sendFrom: later(-minute) } }), found, -9],
  ["lead_not_found", setting(), nobody, -9],
  ["no_match_key", setting(), new Map([["deal:1", { contact: {} }]]), -9],
])("what was kept back as %s is decided again at every look", (reason, by, leads, at) => {
  const { known, last } = history([[seen("a", at)], leads, by], [[seen("a", at)], leads, by]);
  expect([known[0]?.outcome, last.outcomes]).toEqual([reason, []]);
  expect(told(history([[seen("a", at)], leads, by], [[seen("a", at)], found, setting()]).last.outcomes)).toEqual([
    `1a ${reason} -> send`,
  ]);
});

test("a stage in the future is sent when its time has come", () => {
  const ahead = [seen("a", 20)];
  const { known } = history([ahead, found, setting()]);
  expect(known[0]?.outcome).toBe("in_future");
  expect(told(decide([sighting(ahead, known)], found, setting(), later(20 * minute)).outcomes)).toEqual([
    "1a in_future -> send",
  ]);
});

test("several stages that are decided again leave in the order in which they were entered", () => {
  const observations = [seen("c", -3), seen("a", -9), seen("b", -6)];
  const { last } = history([observations, nobody, setting()], [observations, found, setting()]);
  expect(last.outcomes.map(({ entry }) => entry.stageId)).toEqual(["a", "b", "c"]);
});

test("at the second look the stages that were jumped over are filled in, before their stage and in places of their own", () => {
  const jump = [seen("a", -9), seen("won", -6)];
  const { last } = history([jump, nobody, setting()], [jump, found, setting()]);
  expect(told(last.outcomes)).toEqual([
    "1a lead_not_found -> send",
    "3b send",
    "4c send",
    "2won lead_not_found -> send",
  ]);
});

test("what the lead did since takes nothing away from the stages it had jumped over before", () => {
  const jump = [seen("a", -9), seen("c", -6)];
  const all = [...jump, seen("won", -3)];
  const { last } = history([jump, nobody, setting()], [all, nobody, setting()], [all, found, setting()]);
  expect(last.outcomes.map(({ entry }) => entry.stageId)).toEqual(["a", "b", "c", "won"]);
});

test("a stage that was skipped then and entered since is not filled in at the second look", () => {
  const jump = [seen("a", -9), seen("c", -6)];
  const all = [...jump, seen("b", -3)];
  const { last, known } = history([jump, nobody, setting()], [all, found, setting()]);
  expect(told(last.outcomes)).toEqual([
    "1a lead_not_found -> send",
    "3b send",
    "2c lead_not_found -> send",
    "4b sent_as_filled",
  ]);
  expect(known.filter(({ stageId, outcome }) => stageId === "b" && outcome === "event")).toHaveLength(1);
});

test("of two entries into one stage the one known first is sent, also where the other turns out to be older", () => {
  const { known } = history(
    [[seen("a", -5)], nobody, setting()],
    [[seen("a", -9), seen("a", -5)], nobody, setting()],
    [[seen("a", -9), seen("a", -5)], found, setting()],
  );
  expect(known.map(({ outcome }) => outcome)).toEqual(["entered_again", "event"]);
});

test("a second look without a difference writes nothing and counts nothing", () => {
  const badKeys = new Map([["deal:1", { leadId: "0", contact: {} }]]);
  const { outcomes } = history([[seen("a", -9)], badKeys, setting()], [[seen("a", -9)], badKeys, setting()]);
  expect(outcomes.map(({ outcomes: made, dropped }) => [told(made), dropped])).toEqual([
    [["1a no_match_key"], { "lead_id:zero": 1 }],
    [[], {}],
  ]);
});

test("what has become too old meanwhile keeps the reason for which it was not sent in time", () => {
  const { known } = history([[seen("a", -9)], nobody, setting()]);
  expect(decide([sighting([seen("a", -9)], known)], found, setting(), later(8 * day)).outcomes).toEqual([]);
});

test("a record that is gone is not decided again", () => {
  const { known } = history([[seen("a", -9)], nobody, setting()]);
  const gone = sighting([seen("", 0, { gone: "deleted" })], known);
  expect(decide([gone], found, setting(), start).outcomes).toEqual([]);
  expect(worthLookingUp([gone], setting(), start)).toEqual([]);
});

test("without history an older stage is made good when its record comes with a newer one", () => {
  const pushed = (stageId: string, at: number) => [seen(stageId, at, { timeQuality: "observed" })];
  const { last } = history([pushed("a", -9), nobody, setting()], [pushed("c", -5), found, setting()]);
  expect(told(last.outcomes)).toEqual(["1a lead_not_found -> send", "2b send", "3c send"]);
});

test("filled stages of an old entry without history get ordinals that no other entry has", () => {
  const look = (stageId: string, at: number) => [seen(stageId, at, { timeQuality: "observed" })];
  const { known } = history(
    [look("c", -9), nobody, setting()],
    [look("won", -7), nobody, setting()],
    [look("won", -7), found, setting()],
  );
  expect(new Set(known.map(({ entry }) => entry)).size).toBe(known.length);
  expect(known.filter(({ outcome }) => outcome === "event")).toHaveLength(4);
});

test("what only the first reading shows stays unsent, what a later poll dated is sent once somebody goes live", () => {
  const anew = setting({ firstReading: true });
  const a = [seen("a", -9, { timeQuality: "modified" })];
  const b = [seen("b", -5, { timeQuality: "modified" })];
  const { known } = history([a, found, { ...notLive, firstReading: true }], [b, found, notLive], [b, found, anew]);
  expect(known.map(({ outcome }) => outcome)).toEqual(["first_reading", "event"]);
});

test("read from its beginning, an account is decided by the mapping of today; in a poll the mapping looks forward only", () => {
  const ignoring = setting({ mapping: mapped(({ stageId }) => ({ send: stageId !== "a" })) });
  const observations = [seen("a", -9)];
  expect(told(history([observations, found, ignoring], [observations, found, setting()]).last.outcomes)).toEqual([]);
  const anew = setting({ firstReading: true });
  expect(told(history([observations, found, ignoring], [observations, found, anew]).last.outcomes)).toEqual([
    "1a stage_ignored -> send",
  ]);
});

test("people are looked up for what may be sent only", () => {
  const look = (known: readonly KnownEntry[], by: Setting, now = start) =>
    worthLookingUp([sighting([seen("a", -9)], known)], by, now).length;
  const { known: unknownPerson } = history([[seen("a", -9)], nobody, setting()]);
  const { known: unlived } = history([[seen("a", -9)], nobody, notLive]);
  const { known: sent } = history([[seen("a", -9)], found, setting()]);
  expect(look([], setting())).toBe(1);
  expect(look(unknownPerson, setting())).toBe(1);
  expect(look(unlived, setting())).toBe(1);
  expect(look(unlived, notLive)).toBe(0);
  expect(look(unknownPerson, setting({ mapping: mapped(() => ({ send: false })) }))).toBe(0);
  expect(look(unknownPerson, setting(), later(8 * day))).toBe(0);
  expect(look(sent, setting())).toBe(0);
});

test("however a history is read, with the person and the start coming late, each stage is sent once and every place is used once", () => {
  const entry = fc.record({ stage: fc.constantFrom("a", "b", "c", "won"), at: fc.integer({ min: -60, max: -1 }) });
  const reading = fc.record({
    picks: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
    person: fc.boolean(),
    live: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(entry, { minLength: 1, maxLength: 6 }),
      fc.array(reading, { maxLength: 6 }),
      (entries, readings) => {
        const all = [...new Map(entries.map((one) => [`${one.stage}${one.at}`, seen(one.stage, one.at)])).values()];
        const pick = (n: number) => all[n % all.length] as StageObservation;
        const pieces = readings.map(
          ({ picks, person, live }) => [picks.map(pick), person ? found : nobody, live ? setting() : notLive] as const,
        );
        const { known, outcomes } = history(...pieces, [all, found, setting()], [all, found, setting()]);
        expect(outcomes.at(-1)?.outcomes).toEqual([]);
        const sent = known.filter(({ outcome }) => outcome === "event").map(({ stageId }) => stageId);
        expect(new Set(sent).size).toBe(sent.length);
        const stages = new Set(all.map(({ stageId }) => stageId));
        expect([...stages].filter((stage) => !sent.includes(stage))).toEqual([]);
        const ids = outcomes.flatMap((one) => one.outcomes.map(idOf)).filter(Boolean);
        expect(new Set(ids).size).toBe(ids.length);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("the count before going live is what going live then sends, if everybody can be recognised", () => {
  const stages = mapping.rules.map(({ stageId }) => stageId);
  const history = fc.array(
    fc.record({ stage: fc.constantFrom(...stages, "unmapped"), at: fc.integer({ min: -8 * 24 * 60, max: 30 }) }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(history, fc.integer({ min: 0, max: stages.length }), fc.boolean(), (steps, off, fillSkipped) => {
      const chosen = indexMapping({
        ...mapping,
        fillSkipped,
        rules: mapping.rules.map((rule, n) => (n === off ? { ...rule, send: false } : rule)),
      });
      const observations = steps.map(({ stage, at }) => seen(stage, at));
      const before = decide([sighting(observations)], found, { ...notLive, firstReading: true }, start);
      const known = after([], before.outcomes);
      const live = setting({ mapping: chosen, connection: { id: "con_1" as ConnectionId, sendFrom: later(-7 * day) } });
      const counted = mostEvents(known, live, start);
      const anew = decide([sighting(observations, known)], found, { ...live, firstReading: true }, start);
      expect(counted).toBe(anew.outcomes.filter(({ outcome }) => outcome === "send").length);
    }),
  );
});
