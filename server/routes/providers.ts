import type { AnyConnector } from "../../core/connector.ts";
import { type ProvidersView, providersView } from "../api/providers.ts";
import type { InstallParts } from "../install/parts.ts";
import { apiRoute } from "./api-route.ts";
import type { Route } from "./route.ts";

/** `GET /api/v1/providers`: the manifests, as far as whoever may install is to see them. */
export const providersRoute = (parts: InstallParts): Route =>
  apiRoute(
    {
      path: "/providers",
      who: "anyone",
      summary: "The CRMs that can be connected, what is asked for at each, and why",
      answer: providersView,
      handle: async () => ({ providers: [...parts.connectors.values()].flatMap((one) => viewOf(one, parts)) }),
    },
    parts,
  );

/** None where access is given in another way. */
function viewOf({ manifest }: AnyConnector, { access, simulated }: InstallParts): ProvidersView["providers"] {
  const { id, crmName, oauth, scopes } = manifest;
  if (!oauth) return [];
  const there = simulated?.[id];
  const own = typeof there === "object" ? [...there.own] : [];
  return [
    {
      id,
      crmName,
      configured: access.app?.(id) !== undefined,
      startPath: `/install/${id}`,
      // A simulated vendor has the places that were started.
      places: oauth.places
        .filter((place) => typeof there !== "object" || there.places[place.id] !== undefined)
        .map((place) => ({ id: place.id, label: place.label })),
      ...(oauth.ownHosts && { ownHosts: { pattern: oauth.ownHosts.source, simulated: own } }),
      scopes: scopes.map(({ scope, required, reason }) => ({ scope, required, reason })),
    },
  ];
}
