import { ends, SIXTY_DAYS_MS } from "./access-token.ts";
import type { Token } from "./accounts.ts";
import type { Business } from "./businesses.ts";
import { datasetFields, pick } from "./dataset-fields.ts";
import { graphError } from "./errors.ts";
import type { GraphRequest } from "./graph-request.ts";
import type { Meta } from "./routes.ts";

type Edge = (meta: Meta, token: Token, business: Business, request: GraphRequest) => unknown;

/** `/{business}/{edge}`, by method and name. */
export const businessEdges: Readonly<Record<string, Edge>> = {
  "GET owned_pixels": (meta, token, business, request) => pixels(meta, token, business, request, [false]),
  "GET client_pixels": (meta, token, business, request) => pixels(meta, token, business, request, [true]),
  "GET adspixels": (meta, token, business, request) => pixels(meta, token, business, request, [false, true]),
  "POST adspixels": createPixel,
  "POST system_user_access_tokens": systemUserToken,
};

/** The business, if the token's holder belongs to it. */
export function reachBusiness({ accounts }: Meta, token: Token, id: string): Business {
  const business = accounts.businesses.find((each) => each.id === id);
  const person = accounts.people.find((each) => each.id === token.person);
  const mine = person ? person.administrates : [token.business ?? accounts.businesses[0].id];
  if (!business || token.postOnly || !mine.includes(id)) throw graphError("notFound");
  return business;
}

/** `GET /me/businesses`. */
export function businesses(meta: Meta, token: Token, request: GraphRequest): unknown {
  const mine = meta.accounts.businesses.filter(({ id }) => {
    const person = meta.accounts.people.find((each) => each.id === token.person);
    return person ? person.administrates.includes(id) : id === (token.business ?? meta.accounts.businesses[0].id);
  });
  return page(
    mine.map(({ id, name }) => pick({ id, name }, request.params.fields ?? "id,name")),
    request,
  );
}

/** A person sees all datasets of the business, a system user those assigned to it. */
function pixels(
  { accounts, received }: Meta,
  token: Token,
  business: Business,
  request: GraphRequest,
  shared: readonly boolean[],
): unknown {
  needScope(token, "ads_read", "ads_management", "business_management");
  const { name_filter: named, id_filter: numbered } = request.params;
  const seen = accounts
    .datasets()
    .filter((each) => (each.business ?? accounts.businesses[0].id) === business.id)
    .filter((each) => shared.includes(each.shared ?? false))
    .filter((each) => token.kind === "user" || token.datasets.includes(each.id))
    .filter((each) => typeof named !== "string" || each.name.toLowerCase().includes(named.toLowerCase()))
    .filter((each) => typeof numbered !== "string" || each.id === numbered);
  return page(
    seen.map((dataset) => {
      const permitted_tasks = dataset.permitted ? ["ANALYZE", "UPLOAD", "ADVERTISE", "EDIT"] : ["ANALYZE"];
      const fields = datasetFields(dataset, received.tally.lastFiredAt(dataset.id), business);
      return pick({ ...fields, permitted_tasks }, request.params.fields);
    }),
    request,
  );
}

/** `POST /{business}/adspixels` with `name` and `is_crm`. Every token of the same system user reaches what it made. */
function createPixel({ accounts }: Meta, token: Token, business: Business, { params }: GraphRequest): unknown {
  needScope(token, "ads_management", "business_management");
  const { name, is_crm: isCrm } = params;
  if (typeof name !== "string" || name.trim() === "")
    throw graphError("parameter", "(#100) The parameter name is required", "name");
  const dataset = accounts.createDataset(name, isCrm === true || isCrm === "true", business.id);
  for (const each of accounts.tokens())
    if (each.app === token.app && each.kind === token.kind && each.business === token.business)
      accounts.change({ ...each, datasets: [...each.datasets, dataset.id] });
  return { id: dataset.id };
}

/** `fetch_only`: the token that there is; else a new one for the assets and permissions named, at most those of the login. */
function systemUserToken(meta: Meta, token: Token, business: Business, { params }: GraphRequest): unknown {
  const { accounts } = meta;
  needScope(token, "business_management");
  if (token.kind !== "business") throw graphError("forbidden");
  if (params.appsecret_proof === undefined) throw graphError("proofRequired");
  if (isTrue(params.fetch_only)) return { access_token: token.token };
  const [assets, scopes] = [listed(params.asset) ?? token.datasets, listed(params.scope) ?? token.scopes ?? []];
  if (assets.some((id) => !token.datasets.includes(id))) throw graphError("notFound");
  if (scopes.some((scope) => !token.scopes?.includes(scope)))
    throw graphError("parameter", "(#100) scope names a permission that was not granted", "scope");
  const ending = isTrue(params.set_token_expires_in_60_days) ? ends(meta, SIXTY_DAYS_MS) : {};
  const { app, kind } = token;
  const made = accounts.mint({ app, kind, business: business.id, datasets: assets, scopes, ...ending });
  return { access_token: made.token };
}

function needScope(token: Token, ...any: readonly string[]): void {
  if (!any.some((scope) => (token.scopes ?? ["ads_management", "business_management"]).includes(scope)))
    throw graphError("missingPermission");
}

const isTrue = (value: unknown): boolean => value === true || value === "true" || value === 1 || value === "1";

/** A list as JSON, as JSON in a text, or separated by commas. */
function listed(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.map(String);
  const text = String(value);
  return text.startsWith("[") ? (JSON.parse(text) as unknown[]).map(String) : text.split(",").filter(Boolean);
}

/** Pages of 25 by default. `next` is a whole address with the token in it, as Meta sends it. */
function page(all: readonly unknown[], { params, url, origin, query, token }: GraphRequest): unknown {
  const limit = Number(params.limit ?? 25);
  const start = params.after === undefined ? 0 : Number(Buffer.from(String(params.after), "base64url").toString());
  if (!Number.isInteger(limit) || limit < 1 || !Number.isInteger(start))
    throw graphError("parameter", "(#100) limit or after is not valid");
  const data = all.slice(start, start + limit);
  if (data.length === 0) return { data };
  const cursor = (at: number): string => Buffer.from(String(at)).toString("base64url");
  const after = cursor(start + data.length);
  const next = new URLSearchParams([
    ...query,
    ["access_token", token ?? ""],
    ["limit", String(limit)],
    ["after", after],
  ]);
  const more = start + data.length < all.length;
  return {
    data,
    paging: { cursors: { before: cursor(start), after }, ...(more && { next: `${origin}${url}?${next}` }) },
  };
}
