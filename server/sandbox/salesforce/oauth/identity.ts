import { type Answer, json } from "../answer.ts";
import type { Instance } from "../instance.ts";
import type { Fields } from "../org/org.ts";

export interface Place extends Instance {
  readonly orgId: string;
  /** Of the generic host and of the org's own; undefined where they are the origin that was called. */
  loginOrigin(): string | undefined;
  ownOrigin(): string | undefined;
}

/** Always at the generic host, wherever the person signed in. */
export const identityUrl = (place: Place, origin: string, userId: string): string =>
  `${place.loginOrigin() ?? origin}/id/${place.orgId}/${userId}`;

export const instanceUrl = ({ settings, ownOrigin }: Place, origin: string): string =>
  settings.now.instanceUrl ?? ownOrigin() ?? origin;

export const userOf = ({ org, now }: Instance, userId: string): Fields | undefined => org.find(userId, now());

const urls = (place: Place, origin: string): object => {
  const base = instanceUrl(place, origin);
  return {
    rest: `${base}/services/data/v{version}/`,
    sobjects: `${base}/services/data/v{version}/sobjects/`,
    query: `${base}/services/data/v{version}/query/`,
    custom_domain: base,
  };
};

/** `GET /services/oauth2/userinfo` */
export function userinfo(place: Place, origin: string, userId: string): Answer {
  const user = userOf(place, userId);
  return json({
    sub: identityUrl(place, origin, userId),
    user_id: userId,
    organization_id: place.orgId,
    preferred_username: user?.Username,
    name: user?.Name,
    email: user?.Email,
    email_verified: true,
    given_name: user?.FirstName,
    family_name: user?.LastName,
    zoneinfo: "America/New_York",
    active: user?.IsActive,
    urls: urls(place, origin),
  });
}

/** `GET /id/<organization>/<user>` */
export function identity(place: Place, origin: string, userId: string): Answer {
  const user = userOf(place, userId);
  return json({
    id: identityUrl(place, origin, userId),
    asserted_user: true,
    user_id: userId,
    organization_id: place.orgId,
    username: user?.Username,
    display_name: user?.Name,
    email: user?.Email,
    active: user?.IsActive,
    urls: urls(place, origin),
  });
}

/** `GET /.well-known/openid-configuration` */
export const discovery = (origin: string): Answer =>
  json({
    issuer: origin,
    authorization_endpoint: `${origin}/services/oauth2/authorize`,
    token_endpoint: `${origin}/services/oauth2/token`,
    revocation_endpoint: `${origin}/services/oauth2/revoke`,
    userinfo_endpoint: `${origin}/services/oauth2/userinfo`,
    introspection_endpoint: `${origin}/services/oauth2/introspect`,
    jwks_uri: `${origin}/id/keys`,
    scopes_supported: ["api", "refresh_token", "offline_access", "openid", "id", "profile", "email"],
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
    code_challenge_methods_supported: ["S256"],
  });
