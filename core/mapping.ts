import { entryId, highestOrdinal } from "./ledger.ts";
import { limits } from "./meta/limits.ts";
import type { Pipeline, StageChange, StageEntry, StageMapping, StageRule } from "./types.ts";

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
      const outcome = stage.outcome === "open" && soundsLost.test(stage.label) ? "lost" : stage.outcome;
      return {
        pipelineId: pipeline.id,
        stageId: stage.id,
        position,
        outcome,
        eventName: cleanName(stage.label) || cleanName(stage.id) || "Stage",
        send: stage.active && outcome !== "lost",
        entries: "first",
      };
    }),
  );
  return { version: 1, rules, fillSkipped: true, sendValue: false };
}

/** Some CRMs do not say which of their open stages are dead ends; their names do. */
const soundsLost = /\b(lost|dead|junk|spam|rejected|(un|dis|not )qualified|not converted|do not contact)\b/i;

export interface MappingIssue {
  readonly severity: "error" | "warning";
  readonly pipelineId?: string;
  readonly stageId?: string;
  readonly message: string;
}

/** What speaks against saving (errors) or should be looked at (warnings). */
export function check(mapping: StageMapping): readonly MappingIssue[] {
  const issues: MappingIssue[] = [];
  const names = new Map<string, StageRule>();
  const seen = new Set<string>();
  for (const rule of mapping.rules) {
    const where = { pipelineId: rule.pipelineId, stageId: rule.stageId };
    const at = JSON.stringify([rule.pipelineId, rule.stageId]);
    if (seen.has(at)) issues.push({ severity: "error", ...where, message: "This stage has two rows; keep one." });
    seen.add(at);
    if (!rule.send) continue;
    const message = nameIssue(rule.eventName);
    if (message) issues.push({ severity: "error", ...where, message });
    const twin = names.get(rule.eventName);
    if (twin && twin.pipelineId === rule.pipelineId)
      issues.push({
        severity: "warning",
        ...where,
        message: `"${rule.eventName}" is also sent for another stage of this pipeline; Meta cannot tell the two apart.`,
      });
    names.set(rule.eventName, rule);
  }
  if (names.size < 2)
    issues.push({
      severity: "warning",
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

function nameIssue(name: string): string | undefined {
  if (name.trim() === "") return "The event name is empty; type the name that Meta is to show.";
  if ([...name].length > limits.eventName)
    return `The event name is longer than ${limits.eventName} characters; shorten it.`;
  if (cleanName(name) !== name) return "The event name holds control characters or blanks at its ends; remove them.";
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
