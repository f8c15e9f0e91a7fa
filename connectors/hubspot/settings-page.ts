import type { RawRequest } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import { checkSignature } from "./signature.ts";

/**
 * The account in whose settings our page is open. `hubspot.fetch` adds `portalId`, `userId`, `userEmail` and `appId` to the
 * address that it calls, and signs the address with them (docs: ui-extensions/fetching-data): only what is signed is heeded.
 */
export function verifySettingsPage(raw: RawRequest, secrets: readonly string[]): { readonly accountId: string } {
  checkSignature(raw, secrets);
  const named = new URL(raw.url).searchParams.getAll("portalId");
  const [accountId = ""] = named;
  if (named.length !== 1 || !/^\d{1,20}$/.test(accountId))
    throw new Failure("input_invalid", "signed, but it does not name one portal");
  return { accountId };
}
