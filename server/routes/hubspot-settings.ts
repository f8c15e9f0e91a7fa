import type { Request } from "express";
import type { AnyConnector, RawRequest } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { TenantId } from "../../core/types.ts";
import { type HubspotSettings, hubspotSettings } from "../api/hubspot-settings.ts";
import { ipKey } from "../sign-in/ip-key.ts";
import { connectionStates, datasetStates } from "../store/overview.ts";
import { findTenant } from "../store/tenants.ts";
import { statusOf } from "../workspaces/status.ts";
import type { ApiParts } from "./api-route.ts";
import type { Route } from "./route.ts";
import { flat, type WebhookParts } from "./webhooks.ts";

type Parts = ApiParts & Pick<WebhookParts, "secrets" | "connections"> & { addressed(): string };

const days = 28;

/**
 * `GET /hubspot/settings`: what our page in the CRM's own settings shows, for the account whose settings are open and for no
 * other. The CRM signs what it asks, and so says which account that is.
 */
export const crmSettings = (connector: AnyConnector, parts: Parts): Route => {
  const { id } = connector.manifest;
  const path = `/${id}/settings`;
  return {
    method: "get",
    path,
    who: "vendor",
    handle: async (request, response) => {
      if (!connector.settingsPage) throw new Failure("not_found", path);
      let accountId: string;
      try {
        ({ accountId } = connector.settingsPage.verify(rawOf(request, parts), await parts.secrets(id)));
      } catch (error) {
        await parts.limits.take("anyone", ipKey(request.ip));
        throw error;
      }
      const known = await parts.connections(id, accountId);
      const [connection] = known;
      // Never one of several: an account that two workspaces have is shown in neither's name.
      if (!connection || known.length > 1) throw new Failure("not_found", "this account is not connected");
      await parts.limits.take("tenant", connection.tenantId);
      response.setHeader("cache-control", "no-store");
      response.json(hubspotSettings.parse(await pageOf(connection.tenantId, connection.id, id, parts)));
    },
  };
};

const rawOf = (request: Request, { clock, addressed }: Parts): RawRequest => ({
  method: "GET",
  url: `${addressed()}${request.originalUrl}`,
  headers: flat(request.headers),
  body: new Uint8Array(),
  receivedAt: clock.now(),
});

async function pageOf(
  tenantId: TenantId,
  connectionId: string,
  connector: string,
  { store, clock, connectors, publicUrl }: Parts,
): Promise<HubspotSettings> {
  const now = clock.now();
  const tenant = await findTenant(store.db, tenantId);
  if (!tenant) throw new Failure("not_found", "this account is not connected");
  const since = new Date(Math.floor(now.getTime() / 86_400_000 - (days - 1)) * 86_400_000);
  const seen = await store.web(tenantId, async (trx) => ({
    connections: await connectionStates(trx, tenantId),
    datasets: await datasetStates(trx, tenantId, since, now),
  }));
  const sum = (what: "accepted" | "waiting") => seen.datasets.reduce((all, dataset) => all + dataset[what], 0);
  const out = seen.connections.some((one) => one.id === connectionId && one.pausedReason === "crm_disconnected");
  const crmName = (of: string): string => connectors.get(of)?.manifest.crmName ?? of;
  return {
    asOf: now.toISOString(),
    workspace: tenant.name,
    status: statusOf(seen.connections, seen.datasets, crmName, now),
    sent: sum("accepted"),
    days,
    waiting: sum("waiting"),
    consoleUrl: `${publicUrl()}/`,
    ...(out && { reconnectUrl: `${publicUrl()}/install/${connector}` }),
  };
}
