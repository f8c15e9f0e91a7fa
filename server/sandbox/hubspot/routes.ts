import { type Answer, notFound } from "./answer.ts";
import { type Associations, associationLabels, readAssociations } from "./associations.ts";
import type { Budget, Limits } from "./limits.ts";
import type { Tokens } from "./oauth.ts";
import { type ObjectType, objectType } from "./objects.ts";
import { type Pipelines, pipelineJson } from "./pipelines.ts";
import type { Portal } from "./portal.ts";
import { accountDetails, type PortalFacts } from "./portals.ts";
import { type Properties, propertyJson } from "./properties.ts";
import { readBatch, readList, readOne } from "./read.ts";
import { definitionScopes } from "./scopes.ts";
import { search } from "./search.ts";
import type { SearchIndex } from "./search-index.ts";
import type { Settings } from "./settings.ts";

/** Everything a route may look at: one portal. */
export interface World {
  readonly facts: PortalFacts;
  readonly portal: Portal;
  readonly pipelines: Pipelines;
  readonly properties: Properties;
  readonly associations: Associations;
  readonly index: SearchIndex;
  readonly tokens: Tokens;
  readonly limits: Limits;
  readonly settings: () => Settings;
  readonly now: () => Date;
}
export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}
export interface Call extends Request {
  readonly path: readonly string[];
  json(): unknown;
}
export interface Route {
  readonly at: string;
  readonly budget: Budget;
  /** One of these must be granted. */
  scopes(call: Call): readonly string[];
  run(world: World, call: Call): Answer;
}

/** The only version this simulator speaks. */
export const V = "2026-09";
const typeAt = (call: Call, place: number): ObjectType => objectType(call.path[place] ?? "");
const ok = (body: unknown): Answer => ({ status: 200, body });
const own = (call: Call): readonly string[] => [typeAt(call, 3).scope];
const definitions = (call: Call): readonly string[] => definitionScopes(typeAt(call, 3));
const readable = (world: World, call: Call) => ({
  type: typeAt(call, 3),
  properties: world.properties.of(typeAt(call, 3)),
});
const pipelinesAt = (world: World, call: Call) => {
  const type = typeAt(call, 3);
  return type.pipeline ? world.pipelines.of(type.id).map(pipelineJson) : [];
};
const pipelineAt = (world: World, call: Call) => {
  const found = pipelinesAt(world, call).find(({ id }) => id === call.path[4]);
  if (!found) throw notFound(`Pipeline ${call.path[4]} not found`);
  return found;
};

/** Every endpoint that needs a token, on one screen; the token says which portal is meant. A `:word` stands for any one segment. */
export const routes: readonly Route[] = [
  {
    at: `GET /account-info/${V}/details`,
    budget: "calls",
    scopes: () => ["oauth"],
    run: ({ facts }) => ok(accountDetails(facts)),
  },
  {
    at: `DELETE /appinstalls/${V}/external-install`,
    budget: "calls",
    scopes: () => ["oauth"],
    run: ({ tokens, facts }) => {
      tokens.uninstall(facts.hubId);
      return { status: 204, text: "" };
    },
  },
  {
    at: `POST /crm/objects/${V}/:type/search`,
    budget: "search",
    scopes: own,
    run: (world, call) => {
      const { type, properties } = readable(world, call);
      const records = world.index.of(type, world.now().getTime(), world.settings().lagMs);
      return search({ type, properties, records, associations: world.associations }, call.json(), call.body.length);
    },
  },
  {
    at: `POST /crm/objects/${V}/:type/batch/read`,
    budget: "calls",
    scopes: own,
    run: (world, call) => readBatch(world.portal, readable(world, call), call.json(), call.url.searchParams),
  },
  {
    at: `GET /crm/objects/${V}/:type`,
    budget: "calls",
    scopes: own,
    run: (world, call) => readList(world.portal, readable(world, call), call.url.searchParams),
  },
  {
    at: `GET /crm/objects/${V}/:type/:id`,
    budget: "calls",
    scopes: own,
    run: (world, call) => readOne(world.portal, readable(world, call), call.path[4] ?? "", call.url.searchParams),
  },
  {
    at: `GET /crm/pipelines/${V}/:type`,
    budget: "calls",
    scopes: definitions,
    run: (world, call) => ok({ results: pipelinesAt(world, call) }),
  },
  {
    at: `GET /crm/pipelines/${V}/:type/:id`,
    budget: "calls",
    scopes: definitions,
    run: (world, call) => ok(pipelineAt(world, call)),
  },
  {
    at: `GET /crm/pipelines/${V}/:type/:id/stages`,
    budget: "calls",
    scopes: definitions,
    run: (world, call) => ok({ results: pipelineAt(world, call).stages }),
  },
  {
    at: `GET /crm/properties/${V}/:type`,
    budget: "calls",
    scopes: definitions,
    run: (world, call) => ok({ results: [...world.properties.of(typeAt(call, 3)).values()].map(propertyJson) }),
  },
  {
    at: `GET /crm/properties/${V}/:type/:name`,
    budget: "calls",
    scopes: definitions,
    run: (world, call) => {
      const property = world.properties.of(typeAt(call, 3)).get(call.path[4] ?? "");
      if (!property) throw notFound(`Property "${call.path[4]}" does not exist`);
      return ok(propertyJson(property));
    },
  },
  {
    at: `POST /crm/associations/${V}/:from/:to/batch/read`,
    budget: "associations",
    scopes: (call) => [typeAt(call, 3).scope],
    run: (world, call) =>
      readAssociations(
        world.associations,
        [typeAt(call, 3), typeAt(call, 4)],
        call.json(),
        world.settings().associationsPage,
      ),
  },
  {
    at: `GET /crm/associations/${V}/:from/:to/labels`,
    budget: "associations",
    scopes: own,
    run: (_, call) => associationLabels(typeAt(call, 3), typeAt(call, 4)),
  },
];
