import type { ConnectionId, DatasetId } from "../../core/types.ts";
import { nothing } from "../api/operations.ts";
import { connectionDisconnected, datasetDisconnectAsked, datasetDisconnected } from "../api/workspace.ts";
import { disconnectConnection, disconnectDataset } from "../lifecycle/disconnect.ts";
import type { LifecycleParts } from "../lifecycle/parts.ts";
import { type ApiParts, apiRoute, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

/** Ending the access to a CRM account, and to a dataset. */
export const disconnectRoutes = (parts: ApiParts & LifecycleParts): readonly Route[] => [
  apiRoute(
    {
      path: "/connections/:id/disconnect",
      who: "admin",
      summary: "End the access to a CRM account; mapping and history stay",
      limit: "costly",
      body: nothing,
      answer: connectionDisconnected,
      handle: async ({ tenant, who, params }) => {
        const id = idIn<ConnectionId>(params, "id", "con");
        const { removed, left, pending } = await disconnectConnection({ tenantId: tenant.id, id, who }, parts);
        return { disconnected: true as const, removed: [...removed], left: [...left], pending };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/datasets/:id/disconnect",
      who: "admin",
      summary: "End the access to a dataset; events that wait keep their deadline",
      body: datasetDisconnectAsked,
      answer: datasetDisconnected,
      handle: async ({ tenant, who, params, body, now }) => {
        const id = idIn<DatasetId>(params, "id", "dst");
        return await disconnectDataset({ tenantId: tenant.id, id, who }, body.confirm, parts.store.db, now);
      },
    },
    parts,
  ),
];
