import { z } from "zod";
import type { Identity, IdentityPorts, TokenAnswer } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import { askIdentity, identitySource, parseIdentity } from "../../core/identity.ts";
import { isTestAccount } from "./check.ts";
import { accountDetails } from "./shapes.ts";

/** User ids are HubSpot's own, the same in every account and data region. */
const issuer = "https://app.hubspot.com";
const id = z.union([z.string().regex(/^\d{1,19}$/), z.number().int().positive()]).transform(String);

const tokenAnswer = z.looseObject({ access_token: z.string().min(1), hub_id: id.optional(), user_id: id.optional() });
/** https://developers.hubspot.com/docs/api-reference/auth-oauth: a token that is not known is 200 and inactive. */
const introspection = z.looseObject({
  active: z.literal(true),
  hub_id: id,
  user_id: id,
  client_id: z.string(),
  /** Mail address of the user who agreed. */
  user: z.email().optional().catch(undefined),
  /** The customer's own web domain. */
  hub_domain: z.string().min(1).max(200).optional().catch(undefined),
  scopes: z.array(z.string()),
});

/** Asks HubSpot itself, twice: what the token is, and which account it opens. All must name the same. */
export async function identify(answer: TokenAnswer, ports: IdentityPorts): Promise<Identity> {
  const { access_token: token, hub_id: hubId, user_id: userId } = parseIdentity(tokenAnswer, answer, "token");
  const hubspot = identitySource("HubSpot", ports.fetch);
  const api = ports.apiOrigin ?? ports.origin;
  const form = new URLSearchParams({
    client_id: ports.clientId,
    client_secret: ports.clientSecret,
    token,
    token_type_hint: "access_token",
  });
  const told = await askIdentity(
    hubspot,
    {
      method: "POST",
      url: `${api}/oauth/2026-09/token/introspect`,
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: form.toString(),
    },
    introspection,
    "introspection",
  );
  const details = await askIdentity(
    hubspot,
    {
      method: "GET",
      url: `${api}/account-info/2026-09/details`,
      headers: { authorization: `Bearer ${token}`, accept: "application/json" },
    },
    accountDetails,
    "account",
  );
  const same =
    told.client_id === ports.clientId &&
    details.portalId === told.hub_id &&
    (hubId ?? told.hub_id) === told.hub_id &&
    (userId ?? told.user_id) === told.user_id;
  if (!same) throw new Failure("oauth_identity", "HubSpot named two accounts");
  return {
    account: {
      id: told.hub_id,
      name: told.hub_domain ?? `HubSpot ${told.hub_id}`,
      sandbox: isTestAccount(details.accountType),
    },
    person: { issuer, subject: told.user_id, ...(told.user !== undefined && { mail: told.user }) },
    scopes: told.scopes,
  };
}
