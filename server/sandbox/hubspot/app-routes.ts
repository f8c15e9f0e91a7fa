import { type Answer, Refusal } from "./answer.ts";
import { chooseAccount, consent } from "./consent.ts";
import type { Hub } from "./hub.ts";
import { listing, marketplaceConsent, marketplaceDone, startInstall } from "./marketplace.ts";
import { formOf, introspect, revoke, token } from "./oauth-endpoints.ts";
import { type Call, V } from "./routes.ts";

interface AppRoute {
  readonly at: string;
  run(hub: Hub, call: Call): Answer;
}
const form = (call: Call): URLSearchParams => formOf(String(call.headers["content-type"] ?? ""), call.body);

/** What is asked of HubSpot before anybody has a token: pages for people, and the token endpoints. */
export const appRoutes: readonly AppRoute[] = [
  { at: "GET /oauth/authorize", run: chooseAccount },
  { at: "GET /oauth/:portal/authorize", run: (hub, call) => consent(hub, call, Number(call.path[1])) },
  { at: "GET /marketplace/:app", run: listing },
  { at: "GET /marketplace/:app/install", run: startInstall },
  { at: "GET /marketplace/:app/:portal/consent", run: marketplaceConsent },
  { at: "GET /marketplace/:app/:portal/done", run: marketplaceDone },
  { at: `POST /oauth/${V}/token`, run: (hub, call) => token(hub.tokens, form(call), hub.settings.now) },
  {
    at: `POST /oauth/${V}/token/introspect`,
    run: (hub, call) => introspect(hub.tokens, form(call), hub.now().getTime()),
  },
  { at: `POST /oauth/${V}/token/revoke`, run: (hub, call) => revoke(hub.tokens, form(call)) },
];

/** Undefined when the address is none of these. */
export function answerWithoutToken(hub: Hub, call: Call, fits: (at: string) => boolean): Answer | undefined {
  const route = appRoutes.find(({ at }) => fits(at));
  try {
    return route?.run(hub, call);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}
