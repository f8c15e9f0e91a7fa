import { entryId, highestOrdinal } from "./ledger.ts";
import { limits } from "./meta/limits.ts";
import type { Pipeline, Stage, StageChange, StageEntry, StageMapping, StageRule } from "./types.ts";

/** A mapping made quick to ask. */
export interface MappingIndex {
  readonly mapping: StageMapping;
  rule(pipelineId: string, stageId: string): StageRule | undefined;
  /** The pipeline's rules in funnel order. */
  funnel(pipelineId: string): readonly StageRule[];
}

export function indexMapping(mapping: StageMapping): MappingIndex {
  const pipelines = Map.groupBy(mapping.rules, (rule) => rule.pipelineId);
  const funnels = new Map([...pipelines].map(([id, rules]) => [id, rules.sort((a, b) => a.position - b.position)]));
  const byStage = new Map([...funnels].map(([id, rules]) => [id, new Map(rules.map((rule) => [rule.stageId, rule]))]));
  return {
    mapping,
    rule: (pipelineId, stageId) => byStage.get(pipelineId)?.get(stageId),
    funnel: (pipelineId) => funnels.get(pipelineId) ?? [],
  };
}

/** A first mapping for these pipelines: every active stage under its own label, lost stages switched off. */
export function suggest(pipelines: readonly Pipeline[]): StageMapping {
  const rules = pipelines.flatMap((pipeline) =>
    pipeline.stages.map((stage, position): StageRule => {
      const outcome = sounds(stage);
      return {
        pipelineId: pipeline.id,
        stageId: stage.id,
        position,
        outcome,
        eventName: cleanName(stage.label) || cleanName(stage.id) || "Stage",
        send: stage.active && outcome !== "lost",
        entries: "first",
        label: stage.label,
        pipelineLabel: pipeline.label,
      };
    }),
  );
  return { version: 1, rules, fillSkipped: true, sendValue: false };
}

/** Why a suggestion is a guess that somebody should look at. */
export type Doubt = "sounds_lost" | "no_name" | "cut" | "same_name";

/** What makes the suggestion for this stage a guess, if anything does. */
export function doubt(stage: Stage, pipeline: Pipeline): Doubt | undefined {
  const name = cleanName(stage.label);
  if (sounds(stage) !== stage.outcome) return "sounds_lost";
  if (name === "") return "no_name";
  if ([...stage.label.trim()].length > limits.eventName) return "cut";
  const twins = pipeline.stages.filter((other) => other.active && cleanName(other.label) === name);
  return stage.active && twins.length > 1 ? "same_name" : undefined;
}

/** Some CRMs do not say which of their open stages are dead ends; their names do. */
const sounds = ({ outcome, label }: Stage): Stage["outcome"] =>
  outcome === "open" && soundsLost.test(label) ? "lost" : outcome;
const soundsLost = /\b(lost|dead|junk|spam|rejected|(un|dis|not )qualified|not converted|do not contact)\b/i;

export interface MappingIssue {
  readonly severity: "error" | "warning";
  readonly code: MappingIssueCode;
  readonly pipelineId?: string;
  readonly stageId?: string;
  readonly message: string;
}

export type MappingIssueCode =
  /** Errors. */
  | "two_rows"
  | "unknown_stage"
  | "no_name"
  | "long_name"
  | "unclean_name"
  /** Warnings. */
  | "same_name"
  | "gone_sent"
  | "few_stages";

/** What speaks against saving (errors) or should be looked at (warnings). */
export function check(mapping: Pick<StageMapping, "rules">): readonly MappingIssue[] {
  const issues: MappingIssue[] = [];
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const rule of mapping.rules) {
    const where = { pipelineId: rule.pipelineId, stageId: rule.stageId };
    const at = JSON.stringify([rule.pipelineId, rule.stageId]);
    if (seen.has(at))
      issues.push({ severity: "error", code: "two_rows", ...where, message: "This stage has two rows; keep one." });
    seen.add(at);
    if (!rule.send) continue;
    const wrong = nameIssue(rule.eventName);
    if (wrong) issues.push({ severity: "error", ...wrong, ...where });
    const named = JSON.stringify([rule.pipelineId, rule.eventName]);
    if (names.has(named))
      issues.push({
        severity: "warning",
        code: "same_name",
        ...where,
        message: `"${rule.eventName}" is also sent for another stage of this pipeline; Meta cannot tell the two apart.`,
      });
    names.add(named);
  }
  if (names.size < 2)
    issues.push({
      severity: "warning",
      code: "few_stages",
      message: "Fewer than two stages are sent; Meta learns from the way through the stages, the first one included.",
    });
  return issues;
}

export interface MappingDifference {
  readonly pipelineId: string;
  readonly stageId: string;
  readonly before?: StageRule;
  readonly after?: StageRule;
}

/** The rows in which two versions differ. */
export function compare(before: StageMapping, after: StageMapping): readonly MappingDifference[] {
  const [old, now] = [indexMapping(before), indexMapping(after)];
  const gone = before.rules.filter((rule) => !now.rule(rule.pipelineId, rule.stageId));
  const others = after.rules.filter((rule) => {
    const previous = old.rule(rule.pipelineId, rule.stageId);
    return !previous || fields.some((field) => previous[field] !== rule[field]);
  });
  return [
    ...gone.map((rule) => ({ pipelineId: rule.pipelineId, stageId: rule.stageId, before: rule })),
    ...others.map((rule) => {
      const previous = old.rule(rule.pipelineId, rule.stageId);
      return { pipelineId: rule.pipelineId, stageId: rule.stageId, ...(previous && { before: previous }), after: rule };
    }),
  ];
}
const fields = ["position", "outcome", "eventName", "send", "entries"] as const;

/**
 * The open stages this change jumped over, in funnel order, as entries of the same moment: Meta wants every earlier stage
 * to have been sent. A move to a lost stage, or backwards, jumps over nothing.
 *
 * @param known the record's entries without this change
 * @param earlier those of them that were known when the change was new; what was jumped over is told by these
 */
export function fillSkipped(
  change: StageChange,
  known: readonly StageEntry[],
  index: MappingIndex,
  earlier: readonly StageEntry[] = known,
): readonly StageChange[] {
  const target = index.rule(change.pipelineId, change.stageId);
  if (!index.mapping.fillSkipped || !target || target.outcome === "lost" || change.before !== "never") return [];
  const inPipeline = known.filter((entry) => entry.pipelineId === change.pipelineId);
  const been = new Set(inPipeline.map((entry) => entry.stageId));
  const reached = earlier
    .filter((entry) => entry.pipelineId === change.pipelineId)
    .reduce((most, entry) => Math.max(most, progress(index.rule(entry.pipelineId, entry.stageId))), -1);
  return index
    .funnel(change.pipelineId)
    .filter(
      (rule) =>
        rule.send &&
        rule.outcome === "open" &&
        rule.position > reached &&
        rule.position < target.position &&
        !been.has(rule.stageId),
    )
    .map((rule, n) => ({
      ...change,
      stageId: rule.stageId,
      entry: entryId(change, highestOrdinal([...inPipeline, change]) + n),
      filled: true,
    }));
}

/** How far down the funnel a stage lies; being lost is no progress, wherever the CRM lists it. */
const progress = (rule: StageRule | undefined): number => (rule && rule.outcome !== "lost" ? rule.position : -1);

function nameIssue(name: string): Pick<MappingIssue, "code" | "message"> | undefined {
  if (name.trim() === "")
    return { code: "no_name", message: "The event name is empty; type the name that Meta is to show." };
  if ([...name].length > limits.eventName)
    return { code: "long_name", message: `The event name is longer than ${limits.eventName} characters; shorten it.` };
  if (cleanName(name) !== name)
    return {
      code: "unclean_name",
      message: "The event name holds control characters or blanks at its ends; remove them.",
    };
  return undefined;
}

const cleanName = (label: string): string =>
  [
    ...label
      .toWellFormed()
      .normalize("NFC")
      .replace(/\p{Cc}+/gu, " ")
      .trim(),
  ]
    .slice(0, limits.eventName)
    .join("")
    .trim();
