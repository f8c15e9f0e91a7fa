import {
  buttons,
  checkboxes,
  form,
  links,
  list,
  PAGE_HEADERS,
  paragraph,
  select,
  signInPage,
  without,
} from "../sign-in-page.ts";
import type { GraphRequest } from "./graph-request.ts";
import type { Agreed } from "./login.ts";
import type { Meta } from "./routes.ts";

/** An answer for a browser. */
export class BrowserAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, text: string, headers: Readonly<Record<string, string>>) {
    this.status = status;
    this.text = text;
    this.headers = headers;
  }
}

/** Of the configuration from the template "Conversions API partner integration", and what the product adds to it. */
export const CONFIGURED = ["ads_read", "ads_management", "business_management"];

/**
 * `GET /{version}/dialog/oauth`: with `config_id` Facebook Login for Business, without one plain Facebook Login. `business` is
 * chosen first; then `user`, `datasets` and `answer` (`allow`, `refuse`). All permissions are granted, or none.
 */
export function dialog(meta: Meta, { query, url }: GraphRequest): BrowserAnswer {
  const wrong = wrongRequest(meta, query);
  if (wrong) return page("Invalid request", paragraph(wrong), 400);
  if (query.get("answer") === "refuse") return back(query, REFUSED);
  const { businesses } = meta.accounts;
  if (!query.has("config_id")) return plainLogin(meta, query, url);
  const business = businesses.find(({ id }) => id === query.get("business"));
  if (!business) {
    const choices = businesses.map(({ id, name }) => ({
      href: `${url}?${query}&business=${id}`,
      label: name,
      note: id,
    }));
    return page("Which business do you want to connect?", links(choices));
  }
  const datasets = meta.accounts.datasets().filter((dataset) => dataset.business === business.id);
  if (query.get("answer") === "allow") {
    const person = meta.accounts.people.find(({ id }) => id === (query.get("user") ?? meta.accounts.people[0].id));
    if (!person?.administrates.includes(business.id))
      return page("You can't connect this business", paragraph(`Only an admin of ${business.name} can.`), 403);
    const chosen = query.getAll("datasets");
    const shared = datasets.filter(({ id }) => chosen.includes(id)).map(({ id }) => id);
    return agree(meta, query, { person: person.id, scopes: CONFIGURED, business: business.id, datasets: shared });
  }
  return page(
    `Connect ${business.name}`,
    [
      paragraph("Stagewire asks for all of these; without one of them nothing is granted:"),
      list(CONFIGURED),
      form(url, without(query, "user", "datasets"), [
        select("user", "You are signed in as", peopleOf(meta)),
        checkboxes(
          "datasets",
          "Datasets to share",
          datasets.map(({ id, name, isCrm }) => ({
            value: id,
            label: `${name}${isCrm ? "" : " (not a CRM dataset)"}`,
          })),
        ),
        decision,
      ]),
    ].join(""),
  );
}

function plainLogin(meta: Meta, query: URLSearchParams, url: string): BrowserAnswer {
  const scopes = (query.get("scope") ?? "public_profile").split(/[ ,]/).filter(Boolean);
  if (query.get("answer") === "allow") {
    const person = query.get("user") ?? meta.accounts.people[0].id;
    return agree(meta, query, { person, scopes, datasets: [] });
  }
  const choices = form(url, without(query, "user"), [select("user", "You are signed in as", peopleOf(meta)), decision]);
  return page("Continue with Facebook?", [paragraph("Stagewire asks for:"), list(scopes), choices].join(""));
}

const decision = buttons("answer", [
  ["allow", "Continue"],
  ["refuse", "Cancel"],
]);
const REFUSED = {
  error: "access_denied",
  error_code: "200",
  error_description: "Permissions error",
  error_reason: "user_denied",
};

function agree({ login }: Meta, query: URLSearchParams, agreed: Omit<Agreed, "redirectUri">): BrowserAnswer {
  return back(query, { code: login.code({ ...agreed, redirectUri: query.get("redirect_uri") ?? "" }) });
}

/** To the app; Facebook appends `#_=_`. */
function back(query: URLSearchParams, parameters: Readonly<Record<string, string>>): BrowserAnswer {
  const to = new URL(query.get("redirect_uri") ?? "");
  for (const [name, value] of Object.entries(parameters)) to.searchParams.set(name, value);
  const state = query.get("state");
  if (state !== null) to.searchParams.set("state", state);
  return new BrowserAnswer(302, "", { location: `${to.href}#_=_`, "referrer-policy": "no-referrer" });
}

function wrongRequest({ accounts, login }: Meta, query: URLSearchParams): string | undefined {
  if (query.get("client_id") !== accounts.app("proof").id) return "Invalid App ID: the app does not exist.";
  if (!mayReturnTo(query.get("redirect_uri") ?? "", login.settings.redirectUris))
    return "URL blocked: the redirect URI is not among the app's valid OAuth redirect URIs.";
  if (query.has("config_id") && query.get("config_id") !== login.configId)
    return "Invalid configuration: config_id is not one of this app's.";
  if (query.get("response_type") !== "code") return "Invalid response type: only code is offered.";
  return undefined;
}

function mayReturnTo(uri: string, registered: readonly string[]): boolean {
  if (registered.length > 0) return registered.includes(uri);
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  return protocol === "https:" || ["localhost", "127.0.0.1"].includes(hostname);
}

const peopleOf = ({ accounts }: Meta) => accounts.people.map(({ id, name }) => ({ value: id, label: name }));

const page = (title: string, body: string, status = 200): BrowserAnswer =>
  new BrowserAnswer(status, signInPage("Facebook", title, body), PAGE_HEADERS);
