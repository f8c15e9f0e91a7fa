import type { OAuthManifest } from "../../core/connector.ts";

/** One place of sign-in for all data regions; tokens are exchanged at the API (docs: working-with-oauth). */
export const oauth: OAuthManifest = {
  places: [{ id: "hubspot", label: "HubSpot", origin: "https://app.hubspot.com" }],
  authorizePath: "/oauth/authorize",
  revokePath: "/oauth/2026-09/token/revoke",
  tokenOrigin: "https://api.hubapi.com",
  optionalScopes: "optional_scope",
  // https://developers.hubspot.com/docs/apps/developer-platform/list-apps/understand-app-install-flow
  marketplaceHosts: /^app(-[a-z]{2,4}\d{1,2})?\.hubspot\.com$/,
};
