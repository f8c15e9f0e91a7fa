import { Failure } from "../../core/errors.ts";
import { nothing } from "../api/operations.ts";
import { workspaceEnding, workspaceEraseAsked, workspaceKept, workspaceView } from "../api/workspace.ts";
import { askToEnd, keepAfterAll } from "../lifecycle/erase-workspace.ts";
import { endsAt, holdingsOf } from "../store/tenants.ts";
import { type ApiParts, apiRoute } from "./api-route.ts";
import type { Route } from "./route.ts";

/** The end of a workspace, and its being kept after all. */
export const workspaceRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/workspace",
      who: "viewer",
      summary: "The workspace, what is in it, and when it ends",
      answer: workspaceView,
      handle: async ({ tenant }) => {
        const { ends, holds } = await parts.store.web(tenant.id, async (trx) => ({
          ends: await endsAt(trx, tenant.id),
          holds: await holdingsOf(trx, tenant.id),
        }));
        return { name: tenant.name, ...(ends && { endsAt: ends.toISOString() }), holds };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/workspace/erase",
      who: "owner",
      summary: "Erase the workspace and everything in it, now or in some days",
      body: workspaceEraseAsked,
      answer: workspaceEnding,
      handle: async ({ tenant, who, body }) => {
        if (body.name !== tenant.name) throw new Failure("input_invalid", "name: type the workspace's name as it is");
        const { receipt, endsAt } = await askToEnd(tenant, body.graceDays, who, parts);
        return { endsAt: endsAt.toISOString(), receipt: `${parts.publicUrl()}/receipts/${receipt}` };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/workspace/keep",
      who: "owner",
      summary: "Keep a workspace that was to be erased",
      body: nothing,
      answer: workspaceKept,
      handle: async ({ tenant, who }) => {
        await keepAfterAll(tenant, who, parts);
        return { kept: true as const };
      },
    },
    parts,
  ),
];
