import type { Answer } from "./answer.ts";
import type { Tokens } from "./oauth.ts";
import { forTier, optionalScopes, requiredScopes } from "./scopes.ts";

/** `GET /oauth/authorize`: the page on which an admin agrees or refuses; mistakes end on an error page (docs: working-with-oauth). */
export function consent(tokens: Tokens, path: string, query: URLSearchParams): Answer {
  const redirectUri = query.get("redirect_uri") ?? "";
  const scopes = (query.get("scope") ?? "").split(" ").filter(Boolean);
  const optional = (query.get("optional_scope") ?? "").split(" ").filter(Boolean);
  const known: readonly string[] = [...requiredScopes, ...optionalScopes];
  if (query.get("client_id") !== tokens.app.clientId) return page("This app does not exist.");
  if (!mayRedirectTo(redirectUri)) return page("The redirect URL does not match the app's configuration.");
  if (
    [...scopes, ...optional].some((scope) => !known.includes(scope)) ||
    requiredScopes.some((scope) => !scopes.includes(scope))
  )
    return page(
      "Authorization failed because there is a mismatch between the scopes in the install URL and the app's configured scopes.",
    );
  const answer = query.get("answer");
  const back = new URL(redirectUri);
  const state = query.get("state");
  if (answer === "allow") {
    const challenge = query.get("code_challenge");
    back.searchParams.set(
      "code",
      tokens.code({
        redirectUri,
        scopes: [...new Set([...scopes, ...forTier(optional)])],
        ...(challenge ? { challenge } : {}),
      }),
    );
  } else if (answer === "refuse") {
    back.searchParams.set("error", "access_denied");
    back.searchParams.set("error_description", "The user denied access");
  } else {
    const link = (choice: string, label: string) =>
      `<a href="${html(`${path}?${query}&answer=${choice}`)}">${label}</a>`;
    return page(
      `The app asks for: ${scopes.join(", ")}`,
      `${link("allow", "Connect app")} ${link("refuse", "Cancel")}`,
      200,
    );
  }
  if (state !== null) back.searchParams.set("state", state);
  return { status: 302, text: "", headers: { location: back.href } };
}

/** HTTPS with a domain name, or `http://localhost`; never an IP address. */
function mayRedirectTo(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  if (protocol === "http:") return hostname === "localhost";
  return protocol === "https:" && !/^[\d.]+$|^\[/.test(hostname);
}

const page = (message: string, links = "", status = 400): Answer => ({
  status,
  text: `<!DOCTYPE html><meta charset="utf-8"><title>HubSpot (simulated)</title><p>${html(message)}</p><p>${links}</p>`,
  headers: { "content-type": "text/html; charset=utf-8" },
});
const html = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
