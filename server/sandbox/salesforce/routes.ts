import { type Answer, html, json } from "./answer.ts";
import type { Call } from "./call.ts";
import { segmentsOf } from "./call.ts";
import { authorize, CONSENT_PATH, consent } from "./oauth/consent.ts";
import { discovery, identity, userinfo } from "./oauth/identity.ts";
import { introspect, revoke, token } from "./oauth/token.ts";
import { type Rest, serveRest } from "./rest/rest.ts";

/** Every address of the simulated org. */
export function route(rest: Rest, call: Call): Answer {
  const { url, headers, body } = call;
  const query = url.searchParams;
  const form = () => new URLSearchParams(body);
  const path = url.pathname.replace(/\/$/, "");
  const is = (method: string, wanted: string) => call.method === method && path === wanted;

  if (`${path}/`.startsWith("/services/data/")) return serveRest(rest, call);
  if (is("POST", "/services/oauth2/token")) return token(rest, url.origin, form(), headers.authorization);
  if (is("POST", "/services/oauth2/revoke")) return revoke(rest, form());
  if (is("GET", "/services/oauth2/revoke")) return revoke(rest, query);
  if (is("POST", "/services/oauth2/introspect")) return introspect(rest, url.origin, form(), headers.authorization);
  if (is("GET", "/services/oauth2/userinfo")) return forUser((userId) => userinfo(rest, url.origin, userId));
  if (is("GET", "/services/oauth2/authorize")) return authorize(rest, query);
  if (is("GET", CONSENT_PATH)) return consent(rest, query);
  if (is("GET", "/.well-known/openid-configuration")) return discovery(url.origin);
  if (is("GET", "/id/keys")) return json(rest.app.keys);
  const [first, orgId, userId = ""] = segmentsOf(call);
  if (first === "id" && orgId === rest.orgId)
    return forUser((holderId) => (holderId === userId ? identity(rest, url.origin, userId) : badToken));
  return html(404, "<h1>URL No Longer Exists</h1>");

  function forUser(answer: (userId: string) => Answer): Answer {
    const [, bearer = ""] = (headers.authorization ?? "").split(" ");
    const holder = rest.grants.holder(bearer || (query.get("access_token") ?? ""));
    return holder?.token.kind === "access" ? answer(holder.grant.userId) : badToken;
  }
}

const badToken: Answer = {
  status: 403,
  text: "Bad_OAuth_Token",
  headers: { "content-type": "text/html;charset=UTF-8" },
};
