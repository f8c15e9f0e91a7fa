import { type Answer, empty, json } from "../answer.ts";
import { OAuthError } from "../errors.ts";
import { HOUR } from "../times.ts";
import { mayUse } from "./admission.ts";
import type { App } from "./app.ts";
import type { Grant, Grants } from "./grants.ts";
import { identityUrl, instanceUrl, type Place, userOf } from "./identity.ts";

export interface OAuth extends Place {
  readonly app: App;
  readonly grants: Grants;
  /** Whose approval the tests and the demo use, and whom client credentials run as. */
  readonly integrationUserId: string;
  /** Times of the token requests of the last hour: in memory, as the limit is a passing one. */
  readonly logins: number[];
}

/** `POST /services/oauth2/token`, form-encoded; the client may also name itself by basic authentication. */
export function token(oauth: OAuth, origin: string, form: URLSearchParams, authorization: string | undefined): Answer {
  const grantType = form.get("grant_type") ?? "";
  if (!["refresh_token", "authorization_code", "client_credentials"].includes(grantType))
    throw new OAuthError("unsupported_grant_type", "grant type not supported");
  checkClient(oauth, form, authorization);
  limitLogins(oauth);
  if (grantType === "client_credentials") {
    const grant = oauth.grants.approve(oauth.integrationUserId, ["api"], false);
    return issue(oauth, origin, grant, false);
  }
  if (grantType === "authorization_code") return issue(oauth, origin, exchangeCode(oauth, form), true);
  const refreshToken = form.get("refresh_token") ?? "";
  const holder = oauth.grants.holder(refreshToken);
  if (holder) needActive(oauth, holder.grant); // before the token is spent
  const grant = oauth.grants.refresh(refreshToken);
  return issue(oauth, origin, grant, grant.refreshToken !== refreshToken);
}

function needActive(oauth: OAuth, { userId }: Grant): void {
  if (!userOf(oauth, userId)?.IsActive) throw new OAuthError("invalid_grant", "inactive user");
  const refused = mayUse(oauth, userId);
  if (refused) throw new OAuthError("invalid_grant", refused.description);
}

function exchangeCode({ grants }: OAuth, form: URLSearchParams): Grant {
  const verifier = form.get("code_verifier");
  if (!verifier) throw new OAuthError("invalid_grant", "code verifier required");
  return grants.exchange(form.get("code") ?? "", form.get("redirect_uri") ?? "", verifier);
}

/** There is no `expires_in`: a client learns of the end from a 401. A refresh token is shown only when it is new. */
function issue(oauth: OAuth, origin: string, grant: Grant, showRefresh: boolean): Answer {
  needActive(oauth, grant);
  const id = identityUrl(oauth, origin, grant.userId);
  const issued_at = String(oauth.now());
  const seconds = Math.floor(oauth.now() / 1000);
  const claims = { iss: origin, sub: id, aud: oauth.app.secrets.clientId, iat: seconds, exp: seconds + 120 };
  return json({
    access_token: oauth.grants.accessToken(grant),
    ...(showRefresh && grant.refreshToken && { refresh_token: grant.refreshToken }),
    signature: oauth.app.sign(id, issued_at),
    scope: grant.scopes.join(" "),
    ...(grant.scopes.includes("openid") && { id_token: oauth.app.idToken(claims) }),
    instance_url: instanceUrl(oauth, origin),
    id,
    token_type: "Bearer",
    issued_at,
    api_instance_url: "https://api.salesforce.com",
  });
}

/** `POST /services/oauth2/revoke`, body or query `token`. */
export function revoke({ grants }: OAuth, form: URLSearchParams): Answer {
  if (!grants.revokeToken(form.get("token") ?? "")) throw new OAuthError("invalid_token", "invalid token");
  return empty();
}

export function introspect(
  oauth: OAuth,
  origin: string,
  form: URLSearchParams,
  authorization: string | undefined,
): Answer {
  checkClient(oauth, form, authorization);
  const holder = oauth.grants.holder(form.get("token") ?? "");
  if (!holder) return json({ active: false });
  const { grant, token, expiresAt } = holder;
  const iat = Math.floor(token.issuedAt / 1000);
  return json({
    active: true,
    scope: grant.scopes.join(" "),
    client_id: oauth.app.secrets.clientId,
    username: userOf(oauth, grant.userId)?.Username,
    sub: identityUrl(oauth, origin, grant.userId),
    token_type: token.kind === "access" ? "access_token" : "refresh_token",
    exp: Math.floor(expiresAt / 1000),
    iat,
    nbf: iat,
  });
}

function checkClient({ app }: OAuth, form: URLSearchParams, authorization: string | undefined): void {
  const [scheme, encoded = ""] = (authorization ?? "").split(" ");
  const isBasic = scheme?.toLowerCase() === "basic";
  const [id = "", secret = ""] = isBasic
    ? Buffer.from(encoded, "base64").toString().split(":")
    : [form.get("client_id") ?? "", form.get("client_secret") ?? ""];
  app.check(id, secret);
}

function limitLogins({ logins, now, settings }: OAuth): void {
  while (logins[0] !== undefined && logins[0] < now() - HOUR) logins.shift();
  if (logins.length >= settings.now.maxLogins) throw new OAuthError("rate_limit_exceeded", "login rate exceeded");
  logins.push(now());
}
