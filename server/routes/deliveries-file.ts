import { deadlineOf } from "../../core/meta/limits.ts";
import { problemOf } from "../../core/problems.ts";
import type { ConnectionId, DatasetId, TenantId } from "../../core/types.ts";
import { exportedAtMost } from "../api/deliveries.ts";
import type { CsvCell } from "../csv/csv.ts";
import { listConnections } from "../store/connections.ts";
import { listDatasets } from "../store/datasets.ts";
import { type ListAsked, listDeliveries } from "../store/delivery-list.ts";
import type { DeliveryRow } from "../store/delivery-rows.ts";
import type { State } from "../store/delivery-wanted.ts";
import type { ApiParts } from "./api-route.ts";
import { type Labels, labelsOf, ruleOf } from "./listed-delivery.ts";

/** Rows read by one question. */
const together = 1_000;

/** Ids, names, instants and reasons: nothing that says who a lead is. */
export const columns: readonly string[] = [
  "Entered the stage (UTC)",
  "Kept (UTC)",
  "CRM account",
  "Record type",
  "Record ID",
  "Pipeline",
  "Stage",
  "Sent as",
  "Dataset",
  "State",
  "Reason",
  "Reason code",
  "Settled (UTC)",
  "Requests while waiting",
  "Can be sent until (UTC)",
  "Meta trace ID",
  "Number in the dataset",
  "Mapping version",
];

const stateNames: Readonly<Record<State, string>> = {
  accepted: "Accepted",
  waiting: "Waiting",
  refused: "Refused",
  not_sent: "Not sent",
};

interface Names {
  readonly connections: ReadonlyMap<ConnectionId, string>;
  readonly datasets: ReadonlyMap<DatasetId, string>;
  readonly labels: Labels;
}

/** Each question is a transaction of its own: nobody's download holds one open. The last line says so where more was left. */
export async function* fileRows(
  tenantId: TenantId,
  asked: Omit<ListAsked, "limit" | "after">,
  { store }: Pick<ApiParts, "store">,
  most = exportedAtMost,
): AsyncIterable<readonly CsvCell[]> {
  const names = await store.web(
    tenantId,
    async (trx): Promise<Names> => ({
      connections: new Map((await listConnections(trx, tenantId)).map(({ id, name }) => [id, name])),
      datasets: new Map((await listDatasets(trx, tenantId)).map(({ id, name }) => [id, name])),
      labels: await labelsOf(trx, tenantId),
    }),
  );
  let written = 0;
  let after: ListAsked["after"];
  do {
    const limit = Math.min(together, most - written);
    const page = { ...asked, limit, budgetMs: 1_000, ...(after && { after }) };
    const { rows, next } = await store.web(tenantId, (trx) => listDeliveries(trx, tenantId, page));
    for (const row of rows) yield cellsOf(row, names);
    written += rows.length;
    after = next;
  } while (after && written < most);
  if (after)
    yield [`This file ends after ${most.toLocaleString("en")} rows. There are more: narrow the filter to get them.`];
}

function cellsOf(row: DeliveryRow, { connections, datasets, labels }: Names): readonly CsvCell[] {
  const { connectionId, datasetId, reason, record, state, eventTime } = row;
  const rule = ruleOf(row, labels);
  return [
    row.enteredAt,
    row.at.keptAt,
    connections.get(connectionId) ?? connectionId,
    record.object,
    record.id,
    rule?.pipelineLabel ?? row.pipelineId,
    rule?.label ?? row.stageId,
    row.eventName,
    datasetId && (datasets.get(datasetId) ?? datasetId),
    stateNames[state],
    reason && problemOf(reason).title,
    reason,
    row.settledAt,
    state === "waiting" ? row.attempts : null,
    state === "waiting" && eventTime ? deadlineOf(eventTime) : null,
    row.traceId,
    row.seq,
    row.mappingVersion,
  ];
}
