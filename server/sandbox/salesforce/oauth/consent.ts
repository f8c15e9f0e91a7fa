import { type Answer, html, redirect } from "../answer.ts";
import type { OAuth } from "./token.ts";

/** Where the person allows or denies; real pages live at the same path. */
export const CONSENT_PATH = "/setup/secur/RemoteAccessAuthorizationPage.apexp";
const OFFERED = ["api", "refresh_token", "offline_access", "openid", "id", "profile", "email"];

/** `GET /services/oauth2/authorize`: a page to say yes or no on. Wrong requests never reach the caller's address. */
export function authorize(oauth: OAuth, query: URLSearchParams): Answer {
  const wrong = wrongRequest(oauth, query);
  if (wrong) return html(400, `<h1>OAuth error</h1><p>${wrong}</p>`);
  const answer = (name: string, label: string) =>
    `<a id="${name}" href="${CONSENT_PATH}?${escapeHtml(`${query.toString()}&${name}=1`)}">${label}</a>`;
  const scopes = scopesOf(query).map((scope) => `<li>${scope}</li>`);
  const words = `<p>Simulated Salesforce. The app asks to:</p><ul>${scopes.join("")}</ul>`;
  return html(200, `<h1>Allow access?</h1>${words}<p>${answer("allow", "Allow")} ${answer("deny", "Deny")}</p>`);
}

/** The person has chosen. */
export function consent(oauth: OAuth, query: URLSearchParams): Answer {
  const wrong = wrongRequest(oauth, query);
  if (wrong) return html(400, `<h1>OAuth error</h1><p>${wrong}</p>`);
  const callback = new URL(query.get("redirect_uri") ?? "");
  if (query.has("allow")) {
    const grant = oauth.grants.approve(oauth.integrationUserId, scopesOf(query));
    const challenge = query.get("code_challenge") ?? "";
    callback.searchParams.set("code", oauth.grants.code(grant, query.get("redirect_uri") ?? "", challenge));
  } else {
    callback.searchParams.set("error", "access_denied");
    callback.searchParams.set("error_description", "end-user denied authorization");
  }
  const state = query.get("state");
  if (state !== null) callback.searchParams.set("state", state);
  return redirect(callback.href);
}

function wrongRequest({ app, settings }: OAuth, query: URLSearchParams): string | undefined {
  if (query.get("client_id") !== app.secrets.clientId) return "error=invalid_client_id: client identifier invalid";
  if (!isCallback(settings.now.redirectUris, query.get("redirect_uri") ?? ""))
    return "error=redirect_uri_mismatch: redirect_uri must match configuration";
  if (query.get("response_type") !== "code") return "error=unsupported_response_type: response type not supported";
  if (query.get("code_challenge_method") !== "S256" || !/^[\w-]{43}$/.test(query.get("code_challenge") ?? ""))
    return "error=invalid_request: an S256 code challenge is required";
  return undefined;
}

function isCallback(registered: readonly string[], uri: string): boolean {
  if (registered.length > 0) return registered.includes(uri);
  return URL.canParse(uri) && ["localhost", "127.0.0.1", "[::1]"].includes(new URL(uri).hostname);
}

function scopesOf(query: URLSearchParams): readonly string[] {
  const asked = (query.get("scope") ?? "api refresh_token").split(" ");
  return OFFERED.filter((scope) => asked.includes(scope));
}

const escapeHtml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
