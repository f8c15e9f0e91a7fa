import { hash, randomBytes } from "node:crypto";
import type { Clock } from "../../core/ports.ts";
import { type Connection, type DatasetId, matchKeyNames, type Tenant, type TenantId } from "../../core/types.ts";
import { grantOf } from "../access/access.ts";
import type { Grant } from "../access/grant.ts";
import type { Tokens } from "../access/tokens.ts";
import { keepDataset } from "../meta/keep-dataset.ts";
import { writeAudit } from "../store/audit.ts";
import { addConnection, type NewConnection } from "../store/connections.ts";
import { reviveLane } from "../store/lanes.ts";
import type { Store } from "../store/open.ts";
import { loadSecret, saveSecret } from "../store/secrets.ts";
import { findTenantSettings } from "../store/tenant-settings.ts";
import { addTenant, changeTenant, findTenant } from "../store/tenants.ts";
import type { Vault } from "../store/vault.ts";
import type { MetaAccess } from "../workers/sending.ts";

export interface WorkspaceParts {
  readonly store: Store;
  readonly vault: Vault;
  readonly tokens: Tokens;
  readonly clock: Clock;
}

/**
 * The tenant of this name, made where there is none. What is said of its country and whom to write to holds until somebody
 * saves settings of their own in the console.
 */
export async function ensureTenant(
  name: string,
  said: Partial<Pick<Tenant, "defaultCountry" | "alertTo">>,
  { store, clock }: WorkspaceParts,
): Promise<Tenant> {
  // The name decides the id: of two processes that start at once on an empty database, one makes it and both use it.
  const id = idOfNamed(name);
  return await store.db.transaction().execute(async (trx) => {
    const now = clock.now();
    if (await addTenant(trx, { name, allowedKeys: matchKeyNames, ...said }, now, id))
      await writeAudit(trx, id, { who: "operator", what: "workspace.made", about: {} }, now);
    const settings = await findTenantSettings(trx, id);
    if (settings?.version === 1) await changeTenant(trx, id, { ...settings, ...said });
    const tenant = await findTenant(trx, id);
    if (!tenant) throw new TypeError("a workspace vanished while it was made");
    return tenant;
  });
}

/** Of a workspace that the server makes for itself; those that people make have ids of chance. */
export const idOfNamed = (name: string): TenantId => `ten_${hash("sha256", name).slice(0, 10)}` as TenantId;

/** The dataset with Meta's number and the access to it; connecting again replaces the access and sends what waited. */
export async function connectMeta(
  tenantId: TenantId,
  dataset: { readonly metaId: string; readonly name: string },
  access: MetaAccess,
  { store, vault, clock }: WorkspaceParts,
): Promise<DatasetId> {
  return await store.db.transaction().execute(async (trx) => {
    const made = await keepDataset(trx, { tenantId, ...dataset }, access, vault, clock.now());
    return made.id;
  });
}

/** The connection and its grant, together or not at all; connecting again replaces the grant and reads on where it was. */
export async function connectCrm(
  connection: NewConnection,
  grant: Grant | undefined,
  { store, tokens, clock }: WorkspaceParts,
): Promise<Connection> {
  return await store.db.transaction().execute(async (trx) => {
    const made = await addConnection(trx, connection, clock.now());
    if (grant) await tokens.store(grantOf(made), grant, trx);
    if (made.pausedReason) await reviveLane(trx, { tenantId: made.tenantId, kind: "read", id: made.id }, clock.now());
    return made;
  });
}

/** The secret with which a CRM signs what it pushes (Standard Webhooks form); it also serves as a bearer key. */
export async function ensureIngestSecret(connection: Connection, parts: WorkspaceParts): Promise<string> {
  const { store, vault, clock } = parts;
  const place = ingestSecretOf(connection);
  const sealed = await loadSecret(store.db, place);
  if (sealed) return vault.open(place, sealed);
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const made = await saveSecret(store.db, place, vault.seal(place, secret), 0, clock.now());
  return made ? secret : await ensureIngestSecret(connection, parts); // another process was faster
}

export const ingestSecretOf = ({ tenantId, id }: Pick<Connection, "tenantId" | "id">) => ({
  tenantId,
  ownerId: id,
  kind: "ingest",
});
