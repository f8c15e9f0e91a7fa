import type { AnyConnector } from "../../core/connector.ts";
import type { TenantId } from "../../core/types.ts";
import { type ConnectionsView, connectionsView } from "../api/connections.ts";
import { type ConnectionFacts, connectionFacts, datasetTimes, lastPauses } from "../store/connection-facts.ts";
import { listReached, type ReachedDataset } from "../store/datasets.ts";
import { type ApiParts, apiRoute } from "./api-route.ts";
import { viewOf } from "./datasets.ts";
import type { Route } from "./route.ts";
import { namesOf, somebody } from "./somebody.ts";

/** `GET /api/v1/connections`: the accounts and datasets of the workspace, who granted what, and who paused it. */
export const connectionsRoute = (parts: ApiParts): Route =>
  apiRoute(
    {
      path: "/connections",
      who: "viewer",
      summary: "The connected accounts and datasets: since when, by whom, and what was granted",
      answer: connectionsView,
      handle: async ({ tenant }) => await factsOf(tenant.id, parts),
    },
    parts,
  );

async function factsOf(tenantId: TenantId, { store, connectors }: ApiParts): Promise<ConnectionsView> {
  const seen = await store.web(tenantId, async (trx) => ({
    connections: await connectionFacts(trx, tenantId),
    datasets: await listReached(trx, tenantId),
    times: await datasetTimes(trx, tenantId),
    pauses: await lastPauses(trx, tenantId),
  }));
  const givers = [
    ...seen.connections.map((one) => one.grantedBy),
    ...seen.datasets.map((one) => one.connectedBy ?? null),
  ];
  const names = await namesOf([...givers, ...[...seen.pauses.values()].map(({ who }) => who)], store);
  const pausedIn = (id: string, reason: string | null | undefined) => {
    const last = reason === "by_admin" ? seen.pauses.get(id) : undefined;
    return last && { paused: { at: last.at.toISOString(), by: somebody(last.who, names) } };
  };
  return {
    connections: seen.connections.map((one) => ({
      ...account(one, connectors.get(one.connector)),
      ...(one.grantedBy !== null && { grantedBy: somebody(one.grantedBy, names) }),
      ...pausedIn(one.id, one.pausedReason),
    })),
    datasets: seen.datasets.map((one) => ({
      ...dataset(one, seen.times.get(one.id)?.since),
      ...(one.connectedBy !== undefined && { grantedBy: somebody(one.connectedBy, names) }),
      ...pausedIn(one.id, seen.times.get(one.id)?.pausedReason),
    })),
  };
}

type Account = ConnectionsView["connections"][number];

function account(facts: ConnectionFacts, connector: AnyConnector | undefined): Account {
  const { id, name, accountId, sandbox, since, disconnectedAt, liveSince, dataset, scopes: granted } = facts;
  const { crmName = facts.connector, scopes = [], oauth } = connector?.manifest ?? {};
  return {
    id,
    connector: facts.connector,
    crmName,
    name,
    accountId,
    sandbox,
    since: since.toISOString(),
    ...(disconnectedAt && { disconnectedAt: disconnectedAt.toISOString() }),
    ...(liveSince && { liveSince: liveSince.toISOString() }),
    ...(dataset !== null && { dataset }),
    scopes: scopes.map(({ scope, reason, required }) => ({
      scope,
      reason,
      required,
      ...(granted.length > 0 && { granted: granted.includes(scope) }),
    })),
    // Where there are several places to sign in at, the page on which one is chosen.
    ...(oauth && { startPath: oauth.places.length > 1 || oauth.ownHosts ? "/sign-in" : `/install/${facts.connector}` }),
  };
}

const dataset = (one: ReachedDataset, since = new Date(0)): ConnectionsView["datasets"][number] => ({
  ...viewOf(one, one),
  since: since.toISOString(),
  ...(one.businessId !== undefined && { businessId: one.businessId }),
  ...(one.disconnectedAt && { disconnectedAt: one.disconnectedAt.toISOString() }),
});
