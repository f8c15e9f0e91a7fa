import { mostEvents } from "../../core/decide.ts";
import { Failure } from "../../core/errors.ts";
import { indexMapping } from "../../core/mapping.ts";
import type { Connection, ConnectionId, StageMapping, Tenant, TenantId } from "../../core/types.ts";
import { type GoLiveView, goLiveAsked, goLiveView, wentLive } from "../api/go-live.ts";
import { accountStates } from "../store/accounts.ts";
import { writeAudit } from "../store/audit.ts";
import { changeConnection, findConnection } from "../store/connections.ts";
import { listReached } from "../store/datasets.ts";
import { findMapping } from "../store/mappings.ts";
import { setMark } from "../store/setup-marks.ts";
import { undecidedSince } from "../store/undecided.ts";
import { goLive } from "../workspaces/go-live.ts";
import { type ApiParts, apiRoute, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

const weekMs = 7 * 86_400_000;
/** Records that are looked at to count what a choice would send; who has more is told that there are more. */
const mostRecords = 20_000;

/** From which moment on an account's stage changes are sent, and to which dataset. */
export const goLiveRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/connections/:id/go-live",
      who: "viewer",
      limit: "costly",
      summary: "Whether a connection's changes are sent, where they could go, and how many each choice would send",
      answer: goLiveView,
      handle: async ({ tenant, params, now }) => {
        const connection = await connectionIn(params, tenant.id, parts);
        const { sendFrom, datasetId, connector, name, id } = connection;
        const datasets = await openDatasets(tenant.id, parts);
        const chosen = datasets.find((one) => one.id === datasetId);
        const saved = await parts.store.web(tenant.id, (trx) => findMapping(trx, tenant.id, id));
        const rules = saved?.mapping.rules ?? [];
        return {
          asOf: now.toISOString(),
          live: sendFrom !== undefined,
          ...(chosen && { dataset: chosen.id }),
          datasets: datasets.map(({ id, name, metaId }) => ({ id, name, metaId })),
          account: { crmName: parts.connectors.get(connector)?.manifest.crmName ?? connector, name },
          stages: {
            mappingVersion: saved?.mapping.version ?? 0,
            sent: rules.filter(({ send }) => send).map(({ pipelineId, eventName }) => ({ pipelineId, eventName })),
            ignored: rules.filter(({ send }) => !send).length,
          },
          events: {
            now: 0 as const,
            ...(sendFrom
              ? { lastSevenDays: 0, partial: false }
              : await lastSevenDays(tenant, connection, saved?.mapping, now, parts)),
          },
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
          const saved = await findMapping(trx, tenant.id, id);
          if (saved && !saved.mapping.rules.some(({ send }) => send))
            throw new Failure("conflict", "no stage is sent; switch one on in the mapping first");
          if (connection.datasetId !== dataset.id)
            await changeConnection(trx, tenant.id, id, { datasetId: dataset.id });
          const about = { id, dataset: dataset.id, from: body.from };
          await writeAudit(trx, tenant.id, { who, what: "connection.live", about }, now);
          await setMark(trx, tenant.id, id, { mark: "live", how: "done", who }, now);
        });
        await goLive(connection, new Date(now.getTime() - (body.from === "now" ? 0 : weekMs)), parts);
        parts.wake("read");
        return { live: true as const, dataset: dataset.id };
      },
    },
    parts,
  ),
];

/** By the rules by which the reader will decide; whether Meta can recognise a lead is only known when it is looked up. */
async function lastSevenDays(
  tenant: Tenant,
  { id, connector }: Connection,
  mapping: StageMapping | undefined,
  now: Date,
  { store, connectors }: ApiParts,
): Promise<Pick<GoLiveView["events"], "lastSevenDays" | "partial">> {
  const sendFrom = new Date(now.getTime() - weekMs);
  const { account, undecided } = await store.web(tenant.id, async (trx) => ({
    account: (await accountStates(trx, tenant.id)).find((one) => one.id === id),
    undecided: await undecidedSince(trx, tenant.id, id, sendFrom, mostRecords),
  }));
  if (!mapping) return { lastSevenDays: 0, partial: true };
  const setting = {
    tenant,
    connection: { id, sendFrom },
    leadEventSource: connectors.get(connector)?.manifest.crmName ?? connector,
    mapping: indexMapping(mapping),
  };
  const events = undecided.records.reduce((sum, known) => sum + mostEvents(known, setting, now), 0);
  return { lastSevenDays: events, partial: undecided.more || (account?.firstReading ?? true) };
}

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
