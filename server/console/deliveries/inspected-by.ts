import type { ListedDelivery } from "../../api/deliveries.ts";
import type { Inspected } from "../inspector/inspected.ts";

/** What a row opens. Where nothing was sent there is no event to look at, but a record. */
export function inspectedBy({ datasetId, seq, connectionId, record, changedAt }: ListedDelivery): Inspected {
  if (datasetId !== undefined && seq !== undefined) return { what: "delivery", dataset: datasetId, seq };
  return { what: "record", connection: connectionId, object: record.object, record: record.id, at: changedAt };
}
