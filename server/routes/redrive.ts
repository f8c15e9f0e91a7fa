import { Failure } from "../../core/errors.ts";
import { deadlineOf } from "../../core/meta/limits.ts";
import { differences, readEvent } from "../../core/meta/read-event.ts";
import type { TenantId } from "../../core/types.ts";
import { type RedrivePreview, redriveAsked, redriven, redrivePreview } from "../api/record.ts";
import { reasonOf } from "../api/words.ts";
import { writeAudit } from "../store/audit.ts";
import { type DeliveryState, findDeliveryOfEntry } from "../store/deliveries.ts";
import { type ApiParts, apiRoute, HeldBack } from "./api-route.ts";
import { deliveryIn } from "./delivery.ts";
import { type Rebuilt, rebuiltAll } from "./rebuilt.ts";
import type { Route } from "./route.ts";

const path = "/deliveries/:dataset/:seq/redrive";

/** `GET` and `POST /api/v1/deliveries/:dataset/:seq/redrive`: what sending it again would send, and sending it again. */
export const redriveRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path,
      who: "viewer",
      summary: "What sending a refused event again would send",
      limit: "costly",
      answer: redrivePreview,
      handle: async (call): Promise<RedrivePreview> => {
        const delivery = await refusedIn(call, parts);
        const { payload, heldBack, unknown } = await rebuiltOne(call.tenant.id, delivery, parts);
        return {
          datasetId: delivery.datasetId,
          seq: delivery.seq,
          eventId: readEvent(delivery.payload).event_id,
          deadlineAt: deadlineOf(delivery.eventTime).toISOString(),
          itWas: delivery.payload,
          ...(payload !== undefined && { rebuilt: payload }),
          differences: payload === undefined ? [] : [...differences(delivery.payload, payload)],
          ...(heldBack && { heldBack: reasonOf(heldBack) }),
          ...(unknown !== undefined && { unknown }),
        };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path,
      who: "admin",
      summary: "Send a refused event again",
      limit: "costly",
      body: redriveAsked,
      answer: redriven,
      handle: async (call) => {
        const { tenant, now, body } = call;
        const delivery = await refusedIn(call, parts);
        if (now > deadlineOf(delivery.eventTime)) return new HeldBack("too_old");
        const { payload, heldBack, unknown } = await rebuiltOne(tenant.id, delivery, parts);
        if (heldBack) return new HeldBack(heldBack);
        if (body.as === "rebuilt" && payload === undefined)
          throw new Failure("conflict", `it cannot be made anew: ${unknown}`);
        const { datasetId, seq } = delivery;
        await parts.store.web(tenant.id, (trx) =>
          writeAudit(
            trx,
            tenant.id,
            { who: call.who, what: "delivery.sent_again", about: { datasetId, seq, as: body.as } },
            now,
          ),
        );
        const anew = body.as === "rebuilt" && payload !== undefined ? { payload } : {};
        const taken = await parts.store.outbox.redrive(tenant.id, datasetId, [{ seq, ...anew }], now);
        if (taken.length === 0) throw new Failure("conflict", "somebody else has sent it again meanwhile");
        parts.wake("send");
        const { connectionId, record, place } = delivery;
        const moved = await parts.store.web(tenant.id, (trx) =>
          findDeliveryOfEntry(trx, tenant.id, connectionId, record, place),
        );
        return { datasetId, seq: moved?.seq ?? seq };
      },
    },
    parts,
  ),
];

/** @throws Failure `conflict` for an event that was not given up */
async function refusedIn(call: Parameters<typeof deliveryIn>[0], parts: ApiParts): Promise<DeliveryState> {
  const delivery = await deliveryIn(call, parts);
  if (String(delivery.seq) !== String(call.params.seq))
    throw new Failure("conflict", `it was sent again, as number ${delivery.seq}`);
  if (delivery.state !== "refused") throw new Failure("conflict", `it is ${delivery.state}, not refused`);
  return delivery;
}

async function rebuiltOne(tenantId: TenantId, delivery: DeliveryState, parts: ApiParts): Promise<Rebuilt> {
  const [made] = await rebuiltAll(tenantId, [delivery], parts);
  return made ?? {};
}
