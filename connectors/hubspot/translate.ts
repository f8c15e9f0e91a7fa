import type { RecordRef, StageObservation } from "../../core/types.ts";
import { lifecyclePipeline, type ObjectKind } from "./objects.ts";
import type { Row } from "./shapes.ts";

interface Version {
  readonly value: string;
  readonly at: Date;
}

/**
 * Every stage entry that HubSpot's property history still holds (about 20 versions of a deal, 45 of a contact), oldest first.
 * The dates in `hs_v2_date_entered_…` properties are not used: they name the last entry only, and their names cannot be built.
 */
export function observe(kind: ObjectKind, row: Row): StageObservation[] {
  const record: RecordRef = { object: kind.name, id: row.id };
  const pipelines = kind.pipeline === undefined ? [] : versions(row, kind.pipeline);
  const pipelineAt = (at: Date): string => {
    if (kind.pipeline === undefined) return lifecyclePipeline;
    // The pipeline and its stage are written at once. Older than the oldest version kept: that one.
    const holding = pipelines.findLast((version) => version.at <= at) ?? pipelines[0];
    return holding?.value ?? row.properties[kind.pipeline] ?? "default";
  };

  const entries: StageObservation[] = [];
  let held: string | undefined;
  for (const { value, at } of versions(row, kind.stage)) {
    const pipelineId = pipelineAt(at);
    const holds = `${pipelineId}\n${value}`;
    // Imports and merges write a value that was there already. An empty one is a cleared lifecycle stage: no entry.
    if (value !== "" && holds !== held)
      entries.push({ record, pipelineId, stageId: value, enteredAt: at, timeQuality: "exact" });
    held = holds;
  }
  if (entries.length > 0) return entries;

  const current = row.properties[kind.stage];
  if (!current || held !== undefined) return [];
  return [
    {
      record,
      pipelineId: pipelineAt(row.updatedAt),
      stageId: current,
      enteredAt: row.updatedAt,
      timeQuality: "modified",
    },
  ];
}

/** A property's history, oldest first; HubSpot gives it newest first. Versions of one instant keep HubSpot's order. */
function versions(row: Row, property: string): Version[] {
  return (row.propertiesWithHistory?.[property] ?? [])
    .map(({ value, timestamp }) => ({ value: value ?? "", at: timestamp }))
    .reverse()
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** An observation that only says that the record is no more. */
export const gone = (record: RecordRef, why: "deleted" | "merged", seenAt: Date): StageObservation => ({
  record,
  pipelineId: "",
  stageId: "",
  enteredAt: seenAt,
  timeQuality: "observed",
  gone: why,
});
