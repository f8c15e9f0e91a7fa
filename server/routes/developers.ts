import { randomBytes } from "node:crypto";
import { inHousePipelines } from "../../connectors/http/index.ts";
import { Failure } from "../../core/errors.ts";
import type { Connection, ConnectionId, Tenant } from "../../core/types.ts";
import { type DevelopersView, developersView, type PushedConnection, signingSecretMade } from "../api/developers.ts";
import { nothing } from "../api/operations.ts";
import { examplesOf } from "../developers/examples.ts";
import { writeAudit } from "../store/audit.ts";
import { findConnection, listConnections } from "../store/connections.ts";
import { listDatasets } from "../store/datasets.ts";
import { liveIngestKeys } from "../store/ingest-keys.ts";
import { loadSecret, saveSecret, secretSince } from "../store/secrets.ts";
import type { Vault } from "../store/vault.ts";
import { ingestSecretOf } from "../workspaces/workspace.ts";
import { type ApiParts, apiRoute, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

type Parts = ApiParts & { readonly vault: Vault };

/** Addresses, ids and calls to paste, and the secret with which an in-house CRM signs. */
export const developerRoutes = (parts: Parts): readonly Route[] => [
  apiRoute(
    {
      path: "/developers",
      who: "viewer",
      summary: "Addresses, ids and calls to paste, for those who program against us",
      answer: developersView,
      handle: async ({ tenant, now }) => await view(tenant, now, parts),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/connections/:id/signing-secret",
      who: "admin",
      summary: "Make a new signing secret in the place of the one there is; it is shown once",
      limit: "costly",
      body: nothing,
      answer: signingSecretMade,
      handle: async ({ tenant, who, now, params }) => {
        const id = idIn<ConnectionId>(params, "id", "con");
        const place = ingestSecretOf({ tenantId: tenant.id, id });
        const secret = `whsec_${randomBytes(32).toString("base64")}`;
        // The web role sees no secret: what is asked is checked in its place.
        const connection = await parts.store.web(tenant.id, (trx) => findConnection(trx, tenant.id, id));
        if (!connection) throw new Failure("not_found", `connection ${id}`);
        if (connection.connector !== "http") throw new Failure("conflict", "nothing is pushed to this connection");
        await parts.store.db.transaction().execute(async (trx) => {
          const seen = (await loadSecret(trx, place))?.generation ?? 0;
          if (!(await saveSecret(trx, place, parts.vault.seal(place, secret), seen, now)))
            throw new Failure("conflict", "somebody else has just made a new one");
          await writeAudit(trx, tenant.id, { who, what: "signing_secret.made", about: { connection: id } }, now);
        });
        return { secret, since: now.toISOString() };
      },
    },
    parts,
  ),
];

async function view(tenant: Tenant, now: Date, { store, connectors, publicUrl }: Parts): Promise<DevelopersView> {
  const url = publicUrl();
  const seen = await store.web(tenant.id, async (trx) => {
    const connections = await listConnections(trx, tenant.id);
    const live = new Map<ConnectionId, number>();
    for (const { id, connector } of connections)
      if (connector === "http") live.set(id, (await liveIngestKeys(trx, { tenantId: tenant.id, id }, now)).length);
    return { connections, live, datasets: await listDatasets(trx, tenant.id) };
  });
  const pushed: PushedConnection[] = [];
  for (const connection of seen.connections.filter(({ connector }) => connector === "http")) {
    const since = await secretSince(store.db, ingestSecretOf(connection));
    pushed.push({
      ...pushedTo(connection, url),
      ...(since && { secretSince: since.toISOString() }),
      liveKeys: seen.live.get(connection.id) ?? 0,
    });
  }
  const ids = (kind: "connection" | "dataset", all: readonly { readonly id: string; readonly name: string }[]) =>
    all.map(({ id, name }) => ({ kind, id, name }));
  return {
    url,
    workspace: { id: tenant.id, name: tenant.name },
    connections: pushed,
    webhooks: [...connectors.values()]
      .filter(({ doorbell }) => doorbell?.kind === "webhook")
      .map(({ manifest: { id, crmName } }) => ({ crmName, address: `${url}/webhooks/${id}` })),
    ids: [...ids("connection", seen.connections), ...ids("dataset", seen.datasets)],
    addresses: {
      health: `${url}/healthz`,
      ready: `${url}/readyz`,
      openapi: `${url}/api/v1/openapi.json`,
      reference: `${url}/api/reference`,
    },
  };
}

function pushedTo({ id, name, config }: Connection, url: string): Omit<PushedConnection, "secretSince" | "liveKeys"> {
  const address = `${url}/ingest/v1/stage-changes/${id}`;
  const outcomesAddress = `${url}/ingest/v1/outcomes/${id}`;
  const [pipeline] = inHousePipelines(config as Parameters<typeof inHousePipelines>[0]);
  return { id, name, address, outcomesAddress, examples: [...examplesOf({ address, outcomesAddress, pipeline })] };
}
