import { Failure } from "../../core/errors.ts";
import type { Connection, ConnectionId, TenantId } from "../../core/types.ts";
import { goLiveAsked, goLiveView, wentLive } from "../api/go-live.ts";
import { writeAudit } from "../store/audit.ts";
import { changeConnection, findConnection } from "../store/connections.ts";
import { listReached } from "../store/datasets.ts";
import { goLive } from "../workspaces/go-live.ts";
import { type ApiParts, apiRoute, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

const weekMs = 7 * 86_400_000;

/** From which moment on an account's stage changes are sent, and to which dataset. */
export const goLiveRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/connections/:id/go-live",
      who: "viewer",
      summary: "Whether a connection's changes are sent, and where they could go",
      answer: goLiveView,
      handle: async ({ tenant, params }) => {
        const { sendFrom, datasetId } = await connectionIn(params, tenant.id, parts);
        const datasets = await openDatasets(tenant.id, parts);
        const chosen = datasets.find(({ id }) => id === datasetId);
        return {
          live: sendFrom !== undefined,
          ...(chosen && { dataset: chosen.id }),
          datasets: datasets.map(({ id, name, metaId }) => ({ id, name, metaId })),
        };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/connections/:id/go-live",
      who: "admin",
      summary: "Send a connection's stage changes from now on, or those of the last seven days as well",
      body: goLiveAsked,
      answer: wentLive,
      handle: async ({ tenant, who, params, body, now }) => {
        const connection = await connectionIn(params, tenant.id, parts);
        if (connection.sendFrom) throw new Failure("conflict", "it is live already");
        const wanted = body.dataset ?? connection.datasetId;
        const dataset = (await openDatasets(tenant.id, parts)).find(({ id }) => id === wanted);
        if (!dataset) throw new Failure("conflict", "connect the dataset at Meta first that its events are to go to");
        const { id } = connection;
        await parts.store.web(tenant.id, async (trx) => {
          if (connection.datasetId !== dataset.id)
            await changeConnection(trx, tenant.id, id, { datasetId: dataset.id });
          const about = { id, dataset: dataset.id, from: body.from };
          await writeAudit(trx, tenant.id, { who, what: "connection.live", about }, now);
        });
        await goLive(connection, new Date(now.getTime() - (body.from === "now" ? 0 : weekMs)), parts);
        parts.wake("read");
        return { live: true as const, dataset: dataset.id };
      },
    },
    parts,
  ),
];

/** @throws Failure `not_found` */
async function connectionIn(
  params: Parameters<typeof idIn>[0],
  tenantId: TenantId,
  { store }: ApiParts,
): Promise<Connection> {
  const id = idIn<ConnectionId>(params, "id", "con");
  const connection = await store.web(tenantId, (trx) => findConnection(trx, tenantId, id));
  if (!connection) throw new Failure("not_found", `connection ${id}`);
  return connection;
}

async function openDatasets(tenantId: TenantId, { store }: ApiParts) {
  const all = await store.web(tenantId, (trx) => listReached(trx, tenantId));
  return all.filter(({ disconnectedAt }) => !disconnectedAt);
}
