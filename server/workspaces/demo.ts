import type { Connection } from "../../core/types.ts";
import type { Simulated } from "../simulated.ts";
import { listConnections } from "../store/connections.ts";
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

const name = "Demo workspace";
const week = 7 * 86_400_000;
/** What is pushed is meant to be sent, however old; Meta's own limit stays. */
const everything = new Date(0);

/**
 * The workspace that `npm start` opens on: simulated HubSpot, Salesforce and an in-house CRM, all live, all sending to one
 * simulated dataset. Made once; a start that was killed half-way goes on where it was.
 */
export async function openDemo(
  simulated: Simulated,
  from: "from-now" | "last-7-days",
  parts: WorkspaceParts,
): Promise<Demo> {
  const { store, vault, clock } = parts;
  const tenant = await ensureTenant(name, "US", parts);
  const app = { tenantId: tenant.id, ownerId: "app:hubspot", kind: "client" };
  let connections = await listConnections(store.db, tenant.id);
  const has = (connector: string): boolean => connections.some((connection) => connection.connector === connector);
  if (!has("http")) {
    const meta = await simulated.act<{ datasetId: string; token: string }>("meta", "grant", { name: "Demo leads" });
    const datasetId = await connectMeta(
      tenant.id,
      { metaId: meta.datasetId, name: "Demo leads" },
      { token: meta.token },
      parts,
    );
    const sendFrom = new Date(clock.now().getTime() - (from === "last-7-days" ? week : 0));
    const common = { tenantId: tenant.id, datasetId, sendFrom };
    for (const [connector, label] of [
      ["hubspot", "Northwind Dental (HubSpot)"],
      ["salesforce", "Halden Solar (Salesforce)"],
    ] as const) {
      if (has(connector)) continue;
      const { accountId, ...client } = await simulated.act<CrmGrant>(connector, "grant", {});
      const { clientId, clientSecret, refreshToken } = client;
      await connectCrm(
        { ...common, connector, accountId, name: label, config: {} },
        { type: "refresh_token", clientId, clientSecret, refreshToken },
        parts,
      );
      if (connector === "hubspot") {
        const seen = (await loadSecret(store.db, app))?.generation ?? 0;
        await saveSecret(store.db, app, vault.seal(app, clientSecret), seen, clock.now());
      }
    }
    // Last, for its being there says that the others are.
    await connectCrm(
      {
        ...common,
        sendFrom: everything,
        connector: "http",
        accountId: "in-house",
        name: "In-house CRM",
        config: { pipelines },
      },
      undefined,
      parts,
    );
    connections = await listConnections(store.db, tenant.id);
  }
  const connection = connections.find(({ connector }) => connector === "http");
  const sealed = await loadSecret(store.db, app);
  if (!connection || !sealed) throw new TypeError("the demo workspace is incomplete");
  return {
    ingest: { connection, secret: await ensureIngestSecret(connection, parts) },
    webhookSecret: vault.open(app, sealed),
  };
}

/** A hardware seller's funnel, as its in-house CRM names it. */
const pipelines = [
  {
    id: "sales",
    label: "Sales",
    object: "lead",
    stages: [
      { id: "Prospecting", label: "Prospecting", outcome: "open" },
      { id: "Engaging", label: "Engaging", outcome: "open" },
      { id: "Won", label: "Won", outcome: "won" },
      { id: "Lost", label: "Lost", outcome: "lost" },
    ],
  },
];
