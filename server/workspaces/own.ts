import { readFileSync } from "node:fs";
import { inHousePipelines } from "../../connectors/http/index.ts";
import type { Account, AnyConnector } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import { type Choice, draft, type MappingRow, rowsOf } from "../../core/mapping-rows.ts";
import type { Connection } from "../../core/types.ts";
import { type AccessParts, createAccess } from "../access/access.ts";
import type { Grant } from "../access/grant.ts";
import type { Config } from "../config.ts";
import { claimAccount } from "../store/claimed-accounts.ts";
import { changeConnection, listConnections } from "../store/connections.ts";
import { findMapping, saveMapping } from "../store/mappings.ts";
import { goLive } from "./go-live.ts";
import { connectCrm, connectMeta, ensureIngestSecret, ensureTenant, type WorkspaceParts } from "./workspace.ts";

/** The one workspace of a self-hosted server whose accounts are named in the environment. */
export async function openOwn(
  config: Config,
  connectors: ReadonlyMap<string, AnyConnector>,
  access: AccessParts,
  parts: WorkspaceParts,
): Promise<{ readonly ingest?: { connection: Connection; secret: string } }> {
  const { clock } = parts;
  const { DEFAULT_COUNTRY: defaultCountry, ALERT_TO: alertTo } = config;
  const said = { ...(defaultCountry !== undefined && { defaultCountry }), ...(alertTo && { alertTo }) };
  const tenant = await ensureTenant("Workspace", said, parts);
  const { META_DATASET_ID: metaId, META_ACCESS_TOKEN: token, META_APP_SECRET: appSecret, GO_LIVE: live } = config;
  const dataset =
    metaId !== undefined && token !== undefined
      ? await connectMeta(
          tenant.id,
          { metaId, name: `Dataset ${metaId}` },
          { token, ...(appSecret && { appSecret }) },
          parts,
        )
      : undefined;
  const common = {
    tenantId: tenant.id,
    ...(dataset && { datasetId: dataset }),
  };
  const sendFrom = new Date(clock.now().getTime() - (live === "last-7-days" ? 7 * 86_400_000 : 0));

  const known = await listConnections(parts.store.db, tenant.id);
  for (const [id, grant] of grantsOf(config)) {
    const connector = connectors.get(id);
    if (!connector) throw new Failure("config_invalid", `no connector is called ${id}`);
    const accountId = known.find((connection) => connection.connector === id)?.accountId ?? unnamed;
    const made = await connectCrm({ ...common, connector: id, accountId, name: id, config: {} }, grant, parts);
    const account = await accountOf(made, connector, access);
    await changeConnection(parts.store.db, tenant.id, made.id, {
      ...(account && { name: account.name, accountId: account.id }),
      ...(common.datasetId && { datasetId: common.datasetId }),
    });
    const claim = account && { provider: id, accountId: account.id, tenantId: tenant.id, ownerId: made.id };
    if (claim) await claimAccount(parts.store.db, claim, clock.now());
    // Going live is said once; the moment it was said stays.
    if (dataset && live && !made.sendFrom) await goLive(made, sendFrom, parts);
  }
  const inHouse = await openInHouse(common, config, connectors, parts);
  return { ingest: { connection: inHouse, secret: await ensureIngestSecret(inHouse, parts) } };
}

/** The in-house CRM with the pipelines that its file declares; the mapping follows when they change. */
async function openInHouse(
  common: Pick<Connection, "tenantId" | "datasetId">,
  config: Config,
  connectors: ReadonlyMap<string, AnyConnector>,
  parts: WorkspaceParts,
): Promise<Connection> {
  const { store, clock } = parts;
  const file = config.IN_HOUSE_PIPELINES;
  const declared = connectors.get("http")?.config.safeParse(file ? jsonOf(file) : {});
  if (!declared?.success)
    throw new Failure("config_invalid", `IN_HOUSE_PIPELINES: ${declared?.error.issues[0]?.message}`);
  // What is pushed is meant to be sent, however old; Meta's own limit stays.
  const wanted = { ...common, sendFrom: new Date(0), connector: "http", accountId: "in-house", name: "In-house CRM" };
  const made = await connectCrm({ ...wanted, config: declared.data }, undefined, parts);
  const { datasetId } = common;
  await changeConnection(store.db, made.tenantId, made.id, { config: declared.data, ...(datasetId && { datasetId }) });
  const saved = await findMapping(store.db, made.tenantId, made.id);
  if (saved && JSON.stringify(made.config) !== JSON.stringify(declared.data)) {
    const { version: from } = saved.mapping;
    const rows = rowsOf(inHousePipelines(declared.data), saved.mapping);
    const next = { from, mapping: draft(follow(rows), rows, saved.mapping).mapping, savedBy: "IN_HOUSE_PIPELINES" };
    await saveMapping(store.db, made.tenantId, made.id, next, clock.now());
  }
  return made;
}

/** New stages as their names suggest, deleted ones switched off; what somebody chose for the others stays. */
const follow = (rows: readonly MappingRow[]): readonly Choice[] =>
  rows.flatMap(({ state, rule, suggestion }) => {
    if (state === "new") return suggestion ?? [];
    return state === "gone" && rule ? { ...rule, send: false } : [];
  });

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Failure(
      "config_invalid",
      `IN_HOUSE_PIPELINES: ${error instanceof Error ? error.message : "not readable"}`,
    );
  }
}

/** Until the vendor has told us which account the credentials open. */
const unnamed = "unnamed";

/** Webhooks name the account. A vendor that does not answer just now is asked again at the next start. */
async function accountOf(
  connection: Connection,
  connector: AnyConnector,
  access: AccessParts,
): Promise<Account | undefined> {
  try {
    return await connector.account(await createAccess(connection, connector, access));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    access.log.warn(`Which ${connector.manifest.crmName} account this is, is not known yet: ${error.message}`, {
      code: error.code,
    });
    return undefined;
  }
}

function grantsOf(config: Config): readonly (readonly [string, Grant])[] {
  const { HUBSPOT_ACCESS_TOKEN, SALESFORCE_MY_DOMAIN, SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET } = config;
  const grants: (readonly [string, Grant])[] = [];
  if (HUBSPOT_ACCESS_TOKEN) grants.push(["hubspot", { type: "static", accessToken: HUBSPOT_ACCESS_TOKEN }]);
  if (SALESFORCE_MY_DOMAIN && SALESFORCE_CLIENT_ID && SALESFORCE_CLIENT_SECRET)
    grants.push([
      "salesforce",
      {
        type: "client_credentials",
        clientId: SALESFORCE_CLIENT_ID,
        clientSecret: SALESFORCE_CLIENT_SECRET,
        apiUrl: SALESFORCE_MY_DOMAIN,
      },
    ]);
  return grants;
}
