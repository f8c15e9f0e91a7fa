import { buttons, form, paragraph, select } from "../sign-in-page.ts";
import type { Answer } from "./answer.ts";
import { type Asked, askPage, decide, mistake, page, redirect, state } from "./consent.ts";
import type { Hub } from "./hub.ts";
import type { Call } from "./routes.ts";
import { optionalScopes, requiredScopes } from "./scopes.ts";

/** `GET /marketplace/{app}`: the app's page in the marketplace. */
export function listing(hub: Hub, call: Call): Answer {
  const portals = hub.tokens.portals.map(({ hubId, name }) => ({
    value: String(hubId),
    label: `${name}${hub.tokens.installed(hubId) ? " (installed)" : ""}`,
  }));
  if (call.path[1] !== String(hub.tokens.app.appId)) return mistake("This app is not in the marketplace.", 404);
  return page(
    "Stagewire in the HubSpot Marketplace",
    [
      paragraph("Sends every pipeline stage of your Meta leads to Meta's Conversions API."),
      form(`/marketplace/${hub.tokens.app.appId}/install`, new URLSearchParams(), [
        select("portal", "Install in", portals),
        buttons("go", [["install", "Install app"]]),
      ]),
    ].join(""),
  );
}

/**
 * With partner sign-in the browser first comes to the app's redirect URL with `step=authorize` and `returnUrl`, else it goes
 * straight to consent, and the app gets a code for an account that it knows nothing of (docs: understand-app-install-flow).
 */
export function startInstall(hub: Hub, call: Call): Answer {
  const portal = hub.tokens.portal(Number(call.url.searchParams.get("portal")));
  const asked = fromConfiguration(hub);
  if (!portal) return mistake("This account does not exist.");
  if (typeof asked === "string") return mistake(asked);
  const { app } = hub.tokens;
  if (hub.settings.now.partnerSignIn) {
    const returnUrl = `${call.url.origin}/marketplace/${app.appId}/${portal.hubId}/consent`;
    return redirect(asked.redirectUri, { step: "authorize", returnUrl });
  }
  return redirect(`${call.url.origin}/oauth/${portal.hubId}/authorize`, {
    client_id: app.clientId,
    redirect_uri: asked.redirectUri,
    scope: asked.scopes.join(" "),
    optional_scope: asked.optional.join(" "),
  });
}

/** The way back from the app's sign-in, which has to bring a `state`: the consent, then `step=finalize` with the code. */
export function marketplaceConsent(hub: Hub, call: Call): Answer {
  const query = call.url.searchParams;
  const portal = hub.tokens.portal(Number(call.path[2]));
  const asked = fromConfiguration(hub);
  if (!portal) return mistake("This account does not exist.");
  if (typeof asked === "string") return mistake(asked);
  if (!query.get("state")) return mistake("The app did not say which installation this is: the state is missing.");
  const chosen = decide(hub, portal, asked, query);
  if (!chosen) return askPage(portal, asked, call.url);
  if (typeof chosen === "string") return mistake(chosen, 403);
  const returnUrl = `${call.url.origin}/marketplace/${hub.tokens.app.appId}/${portal.hubId}/done`;
  return redirect(asked.redirectUri, { step: "finalize", ...chosen, ...state(query), returnUrl });
}

/** Where the app sends the browser at the end. An app counts as installed once its code was exchanged. */
export function marketplaceDone({ tokens }: Hub, { path }: Call): Answer {
  const portal = tokens.portal(Number(path[2]));
  if (!portal) return mistake("This account does not exist.");
  return tokens.installed(portal.hubId)
    ? page("Stagewire is installed", paragraph(`${portal.name} is connected. You can close this page.`))
    : page("Stagewire is not installed", paragraph(`${portal.name} is not connected: the app took no token.`));
}

/** In the marketplace it is the app's configuration that says where to and what for. */
function fromConfiguration({ settings }: Hub): Asked | string {
  const [redirectUri] = settings.now.redirectUrls;
  if (redirectUri === undefined)
    return "At least one redirect URL must be configured before this app can be installed.";
  const optional = optionalScopes.filter((scope) => scope === "crm.objects.leads.read");
  return { redirectUri, scopes: requiredScopes, optional };
}
