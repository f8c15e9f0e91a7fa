import { check, type Doubt, doubt, type MappingIssue, suggest } from "./mapping.ts";
import type { Pipeline, StageMapping, StageRule } from "./types.ts";

/** One stage, as the CRM has it and as the mapping has it. */
export interface MappingRow {
  readonly pipelineId: string;
  readonly stageId: string;
  readonly pipelineLabel: string;
  readonly label: string;
  readonly outcome: StageRule["outcome"];
  /** The CRM lets records enter it. */
  readonly active: boolean;
  /** `new`: the mapping has no row for it; `gone`: the CRM has deleted it, or hides it from us. */
  readonly state: "mapped" | "new" | "gone";
  /** What the mapping says. */
  readonly rule?: StageRule;
  /** What its name suggests; absent where the CRM does not have it. */
  readonly suggestion?: StageRule;
  readonly doubt?: Doubt;
}

const at = ({ pipelineId, stageId }: { readonly pipelineId: string; readonly stageId: string }): string =>
  JSON.stringify([pipelineId, stageId]);

/**
 * Every stage that the CRM or the mapping knows, by pipeline in the CRM's order; what is gone stays behind the stage that it
 * followed. `pipelines` undefined: the CRM does not answer, and the mapping alone tells.
 */
export function rowsOf(
  pipelines: readonly Pipeline[] | undefined,
  mapping: Pick<StageMapping, "rules">,
): readonly MappingRow[] {
  const rules = new Map(mapping.rules.map((rule) => [at(rule), rule]));
  const rows = (pipelines ?? []).flatMap((pipeline) => present(pipeline, rules));
  const there = new Set(rows.map(at));
  const state = pipelines ? "gone" : "mapped";
  const labels = new Map((pipelines ?? []).map(({ id, label }) => [id, label]));
  const inOrder = [...mapping.rules].sort((a, b) => a.position - b.position);
  for (const rule of inOrder) {
    if (there.has(at(rule))) continue;
    const earlier = new Set(
      inOrder.filter((one) => one.pipelineId === rule.pipelineId && one.position < rule.position).map(at),
    );
    const previous = rows.findLastIndex((row) => earlier.has(at(row)));
    const first = rows.findIndex(({ pipelineId }) => pipelineId === rule.pipelineId);
    rows.splice(
      previous >= 0 ? previous + 1 : first >= 0 ? first : rows.length,
      0,
      remembered(rule, state, labels.get(rule.pipelineId)),
    );
  }
  return rows;
}

function present(pipeline: Pipeline, rules: ReadonlyMap<string, StageRule>): MappingRow[] {
  const suggested = new Map(suggest([pipeline]).rules.map((rule) => [rule.stageId, rule]));
  return pipeline.stages.flatMap((stage): MappingRow[] => {
    const suggestion = suggested.get(stage.id);
    if (!suggestion) return [];
    const rule = rules.get(at(suggestion));
    const why = doubt(stage, pipeline);
    return [
      {
        pipelineId: pipeline.id,
        stageId: stage.id,
        pipelineLabel: pipeline.label,
        label: stage.label,
        outcome: suggestion.outcome,
        active: stage.active,
        state: rule ? "mapped" : "new",
        ...(rule && { rule }),
        suggestion,
        ...(why && { doubt: why }),
      },
    ];
  });
}

const remembered = (rule: StageRule, state: MappingRow["state"], pipelineLabel?: string): MappingRow => ({
  pipelineId: rule.pipelineId,
  stageId: rule.stageId,
  pipelineLabel: pipelineLabel ?? rule.pipelineLabel ?? rule.pipelineId,
  label: rule.label ?? (rule.eventName || rule.stageId),
  outcome: rule.outcome,
  active: state !== "gone",
  state,
  rule,
});

/** What somebody chose for one stage. */
export type Choice = Pick<StageRule, "pipelineId" | "stageId" | "eventName" | "send" | "entries">;

/** A mapping that is not saved yet, and what is to be said of it first. */
export interface Draft {
  readonly mapping: Omit<StageMapping, "version">;
  readonly issues: readonly MappingIssue[];
}

/**
 * The mapping that these choices make. A stage for which nothing is chosen stays as it is: a new one stays out. Order and
 * outcome are the CRM's, never chosen.
 */
export function draft(
  choices: readonly Choice[],
  rows: readonly MappingRow[],
  { fillSkipped, sendValue }: Pick<StageMapping, "fillSkipped" | "sendValue">,
): Draft {
  const chosen = new Map(choices.map((choice) => [at(choice), choice]));
  const known = new Set(rows.map(at));
  const positions = new Map<string, number>();
  const rules = rows.flatMap((row): StageRule[] => {
    const position = positions.get(row.pipelineId) ?? 0;
    positions.set(row.pipelineId, position + 1);
    const choice = chosen.get(at(row)) ?? row.rule;
    if (!choice) return [];
    const { pipelineId, stageId, outcome, label, pipelineLabel } = row;
    const { eventName, send, entries } = choice;
    return [{ pipelineId, stageId, position, outcome, eventName, send, entries, label, pipelineLabel }];
  });
  const mapping = { rules, fillSkipped, sendValue };
  return { mapping, issues: [...choiceIssues(choices, known), ...check(mapping), ...goneIssues(rows, rules)] };
}

function choiceIssues(choices: readonly Choice[], known: ReadonlySet<string>): readonly MappingIssue[] {
  const seen = new Set<string>();
  return choices.flatMap((choice): readonly MappingIssue[] => {
    const { pipelineId, stageId } = choice;
    const where = { severity: "error", pipelineId, stageId } as const;
    if (!known.has(at(choice)))
      return [
        { ...where, code: "unknown_stage", message: "Neither the CRM nor the mapping has this stage; load them anew." },
      ];
    const twice = seen.has(at(choice));
    seen.add(at(choice));
    return twice ? [{ ...where, code: "two_rows", message: "This stage is chosen for twice; keep one." }] : [];
  });
}

/** A deleted stage that is still sent would be filled in for every lead that passes its place. */
function goneIssues(rows: readonly MappingRow[], rules: readonly StageRule[]): readonly MappingIssue[] {
  const gone = new Set(rows.filter(({ state }) => state === "gone").map(at));
  return rules
    .filter((rule) => rule.send && gone.has(at(rule)))
    .map(({ pipelineId, stageId }) => ({
      severity: "warning",
      code: "gone_sent",
      pipelineId,
      stageId,
      message:
        "The CRM no longer has this stage; switch it off, or it is sent as skipped for leads that pass its place.",
    }));
}
