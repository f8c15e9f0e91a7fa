import manifest from "../../app.json" with { type: "json" };
import type { Route } from "../routes/route.ts";
import { schemesOf } from "./callers.ts";
import type { JsonSchema } from "./json-schema.ts";
import { type Operation, operationOf, pathsOf } from "./operation.ts";
import { problem, responses } from "./refusals.ts";
import { createSchemas } from "./schemas.ts";

/** OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1), as far as we write it. */
export interface ApiDocument {
  readonly openapi: "3.1.1";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Route["method"], Operation>>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly responses: Readonly<Record<string, object>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

/** The API as these routes are: whatever they take and give, by their own schemas. `url`: our public address. */
export function documentOf(routes: readonly Route[], url: string): ApiDocument {
  const schemas = createSchemas();
  const paths: Record<string, Partial<Record<Route["method"], Operation>>> = {};
  for (const route of routes.filter(({ api }) => api))
    for (const path of pathsOf(route))
      paths[path] = { ...paths[path], [route.method]: operationOf(route, path, schemas) };
  const tags = Object.values(paths).flatMap((operations) => Object.values(operations).flatMap(({ tags }) => tags));
  return {
    openapi: "3.1.1",
    info: { title: `${manifest.name} API`, version: "1", description: manifest.description },
    servers: [{ url }],
    tags: [...new Set(tags)].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...schemas.named(), Problem: problem },
      responses: responses(),
      securitySchemes: schemesOf(url.startsWith("https:")),
    },
  };
}
