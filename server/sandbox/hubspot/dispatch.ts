import { type Answer, errorBody, invalid, missingScopes, Refusal } from "./answer.ts";
import { answerWithoutToken } from "./app-routes.ts";
import type { Hub } from "./hub.ts";
import { bearer } from "./oauth.ts";
import { type Call, type Request, routes, V } from "./routes.ts";

/** Token (it names the portal), then budget, then scope, then the work; a refusal anywhere is the answer. */
export function answer(hub: Hub, request: Request): Answer {
  const { pathname } = request.url;
  const path = pathname.slice(1).split("/");
  if (request.url.href.length > 8192) return { status: 414, text: "URI Too Long" };
  const call: Call = { ...request, path, json: () => jsonOf(request) };
  const isAt = (at: string): boolean => fits(at, `${request.method} ${pathname}`);
  const open = answerWithoutToken(hub, call, isAt);
  if (open) return open;
  const route = routes.find(({ at }) => isAt(at));
  if (!route) return unknown(pathname);
  let headers: Readonly<Record<string, string>> = {};
  try {
    const now = hub.now().getTime();
    const token = bearer(hub.tokens, String(request.headers.authorization ?? ""), now);
    const { world } = hub.account(token.hubId);
    const taken = world.limits.take(route.budget, now, world.settings());
    headers = taken.headers;
    if (taken.refusal) throw new Refusal(taken.refusal);
    const needed = route.scopes(call);
    if (!needed.some((scope) => token.scopes.includes(scope))) throw missingScopes(needed);
    const answered = route.run(world, call);
    return { ...answered, headers: { ...headers, ...answered.headers } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...error.answer, headers: { ...headers, ...error.answer.headers } };
  }
}

function fits(at: string, asked: string): boolean {
  const wanted = at.split("/");
  const given = asked.split("/");
  return wanted.length === given.length && wanted.every((part, place) => part.startsWith(":") || part === given[place]);
}

function jsonOf(request: Request): unknown {
  if (!String(request.headers["content-type"] ?? "").startsWith("application/json"))
    throw new Refusal({ status: 415, body: errorBody("VALIDATION_ERROR", "Unsupported Media Type") });
  try {
    return JSON.parse(request.body);
  } catch {
    throw invalid("Invalid input JSON on line 1, column 1");
  }
}

/** Paths without a date still work at HubSpot for a while; here they do not, so that nobody grows used to them. */
const unknown = (pathname: string): Answer => ({
  status: 404,
  body: errorBody(
    "OBJECT_NOT_FOUND",
    /\/v[1-4]\//.test(pathname) ? `This simulator has no undated paths: use the /${V}/ form.` : "No such endpoint.",
  ),
});
