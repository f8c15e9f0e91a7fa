import type { AnyConnector } from "../../core/connector.ts";
import { isFailure } from "../../core/errors.ts";
import type { ConnectionId } from "../../core/types.ts";
import { findGrant } from "../access/access.ts";
import { Grant } from "../access/grant.ts";
import { findClaim } from "../store/claimed-accounts.ts";
import { type Install, installPlace } from "../store/installs.ts";
import type { InstallParts } from "./parts.ts";
import { placeAt } from "./places.ts";
import { openVendor, type Vendor } from "./vendor.ts";

/** What an install was given, as it lies sealed in its row. */
export const grantIn = ({ id, sealed }: Install, { vault }: Pick<InstallParts, "vault">): Grant =>
  Grant.parse(JSON.parse(vault.open(installPlace(id), sealed)));

/** Gives the grant of an install back to the vendor; should the vendor be away, it idles there and nobody here has it. */
export async function letGo(install: Install, parts: InstallParts): Promise<void> {
  const grant = grantIn(install, parts);
  if (grant.type === "refresh_token") await revokeGrant(install, grant.refreshToken, parts);
}

/** Ends a refresh token that nothing here needs. One that a connection lives on is left alone: some vendors give it again. */
export async function revokeGrant(
  { provider, accountId, about }: Pick<Install, "provider" | "accountId" | "about">,
  refreshToken: string,
  parts: InstallParts,
): Promise<void> {
  const connector = parts.connectors.get(provider);
  if (!connector || (await livesOn(refreshToken, provider, accountId, parts))) return;
  try {
    const place = placeAt(connector, about.origin, parts.simulated?.[provider]);
    await openVendor(connector, place, parts.access).revoke(refreshToken);
  } catch (error) {
    const code = isFailure(error) ? error.code : "unexpected";
    parts.log.warn("A grant that is not needed could not be given back", { connector: provider, code });
  }
}

/** Ends a refresh token of which nobody knows yet whose account it opens. */
export async function giveBack(
  vendor: Vendor,
  refreshToken: string,
  { manifest }: AnyConnector,
  parts: InstallParts,
): Promise<void> {
  await vendor.revoke(refreshToken).catch((error: unknown) => {
    const code = isFailure(error) ? error.code : "unexpected";
    parts.log.warn("A grant that was refused could not be given back", { connector: manifest.id, code });
  });
}

/** Whether the connection that has the account lives on this very refresh token. */
export async function livesOn(
  refreshToken: string,
  provider: string,
  accountId: string,
  { store, access }: Pick<InstallParts, "store" | "access">,
): Promise<boolean> {
  const claim = await findClaim(store.db, provider, accountId);
  if (!claim) return false;
  const kept = await findGrant({ tenantId: claim.tenantId, id: claim.ownerId as ConnectionId }, access.tokens);
  return kept?.type === "refresh_token" && kept.refreshToken === refreshToken;
}
