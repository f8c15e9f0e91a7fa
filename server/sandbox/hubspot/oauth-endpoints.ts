import { type Answer, errorBody, Refusal } from "./answer.ts";
import { ACCESS_TOKEN_SECONDS, challengeOf, type Install, type Tokens } from "./oauth.ts";

/** Both vocabularies at once: RFC 6749 and HubSpot's older `status` and `message` (docs: manage-oauth-tokens). */
const refuse = (error: string, status: string, message: string): Refusal =>
  new Refusal({ status: 400, body: { error, error_description: message, status, message } });

/** The token endpoints take forms only: JSON gets 415. */
export function formOf(contentType: string | undefined, body: string): URLSearchParams {
  if (contentType?.startsWith("application/x-www-form-urlencoded")) return new URLSearchParams(body);
  throw new Refusal({ status: 415, body: errorBody("VALIDATION_ERROR", "Unsupported Media Type") });
}

const badClient = (): Refusal => refuse("invalid_client", "BAD_CLIENT_ID", "missing or unknown client id");

interface TokenRules {
  /** Each refresh gives a new refresh token and voids the old one. */
  readonly rotate: boolean;
  /** Portals that are gone. */
  readonly deleted: readonly number[];
}
interface Exchanged extends Install {
  readonly refreshToken: string;
}

/** `POST /oauth/2026-09/token`. The client id is checked before the grant type. */
export function token(tokens: Tokens, form: URLSearchParams, { rotate, deleted }: TokenRules): Answer {
  const { app } = tokens;
  if (form.get("client_id") !== app.clientId) throw badClient();
  const grant = form.get("grant_type");
  if (grant !== "refresh_token" && grant !== "authorization_code")
    throw refuse("unsupported_grant_type", "BAD_GRANT_TYPE", "missing or unknown grant type");
  if (form.get("client_secret") !== app.clientSecret)
    throw refuse("invalid_client", "BAD_CLIENT_SECRET", "missing or invalid client secret");
  const { refreshToken, ...install } =
    grant === "refresh_token" ? refresh(tokens, form, rotate, deleted) : exchange(tokens, form);
  return {
    status: 200,
    body: {
      token_type: "bearer",
      access_token: tokens.access(install),
      refresh_token: refreshToken,
      expires_in: ACCESS_TOKEN_SECONDS,
      hub_id: install.hubId,
      scopes: install.scopes,
      user_id: install.userId,
      token_use: "access_token",
    },
  };
}

function refresh(tokens: Tokens, form: URLSearchParams, rotate: boolean, deleted: readonly number[]): Exchanged {
  const given = form.get("refresh_token") ?? "";
  const known = tokens.refreshToken(given);
  if (!known) throw refuse("invalid_grant", "BAD_REFRESH_TOKEN", "refresh token is invalid, expired or revoked");
  if (deleted.includes(known.hubId)) throw refuse("access_denied", "BAD_HUB", "missing or unknown hub id");
  const refreshToken = rotate ? tokens.install(known) : given;
  if (rotate) tokens.revoke(given);
  return { refreshToken, ...known };
}

function exchange(tokens: Tokens, form: URLSearchParams): Exchanged {
  const code = tokens.takeCode(form.get("code") ?? "");
  if (!code) throw refuse("invalid_grant", "BAD_AUTH_CODE", "missing or unknown auth code");
  if (code.redirectUri !== form.get("redirect_uri"))
    throw refuse("invalid_grant", "BAD_REDIRECT_URI", "missing or invalid redirect uri");
  if (code.challenge && code.challenge !== challengeOf(form.get("code_verifier") ?? ""))
    throw refuse("invalid_grant", "BAD_CODE_VERIFIER", "missing or invalid code verifier");
  const { hubId, userId, scopes } = code;
  return { refreshToken: tokens.install({ hubId, userId, scopes }), hubId, userId, scopes };
}

/** `POST /oauth/2026-09/token/introspect`: an unknown token is 200 and inactive. */
export function introspect(tokens: Tokens, form: URLSearchParams, now: number): Answer {
  const { app } = tokens;
  if (form.get("client_id") !== app.clientId) throw badClient();
  if (form.get("client_secret") !== app.clientSecret)
    throw refuse("invalid_client", "BAD_CLIENT_SECRET", "missing or invalid client secret");
  const text = form.get("token") ?? "";
  const access = tokens.accessToken(text);
  const known = access && access.expiresAt > now ? access : tokens.refreshToken(text);
  if (!known) return { status: 200, body: { active: false } };
  const portal = tokens.portal(known.hubId);
  return {
    status: 200,
    body: {
      active: true,
      token: text,
      hub_id: known.hubId,
      user_id: known.userId,
      client_id: app.clientId,
      app_id: app.appId,
      user: portal?.users.find(({ id }) => id === known.userId)?.mail,
      hub_domain: portal?.domain,
      scopes: known.scopes,
      token_type: "bearer",
      ...(access
        ? { expires_in: Math.floor((access.expiresAt - now) / 1000), token_use: "access_token" }
        : { token_use: "refresh_token" }),
      is_private_distribution: false,
    },
  };
}

/** `POST /oauth/2026-09/token/revoke`: 200 whether or not the token was known. */
export function revoke(tokens: Tokens, form: URLSearchParams): Answer {
  if (form.get("client_id") !== tokens.app.clientId) throw badClient();
  tokens.revoke(form.get("token") ?? "");
  return { status: 200, body: {} };
}
