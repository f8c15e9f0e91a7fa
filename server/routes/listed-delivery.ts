import type { Kysely } from "kysely";
import { deadlineOf } from "../../core/meta/limits.ts";
import type { StageRule, TenantId } from "../../core/types.ts";
import type { ListedDelivery } from "../api/deliveries.ts";
import { reasonOf } from "../api/words.ts";
import { listConnections } from "../store/connections.ts";
import type { DeliveryRow } from "../store/delivery-rows.ts";
import { findMapping } from "../store/mappings.ts";
import type { Tables } from "../store/tables.ts";

interface Stage {
  readonly connectionId: string;
  readonly pipelineId: string;
  readonly stageId: string;
}
/** Each stage with its row of the newest mapping: what the CRM called it when that was saved. */
export type Labels = readonly (readonly [Stage, StageRule])[];

export async function labelsOf(db: Kysely<Tables>, tenantId: TenantId): Promise<Labels> {
  const labels: [Stage, StageRule][] = [];
  for (const { id: connectionId } of await listConnections(db, tenantId)) {
    const saved = await findMapping(db, tenantId, connectionId);
    for (const rule of saved?.mapping.rules ?? []) {
      const { pipelineId, stageId } = rule;
      labels.push([{ connectionId, pipelineId, stageId }, rule]);
    }
  }
  return labels;
}

/** The mapping's row for the stage, as it is now. */
export const ruleOf = (of: Stage, labels: Labels): StageRule | undefined =>
  labels.find(
    ([stage]) =>
      stage.connectionId === of.connectionId && stage.pipelineId === of.pipelineId && stage.stageId === of.stageId,
  )?.[1];

/** A line of the list, as the API tells it. */
export function listed(row: DeliveryRow, labels: Labels): ListedDelivery {
  const { connectionId, datasetId, seq, eventName, pipelineId, stageId, record, state, reason, at, traceId } = row;
  const rule = ruleOf(row, labels);
  return {
    id: [connectionId, at.record, at.place].join("/"),
    connectionId,
    ...(datasetId !== null && { datasetId }),
    ...(seq !== null && { seq }),
    ...(eventName !== null && { eventName }),
    pipelineId,
    stageId,
    ...(rule?.label !== undefined && { stage: rule.label }),
    record,
    state,
    ...(reason && { reason: reasonOf(reason) }),
    changedAt: row.enteredAt.toISOString(),
    timeQuality: row.timeQuality,
    keptAt: at.keptAt.toISOString(),
    filled: row.filled,
    mappingVersion: row.mappingVersion,
    ...(row.settledAt && { settledAt: row.settledAt.toISOString() }),
    ...(traceId !== null && { traceId }),
    ...(state === "waiting" && row.eventTime && { waits: waitsOf(row, row.eventTime) }),
  };
}

const waitsOf = ({ attempts, nextTryAt, waitsFor }: DeliveryRow, eventTime: Date): ListedDelivery["waits"] => ({
  attempts,
  ...(nextTryAt && { nextTryAt: nextTryAt.toISOString() }),
  deadlineAt: deadlineOf(eventTime).toISOString(),
  ...(waitsFor && { for: reasonOf(waitsFor) }),
});
