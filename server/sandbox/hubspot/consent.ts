import { buttons, form, links, list, PAGE_HEADERS, paragraph, select, signInPage, without } from "../sign-in-page.ts";
import type { Answer } from "./answer.ts";
import type { Hub } from "./hub.ts";
import type { PortalFacts, User } from "./portals.ts";
import type { Call } from "./routes.ts";
import { optionalScopes, requiredScopes } from "./scopes.ts";

/** What the app asks for, and where the answer goes. */
export interface Asked {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly optional: readonly string[];
  readonly challenge?: string | undefined;
}

/** `GET /oauth/authorize`: in which account? With an `answer` it is the first one's. */
export function chooseAccount(hub: Hub, call: Call): Answer {
  const query = call.url.searchParams;
  const { portals } = hub.tokens;
  if (query.has("answer")) return consent(hub, call, portals[0].hubId);
  const asked = askedFor(hub, query);
  if (typeof asked === "string") return mistake(asked);
  const choices = portals.map(({ hubId, name, domain, accountType }) => ({
    href: `/oauth/${hubId}/authorize?${query}`,
    label: name,
    note: [
      domain,
      hubId,
      accountType !== "STANDARD" && "test account",
      hub.tokens.installed(hubId) && "has this app already",
    ]
      .filter(Boolean)
      .join(" · "),
  }));
  return page("Choose an account", links(choices));
}

/**
 * `GET /oauth/{portal}/authorize`: the page on which an admin agrees or refuses, and with `answer` (`allow`, `refuse`) and
 * `user` what comes of it; mistakes end on an error page (docs: working-with-oauth).
 */
export function consent(hub: Hub, call: Call, hubId: number): Answer {
  const query = call.url.searchParams;
  const portal = hub.tokens.portal(hubId);
  const asked = askedFor(hub, query);
  if (!portal || hub.settings.now.deleted.includes(hubId)) return mistake("This account does not exist.");
  if (typeof asked === "string") return mistake(asked);
  const chosen = decide(hub, portal, asked, query);
  if (!chosen) return askPage(portal, asked, call.url);
  if (typeof chosen === "string") return mistake(chosen, 403);
  return redirect(asked.redirectUri, { ...chosen, ...state(query) });
}

/** Why the app may not ask so, or what it asks for. */
function askedFor({ tokens, settings }: Hub, query: URLSearchParams): Asked | string {
  const redirectUri = query.get("redirect_uri") ?? "";
  const scopes = (query.get("scope") ?? "").split(" ").filter(Boolean);
  const optional = (query.get("optional_scope") ?? "").split(" ").filter(Boolean);
  const known: readonly string[] = [...requiredScopes, ...optionalScopes];
  if (query.get("client_id") !== tokens.app.clientId) return "This app does not exist.";
  if (!mayRedirectTo(redirectUri, settings.now.redirectUrls))
    return "The redirect URL does not match the app's configuration.";
  if (
    [...scopes, ...optional].some((scope) => !known.includes(scope)) ||
    requiredScopes.some((scope) => !scopes.includes(scope))
  )
    return "Authorization failed because there is a mismatch between the scopes in the install URL and the app's configured scopes.";
  return { redirectUri, scopes, optional, challenge: query.get("code_challenge") ?? undefined };
}

/** What the app's address is told; undefined while nobody has decided; a sentence when this person may not. */
export function decide(
  { tokens, settings }: Hub,
  portal: PortalFacts,
  asked: Asked,
  query: URLSearchParams,
): Readonly<Record<string, string>> | string | undefined {
  const answer = query.get("answer");
  if (answer === "refuse") return { error: "access_denied", error_description: "The user denied access" };
  if (answer !== "allow") return undefined;
  const user = userNamed(portal, query.get("user"));
  if (!user?.mayInstall)
    return "You do not have permission to install apps. Ask a super admin for HubSpot Marketplace Access.";
  if (settings.now.governed.includes(portal.hubId))
    return "Authorization failed because this app hasn't been approved to access the required scopes. Ask a super admin to approve it.";
  const scopes = [...asked.scopes, ...asked.optional.filter((scope) => !portal.beyondTier.includes(scope))];
  const { redirectUri, challenge } = asked;
  const install = { hubId: portal.hubId, userId: user.id, scopes: [...new Set(scopes)] };
  return { code: tokens.code({ ...install, redirectUri, ...(challenge && { challenge }) }) };
}

/** By number or mail; the first of the portal when none is named. */
const userNamed = ({ users }: PortalFacts, name: string | null): User | undefined =>
  name === null ? users[0] : users.find(({ id, mail }) => String(id) === name || mail === name);

export function askPage(portal: PortalFacts, { scopes, optional }: Asked, url: URL): Answer {
  const users = portal.users.map(({ id, name, mail, mayInstall }) => ({
    value: String(id),
    label: `${name} (${mail})${mayInstall ? "" : ", may not install apps"}`,
  }));
  return page(
    `Connect Stagewire to ${portal.name}`,
    [
      paragraph(`Account ${portal.hubId}, ${portal.domain}. The app asks for:`),
      list([...scopes, ...optional.map((scope) => `${scope} (where the account has it)`)]),
      form(url.pathname, without(url.searchParams, "answer", "user"), [
        select("user", "You are signed in as", users),
        buttons("answer", [
          ["allow", "Connect app"],
          ["refuse", "Cancel"],
        ]),
      ]),
    ].join(""),
  );
}

/** HTTPS with a domain name, or `http://localhost`; never an IP address; of the registered ones exactly one, if there are any. */
function mayRedirectTo(uri: string, registered: readonly string[]): boolean {
  if (registered.length > 0) return registered.includes(uri);
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  if (protocol === "http:") return hostname === "localhost";
  return protocol === "https:" && !/^[\d.]+$|^\[/.test(hostname);
}

export const state = (query: URLSearchParams): Readonly<Record<string, string>> => {
  const given = query.get("state");
  return given === null ? {} : { state: given };
};

export function redirect(to: string, parameters: Readonly<Record<string, string>>): Answer {
  const back = new URL(to);
  for (const [name, value] of Object.entries(parameters)) back.searchParams.set(name, value);
  return { status: 302, text: "", headers: { location: back.href, "referrer-policy": "no-referrer" } };
}

export const page = (title: string, body: string, status = 200): Answer => ({
  status,
  text: signInPage("HubSpot", title, body),
  headers: PAGE_HEADERS,
});
export const mistake = (why: string, status = 400): Answer =>
  page("This app cannot be connected", paragraph(why), status);
