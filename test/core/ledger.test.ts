import fc from "fast-check";
import { expect, test } from "vitest";
import { advance, inOrder } from "../../core/ledger.ts";
import type { StageChange, StageEntry, StageObservation } from "../../core/types.ts";

const record = { object: "deal", id: "1" };
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 20, 9, minute));
const seen = (stageId: string, minute: number, more: Partial<StageObservation> = {}): StageObservation => ({
  record,
  pipelineId: "sales",
  stageId,
  enteredAt: at(minute),
  timeQuality: "exact",
  ...more,
});

/** All that these observations add to what is known, one after the other. */
function all(known: readonly StageEntry[], observations: readonly StageObservation[]): readonly StageChange[] {
  const entries = [...known];
  return inOrder(observations, () => 0).flatMap((observation) => {
    const change = advance(entries, observation);
    if (change) entries.push(change);
    return change ? [change] : [];
  });
}
const stages = (changes: readonly StageChange[]): readonly string[] => changes.map(({ stageId }) => stageId);

test("every entry of a history is a change, oldest first", () => {
  expect(stages(all([], [seen("c", 3), seen("a", 1), seen("b", 2)]))).toEqual(["a", "b", "c"]);
});

test("a history read again adds nothing", () => {
  const history = [seen("a", 1), seen("b", 2)];
  expect(all(all([], history), history)).toEqual([]);
});

test("an entry that was missed before is found later, whatever came after it", () => {
  const known = all([], [seen("a", 1), seen("c", 3)]);
  expect(stages(all(known, [seen("a", 1), seen("b", 2), seen("c", 3)]))).toEqual(["b"]);
});

test("a re-entry is a change of its own that knows the stage was entered before", () => {
  const [, , again] = all([], [seen("a", 1), seen("b", 2), seen("a", 3)]);
  expect(again).toMatchObject({ stageId: "a", before: "entered", entry: `t${at(3).getTime()}` });
});

test("a stage that was only filled in says so", () => {
  const filled: StageEntry = { ...seen("b", 5), entry: "t1", filled: true };
  expect(advance([filled], seen("b", 2))).toMatchObject({ before: "filled" });
});

test("the same stage in another pipeline is another stage", () => {
  const known = all([], [seen("new", 1)]);
  expect(advance(known, seen("new", 1, { pipelineId: "renewals" }))).toMatchObject({ before: "never" });
});

test("without history the same stage seen again is no change, however often it is looked at", () => {
  const known = all([], [seen("a", 1, { timeQuality: "modified" })]);
  expect(advance(known, seen("a", 9, { timeQuality: "modified" }))).toBeUndefined();
});

test("without history leaving and coming back is a new entry with the next ordinal", () => {
  const look = (stage: string, minute: number) => seen(stage, minute, { timeQuality: "observed" });
  const changes = all([], [look("a", 1), look("b", 2), look("a", 3)]);
  expect(changes.map(({ entry }) => entry)).toEqual(["n1", "n2", "n3"]);
});

test("without history an old stage reported late is ignored", () => {
  const look = (stage: string, minute: number) => seen(stage, minute, { timeQuality: "modified" });
  const known = all([], [look("a", 1), look("b", 5)]);
  expect(advance(known, look("a", 3))).toBeUndefined();
});

test("a record that is gone gives no change", () => {
  expect(all([], [seen("a", 1, { gone: "deleted" })])).toEqual([]);
});

test("entries of one instant are ordered by version, numbers as numbers", () => {
  expect(stages(all([], [seen("b", 1, { version: "10" }), seen("a", 1, { version: "9" })]))).toEqual(["a", "b"]);
});

test("reading a history in any pieces and any order, with repeats, finds each entry exactly once", () => {
  const entry = fc.record({ stage: fc.constantFrom("a", "b", "c", "d"), minute: fc.integer({ min: 0, max: 30 }) });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 40 }), (entries, picks) => {
      const history = entries.map(({ stage, minute }) => seen(stage, minute));
      let known: readonly StageEntry[] = [];
      for (const pick of picks)
        if (history.length > 0) known = [...known, ...all(known, [history[pick % history.length] as StageObservation])];
      known = [...known, ...all(known, history)];
      const found = known.map((e) => `${e.stageId}@${e.enteredAt.getTime()}`).sort();
      expect(found).toEqual([...new Set(history.map((o) => `${o.stageId}@${o.enteredAt.getTime()}`))].sort());
    }),
  );
});
