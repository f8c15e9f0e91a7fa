import { changesOf } from "../../core/mapping-changes.ts";
import { draft, type MappingRow } from "../../core/mapping-rows.ts";
import type { StageMapping, StageRule } from "../../core/types.ts";
import type { MappingSaved, MappingView, SavedBy, StageView, VersionView } from "../api/mapping.ts";
import type { SavedMapping } from "../store/mappings.ts";
import type { StageEntries } from "../store/stage-entries.ts";
import { crmOf } from "./ask-crm.ts";
import type { Standing } from "./standing.ts";

interface Beside {
  readonly now: Date;
  readonly crmName: string;
  readonly savedBy: SavedBy | undefined;
  /** Undefined: they are still being counted. */
  readonly entries: readonly StageEntries[] | undefined;
  readonly namesInUse: readonly string[];
}

/** How a connection's mapping stands, as the API tells it. */
export function viewOf({ connection, crm, saved, mapping, rows }: Standing, beside: Beside): MappingView {
  const { now, crmName, savedBy, entries, namesInUse } = beside;
  const counts = entries && new Map(entries.map((one) => [keyOf(one.pipelineId, one.stageId), one.count]));
  const enteredOf = ({ pipelineId, stageId }: MappingRow) => counts && (counts.get(keyOf(pipelineId, stageId)) ?? 0);
  const objects = new Map("answer" in crm ? crm.answer.map(({ id, object }) => [id, object]) : []);
  const untouched = draft([], rows, mapping);
  const decided = savedBy?.by === "person";
  const { id, connector, name, sendFrom, datasetId } = connection;
  // A pipeline without a stage has no row.
  const empty = "answer" in crm ? crm.answer.filter(({ stages }) => stages.length === 0) : [];
  return {
    asOf: now.toISOString(),
    connection: { id, connector, crmName, name },
    live: sendFrom !== undefined && datasetId !== undefined,
    version: mapping.version,
    ...(saved && { savedAt: saved.savedAt.toISOString() }),
    ...(savedBy && { savedBy }),
    fillSkipped: mapping.fillSkipped,
    sendValue: mapping.sendValue,
    crm: crmOf(crm),
    pipelines: [
      ...[...Map.groupBy(rows, ({ pipelineId }) => pipelineId)].map(([pipelineId, stages]) => {
        const object = objects.get(pipelineId);
        return {
          id: pipelineId,
          label: stages[0]?.pipelineLabel ?? pipelineId,
          ...(object !== undefined && { object }),
          stages: stages.map((row) => stageOf(row, enteredOf(row), decided)),
        };
      }),
      ...empty.map(({ id, label, object }) => ({ id, label, object, stages: [] })),
    ],
    namesInUse: [...namesInUse],
    issues: [...untouched.issues],
    behind: [...changesOf(mapping, { ...untouched.mapping, version: mapping.version })],
  };
}

const keyOf = (pipelineId: string, stageId: string): string => JSON.stringify([pipelineId, stageId]);

function stageOf(row: MappingRow, entered: number | undefined, decided: boolean): StageView {
  const { stageId: id, label, outcome, active, state, rule, suggestion, doubt } = row;
  return {
    id,
    label,
    outcome,
    active,
    state,
    ...(entered !== undefined && { entered }),
    ...(rule && { rule: { eventName: rule.eventName, send: rule.send, entries: rule.entries } }),
    ...(suggestion && { suggestion: { eventName: suggestion.eventName, send: suggestion.send } }),
    ...(doubt && (state === "new" || !decided) && { doubt }),
  };
}

/** A version in a list: what it changed against the one before. */
export const versionOf = (
  { mapping, savedAt }: SavedMapping,
  before: StageMapping | undefined,
  savedBy: SavedBy,
): MappingSaved => ({
  version: mapping.version,
  savedAt: savedAt.toISOString(),
  savedBy,
  changes: [...changesOf(before, mapping)],
  ...sizeOf(mapping),
});

export const sizeOf = ({ rules }: Pick<StageMapping, "rules">) => ({
  sent: rules.filter(({ send }) => send).length,
  stages: rules.length,
});

/** A version with all its rows, in the order that it had. */
export function wholeVersionOf(saved: SavedMapping, before: StageMapping | undefined, savedBy: SavedBy): VersionView {
  const { fillSkipped, sendValue, rules } = saved.mapping;
  const pipelines = Map.groupBy(rules, ({ pipelineId }) => pipelineId);
  return {
    ...versionOf(saved, before, savedBy),
    fillSkipped,
    sendValue,
    pipelines: [...pipelines].map(([id, stages]) => ({
      id,
      label: stages[0]?.pipelineLabel ?? id,
      stages: stages.toSorted((a, b) => a.position - b.position).map(rowOf),
    })),
  };
}

const rowOf = ({ stageId: id, label, outcome, eventName, send, entries }: StageRule) => ({
  id,
  label: label ?? (eventName || id),
  outcome,
  eventName,
  send,
  entries,
});
