import { describe, expect, test } from "vitest";
import { doubt, suggest } from "../../core/mapping.ts";
import { changesOf } from "../../core/mapping-changes.ts";
import { type Choice, draft, rowsOf } from "../../core/mapping-rows.ts";
import type { Pipeline, Stage, StageMapping } from "../../core/types.ts";

const stage = (id: string, more: Partial<Stage> = {}): Stage => ({
  id,
  label: id[0]?.toUpperCase() + id.slice(1),
  outcome: "open",
  active: true,
  ...more,
});
const pipeline = (id: string, ...stages: readonly Stage[]): Pipeline => ({
  id,
  label: `The ${id}`,
  object: "deal",
  stages,
});
const sales = pipeline("sales", stage("new"), stage("demo"), stage("offer"), stage("won", { outcome: "won" }));
const saved: StageMapping = { ...suggest([sales]), version: 1 };
const keep = { fillSkipped: saved.fillSkipped, sendValue: saved.sendValue };
const choose = (stageId: string, more: Partial<Choice> = {}): Choice => ({
  pipelineId: "sales",
  stageId,
  eventName: "Named",
  send: true,
  entries: "first",
  ...more,
});
/** As it would be saved. */
const saving = (
  pipelines: readonly Pipeline[] | undefined,
  choices: readonly Choice[],
  switches = keep,
): StageMapping => ({
  ...draft(choices, rowsOf(pipelines, saved), switches).mapping,
  version: 2,
});
const order = (pipelines: readonly Pipeline[] | undefined, mapping = saved): readonly string[] =>
  rowsOf(pipelines, mapping).map(({ stageId, state }) => `${stageId} ${state}`);

describe("the rows of a mapping", () => {
  test("come in the CRM's order, what is new and what is gone marked", () => {
    const now = pipeline("sales", stage("won", { outcome: "won" }), stage("new"), stage("trial"), stage("offer"));
    expect(order([now])).toEqual(["won mapped", "new mapped", "demo gone", "trial new", "offer mapped"]);
  });

  test("keep a first stage that is gone first, and a pipeline that is gone last", () => {
    expect(order([pipeline("sales", stage("demo"), stage("offer"), stage("won"))])[0]).toBe("new gone");
    const other = pipeline("other", stage("x"));
    expect(order([other])).toEqual(["x new", "new gone", "demo gone", "offer gone", "won gone"]);
  });

  test("are the saved ones, and none of them gone, while the CRM does not answer", () => {
    expect(order(undefined)).toEqual(["new mapped", "demo mapped", "offer mapped", "won mapped"]);
  });

  test("are called as the CRM calls them now, and as it called them last once they are gone", () => {
    const [renamed, gone] = rowsOf([pipeline("sales", stage("new", { label: "Fresh" }))], saved);
    expect(renamed).toMatchObject({ label: "Fresh", rule: { label: "New" } });
    expect(gone).toMatchObject({ label: "Demo", pipelineLabel: "The sales", state: "gone" });
    const old = { rules: saved.rules.map(({ label: _, pipelineLabel: __, ...rule }) => rule) };
    expect(rowsOf([], old)[0]).toMatchObject({ label: "New", pipelineLabel: "sales" });
  });
});

describe("a draft", () => {
  test("leaves every stage as it is for which nothing is chosen, and new stages out", () => {
    const now = { ...sales, stages: [...sales.stages, stage("trial")] };
    expect(saving([now], []).rules).toEqual(saved.rules);
  });

  test("takes order and outcome from the CRM, whatever was chosen", () => {
    const now = pipeline("sales", stage("offer"), stage("new"), stage("demo", { outcome: "won" }), stage("won"));
    const { rules } = saving([now], [choose("demo")]);
    expect(rules.map(({ stageId, position, outcome }) => [stageId, position, outcome])).toEqual([
      ["offer", 0, "open"],
      ["new", 1, "open"],
      ["demo", 2, "won"],
      ["won", 3, "open"],
    ]);
  });

  test("names every stage with something wrong, at once", () => {
    const rows = rowsOf([pipeline("sales", stage("new"), stage("demo"), stage("offer"))], saved);
    const choices = [
      choose("new", { eventName: " " }),
      choose("demo", { eventName: "x".repeat(101) }),
      choose("demo"),
      choose("nowhere"),
    ];
    expect(draft(choices, rows, keep).issues.map(({ severity, code, stageId }) => [severity, code, stageId])).toEqual([
      ["error", "two_rows", "demo"],
      ["error", "unknown_stage", "nowhere"],
      ["error", "no_name", "new"],
      ["warning", "gone_sent", "won"],
    ]);
  });

  test("may use a name in two pipelines, and asks about it in one, whatever lies between", () => {
    const two = [sales, pipeline("other", stage("x"))];
    const choices = [choose("new"), choose("x", { pipelineId: "other" }), choose("won")];
    const issues = draft(choices, rowsOf(two, saved), keep).issues;
    expect(issues.map(({ code, stageId }) => [code, stageId])).toEqual([["same_name", "won"]]);
  });
});

describe("what a version changes", () => {
  test("is said stage by stage", () => {
    const now = pipeline("sales", stage("new"), stage("trial"), stage("demo"), stage("offer", { outcome: "lost" }));
    const next = saving(
      [now],
      [
        choose("new", { eventName: "Lead", entries: "every" }),
        choose("trial", { eventName: "Trial" }),
        choose("demo", { send: false, eventName: "Demo" }),
        choose("won", { send: false, eventName: "Won" }),
      ],
      { fillSkipped: false, sendValue: true },
    );
    expect(changesOf(saved, next)).toEqual([
      "From now on “New” is sent as “Lead”, no longer as “New”.",
      "Every entry of a lead into “New” is sent, not only the first.",
      "From now on “Trial” is sent as “Trial”.",
      "From now on “Demo” is not sent.",
      "“Offer” counts as lost, as the CRM has it now.",
      "From now on “Won” is not sent.",
      "The stages of “The sales” are in the CRM's order.",
      "Stages that a lead skips are no longer sent.",
      "The record's value and currency are sent with each event.",
    ]);
    expect(changesOf(next, saved).slice(-2)).toEqual([
      "Stages that a lead skips are sent too.",
      "The record's value and currency are no longer sent.",
    ]);
    expect(changesOf(next, saved)).toContain("“Trial” is no longer in the mapping: from now on it is not sent.");
  });

  test("is nothing where only a label changed, and a count where there was no version before", () => {
    const now = { ...sales, label: "Selling", stages: sales.stages.map((one) => ({ ...one, label: `${one.label}!` })) };
    expect(changesOf(saved, saving([now], []))).toEqual([]);
    expect(changesOf(undefined, saved)).toEqual(["4 of 4 stages are sent."]);
  });

  test("names the pipeline where there are several, and lets no label turn the text around it", () => {
    const hostile = stage("evil", { label: "\u202eevil\u0000<b>\u2028" });
    const next = saving([sales, pipeline("other", hostile)], [choose("evil", { pipelineId: "other" })]);
    expect(changesOf(saved, next)).toEqual(["From now on “evil <b>” (“The other”) is sent as “Named”."]);
  });
});

test("a suggestion is a guess where the name says another thing than the CRM, says nothing, says too much, or is there twice", () => {
  const doubted = (label: string, more: Partial<Stage> = {}, ...others: readonly Stage[]) => {
    const one = stage("x", { label, ...more });
    return doubt(one, pipeline("p", one, ...others));
  };
  expect(doubted("Qualified")).toBeUndefined();
  expect(doubted("Unqualified")).toBe("sounds_lost");
  expect(doubted("Unqualified", { outcome: "lost" })).toBeUndefined();
  expect(doubted(" \u0000 ")).toBe("no_name");
  expect(doubted("x".repeat(101))).toBe("cut");
  expect(doubted("Demo", {}, stage("y", { label: "Demo " }))).toBe("same_name");
  expect(doubted("Demo", {}, stage("y", { label: "Demo", active: false }))).toBeUndefined();
});
