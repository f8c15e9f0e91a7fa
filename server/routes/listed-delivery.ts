import type { Kysely } from "kysely";
import { deadlineOf } from "../../core/meta/limits.ts";
import { problemOf } from "../../core/problems.ts";
import type { StageRule, TenantId } from "../../core/types.ts";
import type { ListedDelivery } from "../api/deliveries.ts";
import { listConnections } from "../store/connections.ts";
import type { DeliveryRow } from "../store/delivery-rows.ts";
import { findMapping } from "../store/mappings.ts";
import type { Tables } from "../store/tables.ts";

/** What the CRM called each stage when its mapping was saved last. */
export type Labels = ReadonlyMap<string, StageRule>;
const keyOf = (connectionId: string, pipelineId: string, stageId: string): string =>
  JSON.stringify([connectionId, pipelineId, stageId]);

export async function labelsOf(db: Kysely<Tables>, tenantId: TenantId): Promise<Labels> {
  const labels = new Map<string, StageRule>();
  for (const { id } of await listConnections(db, tenantId)) {
    const saved = await findMapping(db, tenantId, id);
    for (const rule of saved?.mapping.rules ?? []) labels.set(keyOf(id, rule.pipelineId, rule.stageId), rule);
  }
  return labels;
}

/** The mapping's row for the stage, as it is now. */
export const ruleOf = ({ connectionId, pipelineId, stageId }: DeliveryRow, labels: Labels): StageRule | undefined =>
  labels.get(keyOf(connectionId, pipelineId, stageId));

const inWords = (code: string): { code: string; title: string } => ({ code, title: problemOf(code).title });

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
    ...(reason && { reason: inWords(reason) }),
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
  ...(waitsFor && { for: inWords(waitsFor) }),
});
