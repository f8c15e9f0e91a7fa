import { type Answer, html, json } from "./answer.ts";
import type { Call } from "./call.ts";
import { segmentsOf } from "./call.ts";
import { authorize, CONSENT_PATH, consent, REFUSAL_PATH, refusal } from "./oauth/consent.ts";
import { discovery, identity, userinfo } from "./oauth/identity.ts";
import { introspect, revoke, token } from "./oauth/token.ts";
import type { Orgs } from "./orgs.ts";
import { type Rest, serveRest } from "./rest/rest.ts";

/** Every address of the simulated hosts. Data is that of the door's own org; who signs in may belong to any org behind it. */
export function route(orgs: Orgs, door: string, call: Call): Answer {
  const { url, headers, body } = call;
  const query = url.searchParams;
  const form = new URLSearchParams(body);
  const own = orgs.at(door).rest;
  const [, bearer = ""] = (headers.authorization ?? "").split(" ");
  /** The org that gave this out; the door's own for what nobody knows. */
  const giver = (token: string | null): Rest =>
    orgs.founded(door).find(({ rest }) => rest.grants.knows(token ?? ""))?.rest ?? own;
  const path = url.pathname.replace(/\/$/, "");
  const is = (method: string, wanted: string) => call.method === method && path === wanted;

  if (`${path}/`.startsWith("/services/data/")) return serveRest(own, call);
  if (is("POST", "/services/oauth2/token"))
    return token(giver(form.get("refresh_token") ?? form.get("code")), url.origin, form, headers.authorization);
  if (is("POST", "/services/oauth2/revoke")) return revoke(giver(form.get("token")), form);
  if (is("GET", "/services/oauth2/revoke")) return revoke(giver(query.get("token")), query);
  if (is("POST", "/services/oauth2/introspect"))
    return introspect(giver(form.get("token")), url.origin, form, headers.authorization);
  if (is("GET", "/services/oauth2/userinfo")) return forUser((rest, userId) => userinfo(rest, url.origin, userId));
  if (is("GET", "/services/oauth2/authorize")) return authorize(orgs, door, query);
  if (is("GET", CONSENT_PATH)) return consent(orgs, door, query);
  if (is("GET", REFUSAL_PATH)) return refusal(query);
  if (is("GET", "/.well-known/openid-configuration")) return discovery(url.origin);
  if (is("GET", "/id/keys")) return json(orgs.app.keys);
  const [first, orgId, userId = ""] = segmentsOf(call);
  if (first === "id")
    return forUser((rest, holderId) =>
      rest.orgId === orgId && holderId === userId ? identity(rest, url.origin, userId) : badToken,
    );
  return html(404, "<h1>URL No Longer Exists</h1>");

  function forUser(answer: (rest: Rest, userId: string) => Answer): Answer {
    const shown = bearer || (query.get("access_token") ?? "");
    const rest = giver(shown);
    const holder = rest.grants.holder(shown);
    return holder?.token.kind === "access" ? answer(rest, holder.grant.userId) : badToken;
  }
}

const badToken: Answer = {
  status: 403,
  text: "Bad_OAuth_Token",
  headers: { "content-type": "text/html;charset=UTF-8" },
};
