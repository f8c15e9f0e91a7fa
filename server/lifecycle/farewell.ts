import type { AnyConnector, UninstallReport } from "../../core/connector.ts";
import { isFailure } from "../../core/errors.ts";
import type { Connection } from "../../core/types.ts";
import { createAccess } from "../access/access.ts";
import type { Grant } from "../access/grant.ts";
import type { Tokens } from "../access/tokens.ts";
import { livesOn } from "../install/let-go.ts";
import { placeAt, placeOf } from "../install/places.ts";
import { openVendor } from "../install/vendor.ts";
import { findClaim } from "../store/claimed-accounts.ts";
import { forgetLeaving, leavingOf } from "../store/disconnected.ts";
import type { SecretPlace } from "../store/vault.ts";
import type { LifecycleParts } from "./parts.ts";

/** What became of the app at the CRM. `pending`: the vendor is away, and is told as soon as it is back. */
export interface Farewell extends UninstallReport {
  readonly pending: boolean;
}

/**
 * Takes leave of the CRM of a connection that is disconnected here already: takes the app out of it, revokes what it gave us,
 * and forgets that too. Harmless when done already; where the vendor is away, it is to be done again.
 */
export async function sayFarewell(connection: Connection, parts: LifecycleParts): Promise<Farewell> {
  const connector = parts.connectors.get(connection.connector);
  if (!connector) return { removed: [], left: [], pending: false };
  const own = { ...parts.access, tokens: ofLeaving(parts.access.tokens) };
  const grant = await grantOfLeaving(connection, own.tokens);
  try {
    const report = await takeOut(connection, connector, grant, { ...parts, access: own });
    const revoked = grant?.type === "refresh_token" && (await revoke(connection, connector, grant, parts));
    await forgetLeaving(parts.store.db, connection);
    const removed = [...report.removed, ...(revoked ? ["The access that the account had given"] : [])];
    return { removed, left: report.left, pending: false };
  } catch (error) {
    if (!isFailure(error)) throw error;
    parts.log.warn("An account's vendor could not be told that it is disconnected", {
      connector: connection.connector,
      connection: connection.id,
      code: error.code,
    });
    return { removed: [], left: [], pending: true };
  }
}

/** Not where the account is somebody's again: the app is theirs by now. */
async function takeOut(
  connection: Connection,
  connector: AnyConnector,
  grant: Grant | undefined,
  parts: LifecycleParts,
): Promise<UninstallReport> {
  if (await findClaim(parts.store.db, connection.connector, connection.accountId)) return { removed: [], left: [] };
  const { crmName, auth } = connector.manifest;
  if (auth === "oauth" && !grant) {
    const howTo = `We have no access left to take it out: if ${crmName} still lists it, remove it there.`;
    return { removed: [], left: [{ what: `The app in ${crmName}`, howTo }] };
  }
  return await connector.uninstall(await createAccess(connection, connector, parts.access));
}

/** False: there was nothing to revoke. */
async function revoke(
  { connector: provider, accountId }: Connection,
  connector: AnyConnector,
  grant: Grant & { readonly type: "refresh_token" },
  { access, store, simulated }: LifecycleParts,
): Promise<boolean> {
  const { oauth } = connector.manifest;
  if (!oauth || (await livesOn(grant.refreshToken, provider, accountId, { store, access }))) return false;
  const ownHost = oauth.ownHosts && grant.apiUrl;
  const place = ownHost
    ? placeAt(connector, ownHost, simulated?.[provider])
    : placeOf(connector, {}, simulated?.[provider]);
  const { agent, app } = access;
  const vendor = openVendor(
    connector,
    place,
    "client" in grant ? { agent, ...(app && { app }) } : { agent, app: () => grant },
  );
  try {
    await vendor.revoke(grant.refreshToken);
    return true;
  } catch (error) {
    if (isFailure(error, "crm_disconnected")) return false; // it does not know it any more
    throw error;
  }
}

async function grantOfLeaving(connection: Connection, tokens: Tokens): Promise<Grant | undefined> {
  return await tokens.load(leavingOf(connection)).catch((error: unknown) => {
    if (isFailure(error, "crm_disconnected", "secret_unreadable")) return undefined; // none that opens anything
    throw error;
  });
}

/** The same tokens, from where grants wait to be given back. */
function ofLeaving(tokens: Tokens): Tokens {
  const there = (place: SecretPlace): SecretPlace => ({ ...place, kind: "leaving" });
  return {
    accessToken: (place, endpoint) => tokens.accessToken(there(place), endpoint),
    spoil: (place, token) => tokens.spoil(there(place), token),
    load: (place) => tokens.load(there(place)),
    store: (place, grant, db) => tokens.store(there(place), grant, db),
  };
}
