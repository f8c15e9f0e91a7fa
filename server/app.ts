import express, { type Express } from "express";
import type { AnyConnector } from "../core/connector.ts";
import { Failure } from "../core/errors.ts";
import type { Log } from "../core/ports.ts";
import type { TenantId } from "../core/types.ts";
import type { InstallParts } from "./install/parts.ts";
import { accountRoutes } from "./routes/account.ts";
import type { ApiParts } from "./routes/api-route.ts";
import { auditRoutes } from "./routes/audit.ts";
import { connectionsRoute } from "./routes/connections.ts";
import { consoleFiles, consolePages } from "./routes/console.ts";
import { type DatasetParts, datasetRoutes } from "./routes/datasets.ts";
import { deliveriesRoutes } from "./routes/deliveries.ts";
import { deliveryRoute } from "./routes/delivery.ts";
import { developerRoutes } from "./routes/developers.ts";
import { disconnectRoutes } from "./routes/disconnect.ts";
import { explainRoute } from "./routes/explain.ts";
import { figuresRoute } from "./routes/figures.ts";
import { goLiveRoutes } from "./routes/go-live.ts";
import { type HealthParts, healthRoutes } from "./routes/health.ts";
import { crmSettings } from "./routes/hubspot-settings.ts";
import { type IngestParts, ingestRoutes } from "./routes/ingest.ts";
import { ingestKeyRoutes } from "./routes/ingest-keys.ts";
import { installRoutes } from "./routes/install.ts";
import { invitationRoutes } from "./routes/invitations.ts";
import { laneRoutes } from "./routes/lanes.ts";
import { leadFieldRoutes } from "./routes/lead-fields.ts";
import { mappingRoutes } from "./routes/mapping.ts";
import { memberRoutes } from "./routes/members.ts";
import { metaCallbackRoutes } from "./routes/meta-callbacks.ts";
import { metaChooseRoutes } from "./routes/meta-choose.ts";
import { metaLoginRoutes } from "./routes/meta-login.ts";
import { oauthRoutes } from "./routes/oauth.ts";
import { openapiRoutes } from "./routes/openapi.ts";
import { type OverviewParts, overviewRoute } from "./routes/overview.ts";
import { peopleRoutes } from "./routes/people.ts";
import { previewRoute } from "./routes/preview.ts";
import { problemDeedRoutes } from "./routes/problem-deeds.ts";
import { problemRoutes } from "./routes/problems.ts";
import { providersRoute } from "./routes/providers.ts";
import { receiptRoute } from "./routes/receipts.ts";
import { redriveRoutes } from "./routes/redrive.ts";
import { problems, type Route } from "./routes/route.ts";
import { samplesRoute } from "./routes/samples.ts";
import { demoSignIn, sandbox } from "./routes/sandbox.ts";
import { sessionRoutes } from "./routes/session.ts";
import { settingsRoutes } from "./routes/settings.ts";
import { setupRoutes } from "./routes/setup.ts";
import { setupCheckRoute } from "./routes/setup-check.ts";
import { taskRoutes } from "./routes/tasks.ts";
import { testEventRoute } from "./routes/test-event.ts";
import { viewRoutes } from "./routes/views.ts";
import { type WebhookParts, webhook } from "./routes/webhooks.ts";
import { workspaceRoutes } from "./routes/workspace.ts";
import { guards } from "./sign-in/guard.ts";
import { securityHeaders } from "./sign-in/headers.ts";

export interface AppParts {
  readonly log: Log;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly health: HealthParts;
  readonly ingest: Omit<IngestParts, "limits">;
  readonly overview: OverviewParts;
  /** What the console asks and does beside looking at the overview. */
  readonly api: ApiParts;
  /** What letting accounts in works with. */
  readonly install: Omit<InstallParts, keyof ApiParts>;
  readonly webhooks: WebhookParts;
  /** How Meta's datasets are connected. */
  readonly datasets: Omit<DatasetParts, keyof ApiParts>;
  /** Host names under which people reach the operator's routes. */
  readonly hosts: readonly string[];
  /** Whether people and vendors are served here, or only the machines that look after us. */
  readonly web: boolean;
  /** The simulated vendors' back door; absent in the real world, and then there is no `/sandbox`. */
  readonly sandboxControl?: string;
  /** The workspace that `/sandbox/sign-in` leads into. */
  readonly demoWorkspace?: TenantId;
  /** Addresses and networks of proxies whose word on who calls counts. */
  readonly trustedProxies?: readonly string[];
}

/** Every route, with who may call it. */
export function routes(parts: AppParts): readonly Route[] {
  const web = parts.web ? webRoutes(parts) : [];
  return [...healthRoutes(parts.health), ...web, ...(parts.web ? openapiRoutes(web, parts.api.publicUrl) : [])];
}

const webRoutes = (parts: AppParts): readonly Route[] => [
  overviewRoute(parts.overview),
  ...apiRoutes(parts.api),
  providersRoute({ ...parts.api, ...parts.install }),
  ...installRoutes({ ...parts.api, ...parts.install }),
  ...disconnectRoutes({ ...parts.api, ...parts.install }),
  receiptRoute(parts.api),
  ...developerRoutes({ ...parts.api, ...parts.install }),
  ...oauthRoutes({ ...parts.api, ...parts.install }),
  ...ingestRoutes({ ...parts.ingest, limits: parts.api.limits }),
  ...metaRoutes({ ...parts.api, ...parts.datasets }),
  ...[...parts.connectors.values()].filter(({ doorbell }) => doorbell).map((one) => webhook(one, parts.webhooks)),
  ...[...parts.connectors.values()]
    .filter(({ settingsPage }) => settingsPage)
    .map((one) => crmSettings(one, { ...parts.webhooks, ...parts.api, addressed: parts.webhooks.publicUrl })),
  ...(parts.sandboxControl && parts.demoWorkspace ? [demoSignIn(parts.demoWorkspace, parts.api)] : []),
  ...(parts.sandboxControl ? sandbox(parts.sandboxControl) : []),
];

const metaRoutes = (parts: DatasetParts): readonly Route[] => [
  ...datasetRoutes(parts),
  ...metaLoginRoutes(parts),
  ...metaChooseRoutes(parts),
  ...metaCallbackRoutes(parts),
  setupCheckRoute(parts),
  testEventRoute(parts),
];

const apiRoutes = (parts: ApiParts): readonly Route[] => [
  ...sessionRoutes(parts),
  ...memberRoutes(parts),
  ...invitationRoutes(parts),
  ...ingestKeyRoutes(parts),
  ...problemRoutes(parts),
  ...problemDeedRoutes(parts),
  ...taskRoutes(parts),
  ...deliveriesRoutes(parts),
  ...viewRoutes(parts),
  deliveryRoute(parts),
  ...redriveRoutes(parts),
  explainRoute(parts),
  figuresRoute(parts),
  ...laneRoutes(parts),
  ...mappingRoutes(parts),
  ...leadFieldRoutes(parts),
  ...goLiveRoutes(parts),
  ...setupRoutes(parts),
  samplesRoute(parts),
  previewRoute(parts),
  connectionsRoute(parts),
  ...accountRoutes(parts),
  ...auditRoutes(parts),
  ...peopleRoutes(parts),
  ...workspaceRoutes(parts),
  ...settingsRoutes(parts),
];

export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple"); // `a[b]=1` is no object, and twice the same name is a list that no schema takes
  app.set("trust proxy", parts.trustedProxies?.length ? [...parts.trustedProxies] : false);
  const { publicUrl, limits, store, clock } = parts.api;
  app.use(securityHeaders(publicUrl().startsWith("https:")));
  const guarding = { publicUrl, limits, store, clock, hosts: parts.hosts };
  for (const route of routes(parts))
    app[route.method](route.path, ...guards(route, guarding), ...[route.handle].flat());
  // After the routes: /install/hubspot leaves for HubSpot, and /install/ins_… is a page.
  if (parts.web) consolePages(app);
  if (parts.web) consoleFiles(app);
  app.use((_request, _response, next) => next(new Failure("not_found")));
  app.use(problems(parts.log));
  return app;
}
