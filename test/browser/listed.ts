import {
  type DeliveriesView,
  type DeliveryChoices,
  deliveriesView,
  deliveryChoices,
  type ListedDelivery,
} from "../../server/api/deliveries.ts";
import { ago, day, hour, minute } from "./ago.ts";

/** What can be filtered by: two pipelines of HubSpot's, one of Salesforce's. */
export const choices = (): DeliveryChoices =>
  deliveryChoices.parse({
    reasons: [
      { code: "stage_not_mapped", title: "Stage not mapped", refused: false },
      { code: "lead_not_found", title: "No lead behind the record", refused: false },
      { code: "refused_lead_id", title: "Lead id refused", refused: true },
    ],
    stages: [
      stage("con_hub", "Sales pipeline", "appointmentscheduled", "Appointment scheduled"),
      stage("con_hub", "Sales pipeline", "qualifiedtobuy", "Qualified"),
      stage("con_sf", "Lead status", "Working - Contacted", "Working - Contacted"),
    ],
    counts: { waiting: 3, refused: 1_204 },
    keptFrom: ago(30 * day),
  });
const stage = (connectionId: string, pipeline: string, stageId: string, label: string) => ({
  connectionId,
  pipelineId: pipeline.toLowerCase(),
  pipeline,
  stageId,
  stage: label,
});

/** A row of the list; rows with a smaller number are newer. */
export const listed = (n: number, more: Partial<ListedDelivery> = {}): ListedDelivery => ({
  id: `con_hub/deal:${991_000 + n}/1`,
  connectionId: "con_hub",
  datasetId: "dst_1",
  seq: 10_000 - n,
  eventName: "Marketing qualified",
  pipelineId: "sales pipeline",
  stageId: "qualifiedtobuy",
  stage: "Qualified",
  record: { object: "deal", id: String(991_000 + n) },
  state: "accepted",
  changedAt: ago(n * minute),
  timeQuality: "exact",
  keptAt: ago(n * minute - 2),
  filled: false,
  mappingVersion: 3,
  settledAt: ago(n * minute - 3),
  traceId: `Trace${n}`,
  ...more,
});

const reason = (code: string, title: string) => ({ code, title, fix: "Look into the mapping." });

/** One of each kind, with words as hostile and as long as any. */
export const kinds = (): readonly ListedDelivery[] => {
  const { datasetId: _, seq: __, eventName: ___, traceId: ____, ...noEvent } = listed(4);
  const { settledAt: _____, traceId: ______, ...notYet } = listed(2);
  return [
    listed(1),
    {
      ...notYet,
      state: "waiting",
      waits: {
        attempts: 2,
        nextTryAt: ago(-4 * minute),
        deadlineAt: ago(-6 * day),
        for: reason("meta_down", "Meta has a fault"),
      },
    },
    {
      ...notYet,
      ...listed(3),
      state: "waiting",
      waits: { attempts: 0, deadlineAt: ago(-hour), for: reason("by_admin", "Paused by an admin") },
    },
    { ...noEvent, state: "not_sent", reason: reason("lead_not_found", "No lead behind the record") },
    listed(5, { state: "refused", reason: reason("refused_lead_id", "Lead id refused"), filled: true }),
    listed(6, {
      stage: "Verhandlung / Angebot in Prüfung <b>bold</b>",
      eventName: "Opportunity",
      record: { object: "opportunity", id: "006Qy00000ABCDEFGHIJ" },
      changedAt: ago(3 * hour),
    }),
    listed(7, { record: { object: "erased", id: "0123456789abcdef0123456789abcdef" } }),
  ];
};

/** A page of the list; `next`: there is more. */
export const listing = (
  deliveries: readonly ListedDelivery[],
  more: Partial<Omit<DeliveriesView, "deliveries">> = {},
): DeliveriesView => deliveriesView.parse({ asOf: ago(0), keptFrom: ago(30 * day), deliveries, ...more });
