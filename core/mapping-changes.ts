import { compare, type MappingDifference } from "./mapping.ts";
import type { StageMapping, StageRule } from "./types.ts";

/**
 * What one version of a mapping changes, sentence by sentence, as the page before saving, the list of versions and the audit
 * log tell it. `before` undefined: there was none. Empty: nothing changes.
 */
export function changesOf(before: StageMapping | undefined, after: StageMapping): readonly string[] {
  const { rules } = after;
  const sent = rules.filter(({ send }) => send).length;
  if (!before) return [`${sent} of ${rules.length} ${rules.length === 1 ? "stage is" : "stages are"} sent.`];
  const pipelines = new Set([...before.rules, ...rules].map(({ pipelineId }) => pipelineId));
  const differences = compare(before, after);
  return [
    ...differences.flatMap((difference) => stageChange(difference, pipelines.size > 1)),
    ...reordered(differences),
    ...switched(before, after),
  ];
}

function stageChange({ before, after }: MappingDifference, several: boolean): readonly string[] {
  const rule = after ?? before;
  if (!rule) return [];
  const stage = nameOf(rule, several);
  if (!after) return [`${stage} is no longer in the mapping: from now on it is not sent.`];
  const { eventName, send, entries, outcome } = after;
  const name = quoted(eventName);
  const said: string[] = [];
  if (send && !before?.send) said.push(`From now on ${stage} is sent as ${name}.`);
  else if (!send && before?.send) said.push(`From now on ${stage} is not sent.`);
  else if (!before) said.push(`${stage} is in the mapping now, and not sent.`);
  else if (send && eventName !== before.eventName)
    said.push(`From now on ${stage} is sent as ${name}, no longer as ${quoted(before.eventName)}.`);
  else if (eventName !== before.eventName) said.push(`${stage} is called ${name}; it is not sent.`);
  if (send && entries !== (before?.entries ?? "first"))
    said.push(
      entries === "every"
        ? `Every entry of a lead into ${stage} is sent, not only the first.`
        : `Only the first entry of a lead into ${stage} is sent.`,
    );
  if (before && outcome !== before.outcome) said.push(`${stage} counts as ${outcome}, as the CRM has it now.`);
  return said;
}

/** A stage that is added moves all behind it: one sentence a pipeline is enough. */
function reordered(differences: readonly MappingDifference[]): readonly string[] {
  const moved = differences.filter(({ before, after }) => before && after && before.position !== after.position);
  const pipelines = Map.groupBy(moved, ({ pipelineId }) => pipelineId);
  return [...pipelines].flatMap(([, [first]]) =>
    first?.after
      ? [`The stages of ${quoted(first.after.pipelineLabel ?? first.pipelineId)} are in the CRM's order.`]
      : [],
  );
}

function switched(before: StageMapping, after: StageMapping): readonly string[] {
  const said: string[] = [];
  if (after.fillSkipped !== before.fillSkipped)
    said.push(
      after.fillSkipped ? "Stages that a lead skips are sent too." : "Stages that a lead skips are no longer sent.",
    );
  if (after.sendValue !== before.sendValue)
    said.push(
      after.sendValue
        ? "The record's value and currency are sent with each event."
        : "The record's value and currency are no longer sent.",
    );
  return said;
}

const nameOf = ({ label, eventName, stageId, pipelineLabel, pipelineId }: StageRule, several: boolean): string => {
  const stage = quoted(label ?? (eventName || stageId));
  return several ? `${stage} (${quoted(pipelineLabel ?? pipelineId)})` : stage;
};

/** Labels are the customer's: without control characters, and without what turns the direction of the text around them. */
const quoted = (label: string): string =>
  `“${label
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .trim()}”`;
