import type { AnyConnector } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { Visitor } from "../sign-in/visitor.ts";
import { ask } from "./asked.ts";
import type { InstallParts } from "./parts.ts";
import { oauthOf, placeOf } from "./places.ts";

/**
 * The first of the marketplace's two legs (HubSpot, "Understand the app install flow"): it brings no code, but the page to go
 * on to, with a state of ours that comes back on the second leg.
 *
 * @returns the marketplace's page
 * @throws Failure `oauth_state` when it is not the marketplace's
 */
export async function beginAtMarketplace(
  connector: AnyConnector,
  query: URLSearchParams,
  visitor: Visitor,
  parts: InstallParts,
): Promise<string> {
  const returnUrl = new URL(returnUrlOf(connector, query, parts));
  const { origin } = placeOf(connector, {}, parts.simulated?.[connector.manifest.id]);
  const { state } = await ask(connector, { origin, marketplace: true }, visitor, parts);
  returnUrl.searchParams.set("state", state);
  return returnUrl.href;
}

/**
 * Where the vendor's marketplace wants the browser back: one of its own hosts, or we would be a redirector for everybody.
 *
 * @throws Failure `oauth_state`
 */
export function returnUrlOf(
  connector: AnyConnector,
  query: URLSearchParams,
  { simulated }: Pick<InstallParts, "simulated">,
): string {
  const { marketplaceHosts } = oauthOf(connector);
  const given = query.getAll("returnUrl");
  const url = given.length === 1 ? URL.parse(given[0] ?? "") : null;
  if (!url || url.username || url.password) throw new Failure("oauth_state", "returnUrl");
  const { trusted } = placeOf(connector, {}, simulated?.[connector.manifest.id]);
  const own =
    trusted.length > 0
      ? trusted.includes(url.origin)
      : url.protocol === "https:" && url.port === "" && marketplaceHosts?.test(url.hostname) === true;
  if (!own) throw new Failure("oauth_state", "returnUrl");
  return url.href;
}
