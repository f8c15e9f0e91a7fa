import { links, list, paragraph } from "../sign-in-page.ts";
import type { Answer } from "./answer.ts";
import { page } from "./consent.ts";
import type { Hub } from "./hub.ts";
import type { PortalFacts } from "./portals.ts";
import { signatureV3 } from "./signature.ts";

const TIMEOUT_MS = 15_000;

/** What an app's own server said to its page in HubSpot. */
export interface Fetched {
  readonly status: number;
  readonly body: unknown;
}

/**
 * What `hubspot.fetch` does for a page of the app: HubSpot calls the app's server, adds whose page it is to the address, signs
 * the address v3 and waits 15 s (docs: ui-extensions/fetching-data). The server is where webhooks go. Undefined: nowhere.
 */
export async function fetchForPage(
  { settings, tokens, now }: Hub,
  portal: PortalFacts,
  path: string,
): Promise<Fetched | undefined> {
  const { targetUrl, redirectUrls } = settings.now;
  const server = targetUrl ?? redirectUrls[0];
  if (server === undefined) return undefined;
  const [user] = portal.users;
  const url = new URL(path, server);
  const whose = { userId: user.id, portalId: portal.hubId, userEmail: user.mail, appId: tokens.app.appId };
  for (const [name, value] of Object.entries(whose)) url.searchParams.set(name, String(value));
  const timestamp = String(now().getTime());
  const signed = { method: "GET", uri: url.href, body: "", timestamp };
  const answer = await fetch(url, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      "x-hubspot-signature-v3": signatureV3(tokens.app.clientSecret, signed),
      "x-hubspot-request-timestamp": timestamp,
    },
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** `GET /connected-apps/{app}/{portal}`: the app's settings page as HubSpot shows it under Connected apps. */
export async function connectedApp(hub: Hub, pathname: string): Promise<Answer | undefined> {
  const [, folder, app, hubId] = pathname.split("/");
  const portal = hub.tokens.portal(Number(hubId));
  if (folder !== "connected-apps" || app !== String(hub.tokens.app.appId) || !portal) return undefined;
  const title = `Connected apps: Stagewire in ${portal.name}`;
  if (!hub.tokens.installed(portal.hubId)) return page(title, paragraph("The app is not installed in this account."));
  const fetched = await fetchForPage(hub, portal, "/hubspot/settings").catch(() => undefined);
  if (fetched?.status !== 200) return page(title, paragraph("Stagewire does not answer just now. Try again."));
  const { status, sent, days, waiting, consoleUrl, reconnectUrl } = fetched.body as Card;
  return page(
    title,
    [
      paragraph(status.sentence),
      list([`${sent} events accepted by Meta in the last ${days} days`, `${waiting} events waiting`]),
      links([
        ...(reconnectUrl === undefined ? [] : [{ href: reconnectUrl, label: "Reconnect HubSpot", note: reconnectUrl }]),
        { href: consoleUrl, label: "Open Stagewire", note: consoleUrl },
      ]),
    ].join(""),
  );
}

interface Card {
  readonly status: { readonly sentence: string };
  readonly sent: number;
  readonly days: number;
  readonly waiting: number;
  readonly consoleUrl: string;
  readonly reconnectUrl?: string;
}
