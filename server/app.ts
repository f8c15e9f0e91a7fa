import express, { type Express, type RequestHandler } from "express";
import helmet from "helmet";
import type { AnyConnector } from "../core/connector.ts";
import { Failure } from "../core/errors.ts";
import type { Log } from "../core/ports.ts";
import { accountRoutes } from "./routes/account.ts";
import { addressedTo } from "./routes/addressed-to.ts";
import type { ApiParts } from "./routes/api-route.ts";
import { serveConsole } from "./routes/console.ts";
import { deliveryRoute } from "./routes/delivery.ts";
import { explainRoute } from "./routes/explain.ts";
import { type HealthParts, healthRoutes } from "./routes/health.ts";
import { type IngestParts, ingestRoutes } from "./routes/ingest.ts";
import { laneRoutes } from "./routes/lanes.ts";
import { type OverviewParts, overviewRoute } from "./routes/overview.ts";
import { problemRoutes } from "./routes/problems.ts";
import { redriveRoutes } from "./routes/redrive.ts";
import { problems, type Route } from "./routes/route.ts";
import { sameSite } from "./routes/same-site.ts";
import { sandbox } from "./routes/sandbox.ts";
import { type WebhookParts, webhook } from "./routes/webhooks.ts";

export interface AppParts {
  readonly log: Log;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly health: HealthParts;
  readonly ingest: IngestParts;
  readonly overview: OverviewParts;
  /** What the console asks and does beside looking at the overview. */
  readonly api: ApiParts;
  readonly webhooks: WebhookParts;
  /** Host names under which people reach the operator's routes. */
  readonly hosts: readonly string[];
  /** Whether people and vendors are served here, or only the machines that look after us. */
  readonly web: boolean;
  /** The simulated vendors' back door; absent in the real world, and then there is no `/sandbox`. */
  readonly sandboxControl?: string;
}

/** Every route, with who may call it. */
export const routes = (parts: AppParts): readonly Route[] => [
  ...healthRoutes(parts.health),
  ...(parts.web ? webRoutes(parts) : []),
];

const webRoutes = (parts: AppParts): readonly Route[] => [
  overviewRoute(parts.overview),
  ...apiRoutes(parts.api),
  ...ingestRoutes(parts.ingest),
  ...[...parts.connectors.values()].filter(({ doorbell }) => doorbell).map((one) => webhook(one, parts.webhooks)),
  ...(parts.sandboxControl ? sandbox(parts.sandboxControl) : []),
];

const apiRoutes = (parts: ApiParts): readonly Route[] => [
  ...problemRoutes(parts),
  deliveryRoute(parts),
  ...redriveRoutes(parts),
  explainRoute(parts),
  ...laneRoutes(parts),
  ...accountRoutes(parts),
];

/** What everybody but the caller meant is kept from. */
const guards = ({ method, who }: Route, { hosts }: AppParts): readonly RequestHandler[] =>
  who === "operator" ? [addressedTo(hosts), ...(method === "get" ? [] : [sameSite])] : [];

export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  // The console and the sandbox page bring a content policy of their own.
  app.use(helmet({ contentSecurityPolicy: false, strictTransportSecurity: false }));
  for (const route of routes(parts)) app[route.method](route.path, ...guards(route, parts), ...[route.handle].flat());
  if (parts.web) serveConsole(app);
  app.use((_request, _response, next) => next(new Failure("not_found")));
  app.use(problems(parts.log));
  return app;
}
