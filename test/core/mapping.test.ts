import { expect, test } from "vitest";
import { check, compare, fillSkipped, indexMapping, suggest } from "../../core/mapping.ts";
import type { Pipeline, StageChange, StageEntry, StageMapping, StageRule } from "../../core/types.ts";

const sales: Pipeline = {
  id: "sales",
  label: "Sales",
  object: "deal",
  stages: [
    { id: "new", label: " New ", outcome: "open", active: true },
    { id: "demo", label: "Demo\nbooked", outcome: "open", active: true },
    { id: "offer", label: "Offer", outcome: "open", active: true },
    { id: "won", label: "Won", outcome: "won", active: true },
    { id: "lost", label: "Lost", outcome: "lost", active: true },
    { id: "old", label: "Old", outcome: "open", active: false },
  ],
};
const mapping = suggest([sales]);
const entry = (stageId: string, more: Partial<StageEntry> = {}): StageEntry => ({
  record: { object: "deal", id: "1" },
  pipelineId: "sales",
  stageId,
  enteredAt: new Date("2026-11-20T09:00:00Z"),
  timeQuality: "exact",
  entry: "t1",
  filled: false,
  ...more,
});
const change = (stageId: string, more: Partial<StageChange> = {}): StageChange => ({
  ...entry(stageId),
  before: "never",
  ...more,
});
const withRule = (stageId: string, more: Partial<StageRule>): StageMapping => ({
  ...mapping,
  rules: mapping.rules.map((rule) => (rule.stageId === stageId ? { ...rule, ...more } : rule)),
});
const filled = (to: string, known: readonly StageEntry[], by: StageMapping = mapping): readonly string[] =>
  fillSkipped(change(to), known, indexMapping(by)).map(({ stageId }) => stageId);

test("the suggestion sends every active stage under its clean label, lost stages excepted", () => {
  expect(mapping.rules.filter(({ send }) => send).map(({ eventName }) => eventName)).toEqual([
    "New",
    "Demo booked",
    "Offer",
    "Won",
  ]);
});

test("a label of nothing but blanks falls back to the stage's id", () => {
  const pipeline = { ...sales, stages: [{ id: "s1", label: " \u0000 ", outcome: "open" as const, active: true }] };
  expect(suggest([pipeline]).rules[0]?.eventName).toBe("s1");
});

test("an open stage that sounds like a dead end is taken for lost", () => {
  const named = (label: string) =>
    suggest([{ ...sales, stages: [{ id: "x", label, outcome: "open", active: true }] }]).rules[0]?.outcome;
  for (const label of ["Unqualified", "Disqualified", "Closed - Not Converted", "Junk lead"])
    expect(named(label)).toBe("lost");
  for (const label of ["Qualified", "Sales Qualified Lead", "Deadline set"]) expect(named(label)).toBe("open");
});

test("the suggestion has nothing against itself", () => {
  expect(check(mapping)).toEqual([]);
});

test("an empty, too long or unclean event name is an error that names the stage", () => {
  for (const eventName of ["", "  ", "x".repeat(101), "a\u0007b", " padded"])
    expect(check(withRule("demo", { eventName }))).toContainEqual(
      expect.objectContaining({ severity: "error", stageId: "demo" }),
    );
});

test("two rows for one stage are an error, two stages of one name a warning, and so is a single stage", () => {
  expect(check({ ...mapping, rules: [...mapping.rules, mapping.rules[0] as StageRule] })[0]?.severity).toBe("error");
  expect(check(withRule("demo", { eventName: "New" }))).toMatchObject([{ severity: "warning", stageId: "demo" }]);
  expect(check({ ...mapping, rules: mapping.rules.slice(0, 1) })).toMatchObject([{ severity: "warning" }]);
});

test("comparing shows added, removed and changed rows only", () => {
  const after = {
    ...withRule("demo", { eventName: "Demo" }),
    rules: withRule("demo", { eventName: "Demo" }).rules.slice(1),
  };
  expect(
    compare(mapping, after).map(({ stageId, before, after: now }) => [stageId, before?.eventName, now?.eventName]),
  ).toEqual([
    ["new", "New", undefined],
    ["demo", "Demo booked", "Demo"],
  ]);
});

test("a jump forward fills the open stages in between, in funnel order", () => {
  expect(filled("won", [entry("new")])).toEqual(["demo", "offer"]);
});

test("a record that appears in a later stage fills all stages before it", () => {
  expect(filled("offer", [])).toEqual(["new", "demo"]);
});

test("a step to the next stage, a step back and a loss fill nothing", () => {
  expect(filled("demo", [entry("new")])).toEqual([]);
  expect(filled("demo", [entry("new"), entry("offer")])).toEqual([]);
  expect(filled("lost", [entry("new")])).toEqual([]);
});

test("stages that are switched off, lost or entered before are not filled", () => {
  expect(filled("won", [entry("new")], withRule("demo", { send: false }))).toEqual(["offer"]);
  expect(filled("won", [entry("demo")])).toEqual(["offer"]);
});

test("filling can be switched off", () => {
  expect(filled("won", [entry("new")], { ...mapping, fillSkipped: false })).toEqual([]);
});

test("filled entries have the moment of the jump and ids of their own", () => {
  const fills = fillSkipped(
    change("won", { timeQuality: "modified", entry: "n2" }),
    [entry("new")],
    indexMapping(mapping),
  );
  expect(fills.map(({ entry: id, filled: mark }) => [id, mark])).toEqual([
    ["n3", true],
    ["n4", true],
  ]);
  expect(new Set(fills.map(({ enteredAt }) => enteredAt.getTime())).size).toBe(1);
});
