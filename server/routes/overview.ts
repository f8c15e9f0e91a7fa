import type { AnyConnector } from "../../core/connector.ts";
import type { Clock } from "../../core/ports.ts";
import { problemOf } from "../../core/problems.ts";
import type { Tenant } from "../../core/types.ts";
import { type ConnectionView, type Overview, overview } from "../api/schema.ts";
import type { Store } from "../store/open.ts";
import { type ConnectionState, connectionStates, datasetStates, outcomeCounts } from "../store/overview.ts";
import { countProblems } from "../store/problem-list.ts";
import { endsAt } from "../store/tenants.ts";
import { statusOf } from "../workspaces/status.ts";
import { apiRoute } from "./api-route.ts";
import type { Route } from "./route.ts";

export interface OverviewParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly demo: boolean;
}

const since = (now: Date): Date => new Date(Math.floor(now.getTime() / 86_400_000 - 27) * 86_400_000);

/** `GET /api/v1/overview`: how everything stands, as every page of the console shows it. */
export const overviewRoute = (parts: OverviewParts): Route =>
  apiRoute(
    {
      path: "/overview",
      who: "viewer",
      summary: "How everything stands: the status sentence, the accounts and the datasets",
      answer: overview,
      handle: async ({ tenant }) => await overviewOf(tenant, parts),
    },
    parts,
  );

async function overviewOf(tenant: Tenant, { store, clock, connectors, demo }: OverviewParts): Promise<Overview> {
  const now = clock.now();
  const from = since(now);
  // One after the other: they share a connection of the tenant's own transaction.
  const seen = await store.web(tenant.id, async (trx) => {
    return {
      connections: await connectionStates(trx, tenant.id),
      // Nothing is counted that the shell does not show: it asks every two seconds.
      datasets: await datasetStates(trx, tenant.id, now, now),
      counts: await outcomeCounts(trx, tenant.id, from),
      problems: await countProblems(trx, tenant.id, now),
      ends: await endsAt(trx, tenant.id),
    };
  });
  const crmName = (connector: string): string => connectors.get(connector)?.manifest.crmName ?? connector;
  const read = seen.counts.filter(({ outcome }) => !outcome.startsWith("dropped:"));
  const sum = (rows: readonly { count: number }[]): number => rows.reduce((all, { count }) => all + count, 0);
  return {
    asOf: now.toISOString(),
    workspace: { name: tenant.name, demo, ...(seen.ends && { endsAt: seen.ends.toISOString() }) },
    status: statusOf(seen.connections, seen.datasets, crmName, now),
    connections: seen.connections.map((connection) => ({
      id: connection.id,
      connector: connection.connector,
      crmName: crmName(connection.connector),
      name: connection.name,
      state: stateOf(connection),
      ...(connection.pausedReason && { pausedCode: connection.pausedReason }),
      ...(connection.lastReadAt && { lastReadAt: connection.lastReadAt.toISOString() }),
      ...(connection.lastChangeAt && { lastChangeAt: connection.lastChangeAt.toISOString() }),
      read: sum(read.filter(({ connectionId }) => connectionId === connection.id)),
    })),
    datasets: seen.datasets.map((dataset) => ({
      id: dataset.id,
      metaId: dataset.metaId,
      name: dataset.name,
      waiting: dataset.waiting,
      ...(dataset.pausedReason && {
        pausedReason: titleOf(dataset.pausedReason),
        pausedCode: dataset.pausedReason,
      }),
      ...(dataset.why && dataset.dueAt && { nextTryAt: dataset.dueAt.toISOString() }),
      ...(dataset.lastAcceptedAt && { lastAcceptedAt: dataset.lastAcceptedAt.toISOString() }),
    })),
    problems: seen.problems,
    pausedByAdmin: [...seen.connections, ...seen.datasets].some(({ pausedReason }) => pausedReason === "by_admin"),
  };
}

function stateOf({ pausedReason, why, lastReadAt, sendFrom }: ConnectionState): ConnectionView["state"] {
  if (pausedReason === "crm_disconnected") return "disconnected";
  if (pausedReason) return "paused";
  if (why) return "limited";
  if (!lastReadAt) return "reading";
  return sendFrom ? "live" : "ready";
}

const titleOf = (code: string): string => problemOf(code).title;
