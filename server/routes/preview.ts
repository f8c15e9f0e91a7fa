import type { ConnectionId } from "../../core/types.ts";
import { previewView } from "../api/preview.ts";
import { explainQuery } from "../api/record.ts";
import { entryStates } from "../store/deliveries.ts";
import { explainAsIfLive } from "../test-event/as-if-live.ts";
import { originsOf } from "../test-event/origins.ts";
import { type ApiParts, apiRoute, idIn } from "./api-route.ts";
import { viewOf } from "./explain.ts";
import type { Route } from "./route.ts";

/** `GET /api/v1/connections/:id/preview`: the events of a record as they would leave, each line with its origin. */
export const previewRoute = (parts: ApiParts): Route =>
  apiRoute(
    {
      path: "/connections/:id/preview",
      who: "viewer",
      limit: "costly",
      summary: "The events of a record as they would leave if the account were live, and where each line comes from",
      query: explainQuery,
      answer: previewView,
      handle: async ({ tenant, now, params, query }) => {
        const record = { object: query.object, id: query.record };
        const id = idIn<ConnectionId>(params, "id", "con");
        const { source, explanation, asIf } = await explainAsIfLive(tenant.id, id, record, parts);
        const states = await parts.store.web(tenant.id, (trx) => entryStates(trx, tenant.id, id, record));
        return {
          asOf: now.toISOString(),
          ...viewOf(explanation, source, states),
          asIfLive: asIf,
          origins: [...originsOf(source, record.object)],
        };
      },
    },
    parts,
  );
