import type { OAuthManifest } from "../../core/connector.ts";

/** My Domain with or without a partition label. Custom domains, sites and Lightning hosts are not needed and never called. */
export const myDomain =
  /^[a-z0-9][a-z0-9-]{0,79}(\.(sandbox|develop|scratch|demo|patch|trailblaze|free))?\.my\.salesforce\.com$/;

/** Orgs may forbid the two hosts for all, so their own may be named instead (help: "OAuth endpoints"). */
export const oauth: OAuthManifest = {
  places: [
    { id: "production", label: "Production", origin: "https://login.salesforce.com" },
    { id: "sandbox", label: "Sandbox", origin: "https://test.salesforce.com" },
  ],
  ownHosts: myDomain,
  authorizePath: "/services/oauth2/authorize",
  revokePath: "/services/oauth2/revoke",
};
