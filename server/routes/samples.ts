import { Failure } from "../../core/errors.ts";
import { indexMapping } from "../../core/mapping.ts";
import type { ConnectionId } from "../../core/types.ts";
import { explainQuery } from "../api/record.ts";
import { samples, samplesQuery } from "../api/samples.ts";
import { findConnection } from "../store/connections.ts";
import { findMapping } from "../store/mappings.ts";
import { recentSamples, type Sample } from "../store/samples.ts";
import { type ApiParts, apiRoute, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

const most = 20;

/** `GET /api/v1/connections/:id/samples`: records to look at. */
export const samplesRoute = (parts: ApiParts): Route =>
  apiRoute(
    {
      path: "/connections/:id/samples",
      who: "viewer",
      limit: "costly",
      summary: "Records of a connection whose stage changed last, or the one with this id; by ids, without names",
      query: samplesQuery,
      answer: samples,
      handle: async ({ tenant, now, params, query }) => {
        const id = idIn<ConnectionId>(params, "id", "con");
        const { saved, found } = await parts.store.web(tenant.id, async (trx) => {
          if (!(await findConnection(trx, tenant.id, id))) throw new Failure("not_found", `connection ${id}`);
          const wanted = { limit: most, ...(query.q && { recordId: query.q }) };
          return {
            saved: await findMapping(trx, tenant.id, id),
            found: await recentSamples(trx, tenant.id, id, wanted),
          };
        });
        const mapping = saved && indexMapping(saved.mapping);
        return {
          asOf: now.toISOString(),
          records: found.filter(canBeAsked).map(({ record, pipelineId, stageId, enteredAt }) => {
            const eventName = mapping?.rule(pipelineId, stageId)?.eventName;
            return {
              object: record.object,
              record: record.id,
              pipelineId,
              stageId,
              ...(eventName !== undefined && { eventName }),
              enteredAt: enteredAt.toISOString(),
            };
          }),
        };
      },
    },
    parts,
  );

/** What an in-house CRM calls a record may be longer, or odder, than a question about it takes. */
const canBeAsked = ({ record: { object, id } }: Sample): boolean =>
  explainQuery.safeParse({ object, record: id }).success;
