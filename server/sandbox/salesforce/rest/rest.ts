import { type Answer, json } from "../answer.ts";
import { type Call, segmentsOf } from "../call.ts";
import { notFound, RestError, sessionInvalid } from "../errors.ts";
import { userOf } from "../oauth/identity.ts";
import type { OAuth } from "../oauth/token.ts";
import { findObject, type SObject } from "../org/schema.ts";
import { composite } from "./composite.ts";
import { describeAll, describeObject, summarize } from "./describe.ts";
import type { CallLimit } from "./limits.ts";
import type { Queries } from "./query.ts";
import { getDeleted, getUpdated } from "./replication.ts";
import { retrieveMany, retrieveOne } from "./retrieve.ts";

export interface Rest extends OAuth {
  readonly queries: Queries;
  readonly limit: CallLimit;
}

const VERSIONS = [
  { label: "Spring '26", url: "/services/data/v66.0", version: "66.0" },
  { label: "Summer '26", url: "/services/data/v67.0", version: "67.0" },
  { label: "Winter '27", url: "/services/data/v68.0", version: "68.0" },
];

/** Everything under `/services/data`: the list of versions is open to all, the rest needs a token and counts as a call. */
export function serveRest(rest: Rest, call: Call): Answer {
  const [, , version, ...path] = segmentsOf(call);
  if (version === undefined) return json(VERSIONS);
  checkToken(rest, call);
  if (!rest.settings.now.api)
    throw new RestError(403, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.");
  const counted = (answer: Answer) => ({ ...answer, headers: { "sforce-limit-info": rest.limit.header } });
  try {
    rest.limit.count();
    return counted(dispatch(rest, version, path, call));
  } catch (error) {
    if (error instanceof RestError) return counted(json(error.body, error.status));
    throw error;
  }
}

function checkToken(rest: Rest, { url, headers }: Call): void {
  const { instanceUrl } = rest.settings.now;
  if (instanceUrl !== undefined && new URL(instanceUrl).host !== url.host) throw sessionInvalid(); // the org moved away
  const [scheme = "", token = ""] = (headers.authorization ?? "").split(" ");
  if (headers.authorization !== undefined && !["bearer", "oauth"].includes(scheme.toLowerCase()))
    throw new RestError(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE");
  const holder = rest.grants.holder(token);
  if (holder?.token.kind !== "access" || !userOf(rest, holder.grant.userId)?.IsActive) throw sessionInvalid();
  if (!holder.grant.scopes.some((scope) => scope === "api" || scope === "full"))
    throw sessionInvalid("This session is not valid for use with the REST API");
}

function dispatch(rest: Rest, version: string, path: readonly string[], call: Call): Answer {
  const known = VERSIONS.find(({ url }) => url.endsWith(`/${version}`));
  if (!known) throw notFound();
  const [first, second, third] = path;
  if (first === "composite") return serveComposite(rest, version, path, call);
  if (call.method !== "GET" && call.method !== "HEAD")
    throw new RestError(405, "METHOD_NOT_ALLOWED", `HTTP Method '${call.method}' not allowed. Allowed are HEAD,GET`);
  if (first === undefined) return json(resources(known.url));
  if (first === "limits") return json(rest.limit.summary);
  if (first === "sobjects") return serveObjects(rest, version, path.slice(1), call.url.searchParams);
  const [kind, locator] = first === "tooling" ? [second, third] : [first, second];
  if (kind !== "query" && kind !== "queryAll") throw notFound();
  if (locator !== undefined) return rest.queries.more(version, locator);
  return rest.queries.run(version, call.url.searchParams.get("q"), kind, call.headers["sforce-query-options"]);
}

function serveObjects(rest: Rest, version: string, path: readonly string[], query: URLSearchParams): Answer {
  const [name, what] = path;
  if (name === undefined) return json(describeAll(rest, version));
  const object = objectCalled(rest, name);
  if (what === undefined) return json({ objectDescribe: summarize(version, object), recentItems: [] });
  if (what === "describe") return json(describeObject(rest, version, object));
  if (what === "updated") return json(getUpdated(rest, object.name, query));
  if (what === "deleted") return json(getDeleted(rest, object.name, query));
  return json(retrieveOne(rest, version, object, what, query.get("fields")));
}

function serveComposite(rest: Rest, version: string, path: readonly string[], call: Call): Answer {
  const [, second, name] = path;
  if (call.method !== "POST") throw new RestError(405, "METHOD_NOT_ALLOWED", "Allowed are POST");
  const body = readJson(call.body);
  if (second === "sobjects" && name !== undefined)
    return json(retrieveMany(rest, version, objectCalled(rest, name), body));
  if (second !== undefined) throw notFound();
  return composite(
    body,
    (part) => {
      const [, , version = "", ...path] = segmentsOf({ ...call, ...part });
      return dispatch(rest, version, path, { ...call, ...part });
    },
    call.url,
  );
}

function objectCalled({ settings }: Rest, name: string): SObject {
  const object = findObject(name, settings.hidden);
  if (!object) throw notFound();
  return object;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RestError(400, "JSON_PARSER_ERROR", "The HTTP entity body is not valid JSON");
  }
}

const resources = (base: string): object =>
  Object.fromEntries(
    ["sobjects", "query", "queryAll", "limits", "composite", "tooling"].map((name) => [name, `${base}/${name}`]),
  );
