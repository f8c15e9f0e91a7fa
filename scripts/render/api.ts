import { connectors } from "../../connectors/index.ts";
import { type AppParts, routes } from "../../server/app.ts";
import { documentOf } from "../../server/openapi/document.ts";
import { markdownOf } from "../../server/openapi/markdown.ts";
import type { Route } from "../../server/routes/route.ts";
import type { App } from "./app.ts";

/** The very routes that the server serves. None of them is called here, so what they would work with is not there. */
export function servedRoutes(): readonly Route[] {
  const none = { health: {}, ingest: {}, install: {}, overview: {}, datasets: {}, webhooks: {} };
  return routes({ ...none, web: true, connectors, api: { connectors } } as unknown as AppParts);
}

/** `docs/api.md` */
export const apiPage = (app: App): string => markdownOf(documentOf(servedRoutes(), app.url));
