import { Failure } from "../../core/errors.ts";
import { deadlineOf } from "../../core/meta/limits.ts";
import { readEvent } from "../../core/meta/read-event.ts";
import type { DatasetId } from "../../core/types.ts";
import { type DeliveryDetail, deliveryDetail } from "../api/record.ts";
import { reasonOf } from "../api/words.ts";
import type { Attempt } from "../store/attempts.ts";
import { type DeliveryState, findDelivery, type Turn } from "../store/deliveries.ts";
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
      handle: async (call) => view(await deliveryIn(call, parts)),
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

function view({ turns, enteredAt, eventTime, place: _, ...delivery }: DeliveryState): DeliveryDetail {
  const { event_id: eventId, event_name: eventName } = readEvent(delivery.payload);
  const refused = turns.at(-1)?.refused;
  return {
    ...delivery,
    eventId,
    eventName,
    enteredAt: enteredAt.toISOString(),
    ...(refused && { reason: reasonOf(refused.reason) }),
    deadlineAt: deadlineOf(eventTime).toISOString(),
    timeline: [{ what: "changed", at: enteredAt.toISOString() }, ...turns.flatMap(stepsOf)],
  };
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
