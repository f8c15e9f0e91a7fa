import { refusals } from "../../core/problems.ts";
import { deliveryChoices } from "../api/deliveries.ts";
import { reasonOf } from "../api/words.ts";
import { listConnections } from "../store/connections.ts";
import { reasonCounts, standing } from "../store/delivery-counts.ts";
import { listedFrom } from "../store/delivery-list.ts";
import { type ApiParts, apiRoute } from "./api-route.ts";
import { labelsOf } from "./listed-delivery.ts";
import type { Route } from "./route.ts";

/** `GET /api/v1/deliveries/choices`: only what there is can be chosen. */
export const choicesRoute = ({ store, clock }: ApiParts): Route =>
  apiRoute(
    {
      path: "/deliveries/choices",
      who: "viewer",
      summary: "What the deliveries can be filtered by",
      answer: deliveryChoices,
      handle: async ({ tenant, now }) => {
        const since = listedFrom(now);
        return await store.web(tenant.id, async (trx) => {
          const accounts = (await listConnections(trx, tenant.id)).map(({ id }) => id as string);
          const labels = await labelsOf(trx, tenant.id);
          const reasons = await reasonCounts(trx, tenant.id, since);
          return {
            reasons: reasons.map(({ code }) => ({
              code,
              title: reasonOf(code).title,
              refused: Object.hasOwn(refusals, code),
            })),
            stages: [...labels]
              .map(([{ connectionId, pipelineId, stageId }, { pipelineLabel, label, position }]) => ({
                connectionId,
                pipelineId,
                pipeline: pipelineLabel ?? pipelineId,
                stageId,
                stage: label ?? stageId,
                position,
              }))
              .sort(
                (a, b) =>
                  accounts.indexOf(a.connectionId) - accounts.indexOf(b.connectionId) ||
                  a.pipeline.localeCompare(b.pipeline) ||
                  a.position - b.position,
              ),
            counts: await standing(trx, tenant.id, since),
            keptFrom: since.toISOString(),
          };
        });
      },
    },
    { clock },
  );
