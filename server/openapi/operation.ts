import type { Route } from "../routes/route.ts";
import { type Security, securityOf, whoMay } from "./callers.ts";
import type { JsonSchema } from "./json-schema.ts";
import { refusalsOf } from "./refusals.ts";
import type { SchemaBook } from "./schemas.ts";

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}
interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly security: Security;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content & { readonly required: boolean };
  readonly responses: Readonly<Record<string, Content & { readonly description?: string }>>;
}

/** The addresses of a route as OpenAPI writes them: with each part that may be left out, and without it. */
export function pathsOf({ path }: Route): readonly string[] {
  const optional = /\{(\/[^}]*)\}/;
  const paths = optional.test(path) ? [path.replace(optional, ""), path.replace(optional, "$1")] : [path];
  return paths.map((one) => one.replaceAll(/:(\w+)/g, "{$1}"));
}

export function operationOf(route: Route, path: string, schemas: SchemaBook): Operation {
  const { method, who, api } = route;
  if (!api) throw new TypeError(`${path} says nothing of what it takes and gives`);
  const answer = { [api.as ?? "application/json"]: { schema: schemas.add(api.answer, "output") } };
  const parameters = [...inPath(path), ...(api.query ? inQuery(schemas.spelledOut(api.query, "input")) : [])];
  const body = api.body && schemas.add(api.body, "input");
  return {
    operationId: idOf(method, path),
    tags: [path.split("/").find((part) => !["", "api", "v1"].includes(part)) ?? "api"],
    summary: api.summary ?? path,
    description: whoMay[who],
    security: securityOf(who, path),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: needed(body), content: { "application/json": { schema: body } } } }),
    responses: {
      ...Object.fromEntries(
        (api.answered ?? [200]).map((status) => [status, { description: told(status), content: answer }]),
      ),
      ...refusalsOf(route),
    },
  };
}

const told = (status: number): string =>
  ({ 200: "Done, or found.", 202: "Taken; it will be sent.", 422: "Nothing of it could be taken." })[status] ??
  "Answered.";

/** A body in which nothing has to be said may be left out. */
const needed = ({ type, required = [] }: JsonSchema): boolean => type !== "object" || required.length > 0;

/** What the ids of our own look like, by the noun before them. */
const prefixes: Readonly<Record<string, string>> = {
  connections: "con",
  "stage-changes": "con",
  outcomes: "con",
  datasets: "dst",
  deliveries: "dst",
  problems: "prb",
  members: "usr",
  invitations: "inv",
  installs: "ins",
  keys: "key",
  receipts: "rcp",
  views: "vew",
  tasks: "tsk",
};

function inPath(path: string): readonly Parameter[] {
  return [...path.matchAll(/(?:([\w-]+)\/)?\{(\w+)\}/g)].map(([, noun = "", name = ""]) => {
    const prefix = prefixes[noun];
    const schema = { type: "string", ...(prefix && { pattern: `^${prefix}_` }) };
    return { name, in: "path", required: true, ...(prefix && { description: `\`${prefix}_…\`` }), schema };
  });
}

const inQuery = ({ properties = {}, required = [] }: JsonSchema): readonly Parameter[] =>
  Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));

/** `getConnectionsIdKeys` */
const idOf = (method: string, path: string): string =>
  method +
  path
    .replace(/^\/api\/v1/, "")
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
