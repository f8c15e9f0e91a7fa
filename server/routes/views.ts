import { Failure } from "../../core/errors.ts";
import { savedViews, viewAsked, viewFilter, viewRemoved, viewSaved } from "../api/deliveries.ts";
import { nothing } from "../api/operations.ts";
import { writeAudit } from "../store/audit.ts";
import { listViews, mostViews, removeView, type SavedView, saveView } from "../store/saved-views.ts";
import { type ApiParts, apiRoute, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

/** Filters of the deliveries that members of a workspace gave names. */
export const viewRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/views",
      who: "viewer",
      summary: "Saved views of the deliveries",
      answer: savedViews,
      handle: async ({ tenant }) => ({
        views: (await parts.store.web(tenant.id, (trx) => listViews(trx, tenant.id))).map(view),
      }),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/views",
      who: "viewer",
      summary: "Save a filter of the deliveries under a name, for everybody in the workspace",
      body: viewAsked,
      answer: viewSaved,
      handle: async ({ tenant, who, now, body: { name, filter } }) =>
        await parts.store.web(tenant.id, async (trx) => {
          const saved = await saveView(trx, tenant.id, { name, filter, createdBy: who }, now);
          if (!saved)
            throw new Failure("conflict", `there is a view of this name, or there are ${mostViews} views already`);
          await writeAudit(trx, tenant.id, { who, what: "view.saved", about: { id: saved.id } }, now);
          return view(saved);
        }),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/views/:id/remove",
      who: "viewer",
      summary: "Remove a saved view, for everybody in the workspace",
      body: nothing,
      answer: viewRemoved,
      handle: async ({ tenant, who, now, params }) =>
        await parts.store.web(tenant.id, async (trx) => {
          const id = idIn<string>(params, "id", "vew");
          if (!(await removeView(trx, tenant.id, id))) throw new Failure("not_found", `view ${id}`);
          await writeAudit(trx, tenant.id, { who, what: "view.removed", about: { id } }, now);
          return { removed: true as const };
        }),
    },
    parts,
  ),
];

/** What a version before ours let pass, and ours does not, is left out. */
const view = ({ filter, ...named }: SavedView) => ({ ...named, filter: viewFilter.catch({}).parse(filter) });
