import { type DeliveriesView, deliveriesView, type ListedDelivery } from "../../server/api/deliveries.ts";
import { ago, day, hour, minute } from "./ago.ts";

/** The latest stage changes, one of each kind. */
export const latest = (): DeliveriesView =>
  deliveriesView.parse({
    asOf: ago(0),
    keptFrom: ago(30 * day),
    deliveries: [
      row("1", { state: "waiting", stage: "Appointment scheduled", eventName: "Opportunity", changedAt: ago(6) }),
      row("2", {
        state: "accepted",
        stage: "Qualified",
        eventName: "Marketing qualified",
        changedAt: ago(19),
        traceId: "A",
      }),
      row("3", {
        state: "not_sent",
        stage: undefined,
        reason: { code: "stage_not_mapped", title: "Stage not mapped", fix: "Add the stage to the mapping." },
        datasetId: undefined,
        seq: undefined,
        changedAt: ago(3 * minute),
      }),
      row("4", {
        state: "refused",
        stage: "Working - Contacted",
        eventName: "Working - Contacted",
        reason: { code: "refused_lead_id", title: "Lead id refused", fix: "Check the field." },
        record: { object: "lead", id: "00QWs000004kT2dMAE" },
        changedAt: ago(2 * hour),
      }),
    ],
  });

function row(id: string, given: Partial<Record<keyof ListedDelivery, unknown>>) {
  return {
    id: `dlv_${id}`,
    connectionId: "con_hub",
    datasetId: "dst_1",
    seq: Number(id),
    pipelineId: "default",
    stageId: "qualifiedtobuy",
    record: { object: "deal", id: `99114${id}` },
    timeQuality: "exact",
    keptAt: given.changedAt,
    filled: false,
    mappingVersion: 3,
    ...given,
  };
}
