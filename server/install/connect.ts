import type { Transaction } from "kysely";
import { Failure, isFailure } from "../../core/errors.ts";
import type { Connection, ConnectionId, DatasetId, TenantId } from "../../core/types.ts";
import { grantOf } from "../access/access.ts";
import { Grant } from "../access/grant.ts";
import type { ClaimedAccount } from "../store/claimed-accounts.ts";
import { type Connected, connectedBy, markConnected } from "../store/connected.ts";
import { addConnection, findConnection, listConnections } from "../store/connections.ts";
import { listReached } from "../store/datasets.ts";
import type { Install } from "../store/installs.ts";
import { resumeLane } from "../store/lanes.ts";
import { loadSecret } from "../store/secrets.ts";
import type { Tables } from "../store/tables.ts";
import type { Said } from "./confirm.ts";
import { grantIn } from "./let-go.ts";
import type { InstallParts } from "./parts.ts";

/** The connection to an account that is new in this workspace, with its grant. It sends nothing before somebody goes live. */
export async function connect(
  install: Install,
  tenantId: TenantId,
  { allowSandbox }: Said,
  trx: Transaction<Tables>,
  parts: InstallParts,
): Promise<Connection> {
  const now = parts.clock.now();
  const { provider: connector, accountId, about } = install;
  const datasetId = await datasetFor(tenantId, about.sandbox && !allowSandbox, trx);
  const wanted = { tenantId, connector, accountId, name: about.accountName, config: {} };
  const made = await addConnection(trx, { ...wanted, ...(datasetId && { datasetId }) }, now);
  await letIn(made, install, trx, parts);
  return made;
}

/**
 * The workspace's only dataset. A test account's leads are kept out of one that others use: Meta would learn from people who do
 * not exist.
 */
async function datasetFor(
  tenantId: TenantId,
  apart: boolean,
  trx: Transaction<Tables>,
): Promise<DatasetId | undefined> {
  const datasets = (await listReached(trx, tenantId)).filter(({ disconnectedAt }) => !disconnectedAt);
  const [dataset, ...others] = datasets;
  if (!dataset || others.length > 0) return undefined;
  const shared = apart && (await listConnections(trx, tenantId)).some(({ datasetId }) => datasetId === dataset.id);
  return shared ? undefined : dataset.id;
}

/**
 * The new grant instead of the one that the connection has: where that one is dead, or comes of the same person. Who merely signs
 * in does not put their own rights in the place of those that the account is read with.
 *
 * @returns undefined when the connection goes on as it was
 */
export async function reconnect(
  install: Install,
  { tenantId, ownerId }: ClaimedAccount,
  trx: Transaction<Tables>,
  parts: InstallParts,
): Promise<{ readonly connection: Connection; readonly old?: string } | undefined> {
  const id = ownerId as ConnectionId;
  const connection = await findConnection(trx, tenantId, id);
  if (!connection) throw new Failure("conflict", "the account's connection is gone");
  const before = await connectedBy(trx, tenantId, id);
  const old = await refreshTokenOf(connection, trx, parts);
  const dead = connection.pausedReason === "crm_disconnected" || before.disconnected || old === undefined;
  if (!dead && before.by !== undefined && before.by !== install.personId) return undefined;
  await letIn(connection, install, trx, parts);
  return { connection, ...(old !== undefined && { old }) };
}

async function letIn(connection: Connection, install: Install, trx: Transaction<Tables>, parts: InstallParts) {
  const now = parts.clock.now();
  const grant: Grant = grantIn(install, parts);
  await parts.access.tokens.store(grantOf(connection), grant, trx);
  const { scopes, sandbox } = install.about;
  const connected: Connected = { scopes, sandbox, by: install.personId };
  await markConnected(trx, connection.tenantId, connection.id, connected);
  const { tenantId, id } = connection;
  if (connection.pausedReason === "crm_disconnected" || connection.pausedReason === "app_credentials")
    await resumeLane(trx, { tenantId, kind: "read", id }, now);
}

/** Read in the transaction: waiting for another connection while holding one could wait for ever. */
async function refreshTokenOf(
  connection: Connection,
  trx: Transaction<Tables>,
  { vault }: InstallParts,
): Promise<string | undefined> {
  const place = grantOf(connection);
  const sealed = await loadSecret(trx, place);
  if (!sealed) return undefined;
  try {
    const grant = Grant.parse(JSON.parse(vault.open(place, sealed)));
    return grant.type === "refresh_token" ? grant.refreshToken : undefined;
  } catch (error) {
    if (isFailure(error, "secret_unreadable")) return undefined; // it opens nothing any more
    throw error;
  }
}
