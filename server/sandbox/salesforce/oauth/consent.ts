import {
  buttons,
  form,
  list,
  type Option,
  PAGE_HEADERS,
  paragraph,
  select,
  signInPage,
  without,
} from "../../sign-in-page.ts";
import { type Answer, redirect } from "../answer.ts";
import type { Orgs, RunningOrg } from "../orgs.ts";
import { mayUse } from "./admission.ts";

/** Where the person allows or denies, and where they are told that they may not; real pages live at the same paths. */
export const CONSENT_PATH = "/setup/secur/RemoteAccessAuthorizationPage.apexp";
export const REFUSAL_PATH = "/_ui/identity/oauth/ui/AuthorizationError";
const OFFERED = ["api", "refresh_token", "offline_access", "openid", "id", "profile", "email"];

/** `GET /services/oauth2/authorize`: who signs in, and yes or no. Wrong requests never reach the caller's address. */
export function authorize(orgs: Orgs, door: string, query: URLSearchParams): Answer {
  const wrong = wrongRequest(orgs, query);
  if (wrong) return page("This app cannot be connected", paragraph(wrong), 400);
  const people = open(orgs, door).flatMap((org) => activeUsers(org));
  if (people.length === 0) return page("Nobody can sign in here", paragraph("Sign in at your own My Domain."), 403);
  return page(
    "Allow access?",
    [
      paragraph("Stagewire asks to:"),
      list(scopesOf(query).map((scope) => MEANING[scope] ?? scope)),
      form(CONSENT_PATH, without(query, "answer", "user"), [
        select("user", "You are signed in as", people),
        buttons("answer", [
          ["allow", "Allow"],
          ["refuse", "Deny"],
        ]),
      ]),
    ].join(""),
  );
}

const MEANING: Readonly<Record<string, string>> = {
  api: "Manage user data via APIs (api)",
  refresh_token: "Perform requests at any time (refresh_token)",
  offline_access: "Perform requests at any time (offline_access)",
  openid: "Access unique user identifiers (openid)",
  id: "Access the identity URL service (id)",
  profile: "Access the profile (profile)",
  email: "Access the mail address (email)",
};

/** The person has chosen: `answer` is `allow` or `refuse`, `user` an id; without one the first org's first user. */
export function consent(orgs: Orgs, door: string, query: URLSearchParams): Answer {
  const wrong = wrongRequest(orgs, query);
  if (wrong) return page("This app cannot be connected", paragraph(wrong), 400);
  const callback = new URL(query.get("redirect_uri") ?? "");
  if (query.get("answer") === "allow") {
    const org = signedIn(orgs, door, query.get("user"));
    if (!org) return page("We cannot find you", paragraph("Please check your username and where you sign in."), 400);
    const { rest } = org;
    const userId = query.get("user") ?? rest.integrationUserId;
    const refused = mayUse(rest, userId);
    if (refused)
      return redirect(
        `${REFUSAL_PATH}?${new URLSearchParams({ error: refused.error, error_description: refused.description })}`,
      );
    const grant = rest.grants.approve(userId, scopesOf(query));
    const challenge = query.get("code_challenge") ?? "";
    callback.searchParams.set("code", rest.grants.code(grant, query.get("redirect_uri") ?? "", challenge));
  } else {
    callback.searchParams.set("error", "access_denied");
    callback.searchParams.set("error_description", "end-user denied authorization");
  }
  const state = query.get("state");
  if (state !== null) callback.searchParams.set("state", state);
  return redirect(callback.href);
}

/** The page of an app that is not installed, or not for this person. It does not lead back to the app. */
export const refusal = (query: URLSearchParams): Answer =>
  page(
    "We can't authorize you because of an OAuth error",
    paragraph(
      `OAUTH_APPROVAL_ERROR_GENERIC: error=${query.get("error")}&error_description=${query.get("error_description")}`,
    ) + paragraph("For more information, contact your Salesforce administrator."),
    400,
  );

function signedIn(orgs: Orgs, door: string, user: string | null): RunningOrg | undefined {
  if (user === null) return open(orgs, door)[0];
  return open(orgs, door).find((org) => activeUsers(org).some(({ value }) => value === user));
}

/** Every org that lets people in at this door. */
const open = (orgs: Orgs, door: string): readonly RunningOrg[] =>
  orgs
    .behind(door)
    .map((facts) => orgs.open(facts))
    .filter(({ facts, rest }) => !rest.settings.now.myDomainOnly || (facts.door === door && facts.loginDoor !== door));

const activeUsers = ({ facts, rest }: RunningOrg): Option[] =>
  [...rest.org.all("User")]
    .filter((user) => user.IsActive)
    .map((user) => ({
      value: String(user.Id),
      label: `${user.Name}, ${facts.name}${facts.sandbox ? " (sandbox)" : ""} (${user.Username})`,
    }));

function wrongRequest({ app, first }: Orgs, query: URLSearchParams): string | undefined {
  if (query.get("client_id") !== app.secrets.clientId) return "error=invalid_client_id: client identifier invalid";
  if (!isCallback(first.rest.settings.now.redirectUris, query.get("redirect_uri") ?? ""))
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

const page = (title: string, body: string, status = 200): Answer => ({
  status,
  text: signInPage("Salesforce", title, body),
  headers: PAGE_HEADERS,
});
