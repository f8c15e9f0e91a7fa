import type { AccountPlace } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import { deadlineOf } from "../../core/meta/limits.ts";
import { readEvent } from "../../core/meta/read-event.ts";
import type { Connection, DatasetId, TenantId } from "../../core/types.ts";
import { findGrant } from "../access/access.ts";
import { type DeliveryDetail, deliveryDetail } from "../api/record.ts";
import { reasonOf } from "../api/words.ts";
import type { Attempt } from "../store/attempts.ts";
import { findConnection } from "../store/connections.ts";
import { type DeliveryState, findDelivery, type Turn } from "../store/deliveries.ts";
import { findMapping } from "../store/mappings.ts";
import { type ApiParts, apiRoute, type Call, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

/** `GET /api/v1/deliveries/:dataset/:seq`: one event and all that has happened to it. */
export const deliveryRoute = (parts: ApiParts): Route =>
  apiRoute(
    {
      path: "/deliveries/:dataset/:seq",
      who: "viewer",
      summary: "One event and all that has happened to it",
      answer: deliveryDetail,
      handle: async (call) => {
        const delivery = await deliveryIn(call, parts);
        return { ...view(delivery), ...(await aboutRecord(delivery, call.tenant.id, parts)) };
      },
    },
    parts,
  );

/** @throws Failure `not_found` where this tenant has no such event, or no longer keeps it */
export async function deliveryIn(
  { tenant, params }: Pick<Call<unknown, unknown>, "tenant" | "params">,
  { store }: ApiParts,
): Promise<DeliveryState> {
  const dataset = idIn<DatasetId>(params, "dataset", "dst");
  const seq = String(params.seq);
  const found = /^[1-9]\d{0,14}$/.test(seq)
    ? await store.web(tenant.id, (trx) => findDelivery(trx, tenant.id, dataset, Number(seq)))
    : undefined;
  if (!found) throw new Failure("not_found", "there is no such event, or it is no longer kept");
  return found;
}

/** What the CRM calls the stage, and where it shows the record. */
async function aboutRecord(
  { connectionId, record, pipelineId, stageId }: DeliveryState,
  tenantId: TenantId,
  { store, connectors, access, demo }: ApiParts,
): Promise<Pick<DeliveryDetail, "crmUrl" | "stage">> {
  const { connection, saved } = await store.web(tenantId, async (trx) => ({
    connection: await findConnection(trx, tenantId, connectionId),
    saved: await findMapping(trx, tenantId, connectionId),
  }));
  const rule = saved?.mapping.rules.find((one) => one.pipelineId === pipelineId && one.stageId === stageId);
  // Simulated accounts are nowhere to be seen.
  const urlOf = connection && !demo ? connectors.get(connection.connector)?.manifest.recordUrl : undefined;
  const crmUrl = connection && urlOf?.(await placeOf(connection, access), record);
  return { ...(rule?.label !== undefined && { stage: rule.label }), ...(crmUrl !== undefined && { crmUrl }) };
}

async function placeOf(connection: Connection, { tokens }: ApiParts["access"]): Promise<AccountPlace> {
  const { apiUrl } = (await findGrant(connection, tokens)) ?? {};
  return { accountId: connection.accountId, ...(apiUrl !== undefined && { apiUrl }) };
}

function view({ turns, enteredAt, eventTime, place: _, ...delivery }: DeliveryState): DeliveryDetail {
  const { event_id: eventId, event_name: eventName } = readEvent(delivery.payload);
  const refused = turns.at(-1)?.refused;
  const withoutLeadId = sentWithoutLeadId(turns.at(-1)?.attempts ?? []);
  return {
    ...delivery,
    eventId,
    eventName,
    enteredAt: enteredAt.toISOString(),
    ...(refused && { reason: reasonOf(refused.reason) }),
    deadlineAt: deadlineOf(eventTime).toISOString(),
    ...(withoutLeadId && { sentWithout: ["lead_id"] }),
    timeline: [{ what: "changed", at: enteredAt.toISOString() }, ...turns.flatMap(stepsOf)],
  };
}

/** Where Meta does not know a lead id, the same event goes again at once without it (core/turn.ts). */
function sentWithoutLeadId(attempts: readonly Attempt[]): boolean {
  const taken = attempts.findLastIndex(({ verdict }) => verdict === "accepted");
  const before = attempts[taken - 1];
  return before?.events === 1 && before.why === "refused_lead_id";
}

function stepsOf({ came, at, seq, attempts, refused }: Turn): DeliveryDetail["timeline"] {
  const came_ = { what: came, at: at.toISOString(), seq };
  const requests = attempts.map(requestOf);
  if (!refused) return [came_, ...requests];
  const { reason, at: givenUpAt, ...meta } = refused;
  return [came_, ...requests, { what: "given_up", at: givenUpAt.toISOString(), reason: reasonOf(reason), ...meta }];
}

const requestOf = ({ at, why, words, ...request }: Attempt): DeliveryDetail["timeline"][number] => ({
  what: "request",
  at: at.toISOString(),
  ...request,
  ...(words !== null && { words }),
  ...(why && { reason: reasonOf(why) }),
});
