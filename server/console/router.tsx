import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";
import { addresses } from "../api/addresses.ts";
import { Placeholder } from "./elements/placeholder.tsx";
import { history } from "./route/history.ts";
import { parseSearch, stringifySearch } from "./route/search.ts";
import { Broken } from "./shell/broken.tsx";
import { NotFound } from "./shell/not-found.tsx";
import { Shell } from "./shell/shell.tsx";
import { SignIn } from "./sign-in/sign-in.tsx";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Broken });

/** A page of its own, for whoever may not be signed in yet. */
const alone = (path: string, load: Parameters<typeof lazyRouteComponent>[0], name: string) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, name) });

const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });

/** A page of the workspace that is open. */
const within = (path: string, load: Parameters<typeof lazyRouteComponent>[0], name: string) =>
  createRoute({ getParentRoute: () => shell, path, component: lazyRouteComponent(load, name) });

/** Which page an address shows. Each is loaded when it is first gone to. */
const routeTree = root.addChildren([
  // Stands within the shell as well, for those who are not signed in: it is there from the start.
  createRoute({ getParentRoute: () => root, path: addresses.signIn, component: SignIn }),
  alone(addresses.claim, () => import("./install/claim.tsx"), "Claim"),
  alone(addresses.invitation, () => import("./members/invitation.tsx"), "Invitation"),
  alone(addresses.installFailed, () => import("./install/failed.tsx"), "InstallFailed"),
  alone(addresses.install, () => import("./install/install.tsx"), "InstallPage"),
  shell.addChildren([
    within(addresses.overview, () => import("./overview/overview.tsx"), "OverviewPage"),
    within(addresses.setup, () => import("./setup/page.tsx"), "SetupPage"),
    within(addresses.deliveries, () => import("./deliveries/page.tsx"), "DeliveriesPage"),
    within(addresses.problems, () => import("./problems/page.tsx"), "ProblemsPage"),
    within(addresses.problem, () => import("./problems/problem.tsx"), "ProblemPage"),
    within(addresses.mapping, () => import("./mapping/page.tsx"), "MappingPage"),
    within(addresses.mappingOf, () => import("./mapping/page.tsx"), "MappingPage"),
    within(addresses.preview, () => import("./preview/page.tsx"), "PreviewPage"),
    within(addresses.connections, () => import("./connections/page.tsx"), "ConnectionsPage"),
    within(addresses.connectMeta, () => import("./meta/connect-meta.tsx"), "ConnectMeta"),
    within(addresses.members, () => import("./members/members.tsx"), "Members"),
    within(addresses.settings, () => import("./settings/page.tsx"), "SettingsPage"),
    within(addresses.privacy, () => import("./privacy/page.tsx"), "PrivacyPage"),
    within(addresses.audit, () => import("./audit/page.tsx"), "AuditPage"),
    within(addresses.developers, () => import("./developers/page.tsx"), "DevelopersPage"),
  ]),
]);

export const router = createRouter({
  routeTree,
  history,
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
  defaultPendingComponent: Placeholder,
  // What was read is kept and renewed by the queries; the router has nothing to hold back.
  defaultPreload: false,
});
