import type { Connection, DatasetId, TenantId } from "../../core/types.ts";
import type { Simulated } from "../simulated.ts";
import { claimAccount } from "../store/claimed-accounts.ts";
import { listConnections } from "../store/connections.ts";
import { datasetStates } from "../store/overview.ts";
import { loadSecret, saveSecret } from "../store/secrets.ts";
import { connectCrm, connectMeta, ensureIngestSecret, ensureTenant, type WorkspaceParts } from "./workspace.ts";

/** What an admin's consent in a simulated CRM gives us. */
interface CrmGrant {
  readonly accountId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

export interface Demo {
  /** Where an in-house CRM pushes to, and with which key. */
  readonly ingest: { readonly connection: Connection; readonly secret: string };
  readonly webhookSecret: string;
}

export const demoName = "Demo workspace";
const week = 7 * 86_400_000;
/** What is pushed is meant to be sent, however old; Meta's own limit stays. */
const everything = new Date(0);

/**
 * The workspace that `npm start` opens on: simulated HubSpot, Salesforce and an in-house CRM, all live, all sending to one
 * simulated dataset. Each part is made once, so a start that was killed half-way goes on where it was; what has been
 * disconnected since is connected again.
 */
export async function openDemo(
  simulated: Simulated,
  from: "from-now" | "last-7-days",
  parts: WorkspaceParts,
): Promise<Demo> {
  const { store, vault, clock } = parts;
  const tenant = await ensureTenant(demoName, { defaultCountry: "US", alertTo: ["admin@northwind.example"] }, parts);
  const datasetId = await demoDataset(tenant.id, simulated, parts);
  const common = { tenantId: tenant.id, datasetId };
  const sendFrom = new Date(clock.now().getTime() - (from === "last-7-days" ? week : 0));
  const app = { tenantId: tenant.id, ownerId: "app:hubspot", kind: "client" };
  const known = await listConnections(store.db, tenant.id);
  for (const [connector, label] of crms) {
    const connected = known.find((connection) => connection.connector === connector);
    if (connected && !connected.pausedReason) continue;
    const { accountId, clientId, clientSecret, refreshToken } = await simulated.act<CrmGrant>(connector, "grant", {});
    if (connector === "hubspot") {
      const seen = (await loadSecret(store.db, app))?.generation ?? 0;
      await saveSecret(store.db, app, vault.seal(app, clientSecret), seen, clock.now());
    }
    const connection = { ...common, sendFrom, connector, accountId, name: label, config: {} };
    const made = await connectCrm(connection, { type: "refresh_token", clientId, clientSecret, refreshToken }, parts);
    await claimAccount(
      store.db,
      { provider: connector, accountId, tenantId: tenant.id, ownerId: made.id },
      clock.now(),
    );
  }
  const inHouse = { ...common, sendFrom: everything, connector: "http", accountId: "in-house", name: "In-house CRM" };
  const connection = await connectCrm({ ...inHouse, config: { pipelines } }, undefined, parts);
  const sealed = await loadSecret(store.db, app);
  if (!sealed) throw new TypeError("the demo workspace is incomplete");
  return {
    ingest: { connection, secret: await ensureIngestSecret(connection, parts) },
    webhookSecret: vault.open(app, sealed),
  };
}

const crms = [
  ["hubspot", "Northwind Dental (HubSpot)"],
  ["salesforce", "Halden Solar (Salesforce)"],
] as const;

async function demoDataset(tenantId: TenantId, simulated: Simulated, parts: WorkspaceParts): Promise<DatasetId> {
  const now = parts.clock.now();
  const [found] = await datasetStates(parts.store.db, tenantId, now, now);
  if (found && !found.pausedReason) return found.id;
  const wanted = { name: "Demo leads", ...(found && { datasetId: found.metaId }) };
  const { datasetId: metaId, token } = await simulated.act<{ datasetId: string; token: string }>(
    "meta",
    "grant",
    wanted,
  );
  return await connectMeta(tenantId, { metaId, name: wanted.name }, { token }, parts);
}

/** A hardware seller's funnel, as its in-house CRM names it. */
const stages = [
  { id: "Prospecting", label: "Prospecting", outcome: "open" },
  { id: "Engaging", label: "Engaging", outcome: "open" },
  { id: "Won", label: "Won", outcome: "won" },
  { id: "Lost", label: "Lost", outcome: "lost" },
];
/** `default` is the pipeline of pushes that name none. */
const pipelines = ["sales", "default"].map((id) => ({ id, label: id, object: "lead", stages }));
