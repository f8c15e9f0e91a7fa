import { accessToken } from "./access-token.ts";
import type { Accounts, Token } from "./accounts.ts";
import { type Behaviour, LIMITS } from "./behaviour.ts";
import { businessEdges, businesses, reachBusiness } from "./business-edges.ts";
import { checkRequest } from "./check-request.ts";
import { datasetFields, pick } from "./dataset-fields.ts";
import { debugToken } from "./debug-token.ts";
import { dialog } from "./dialog.ts";
import { graphError } from "./errors.ts";
import { type GraphRequest, proofOf } from "./graph-request.ts";
import type { Login } from "./login.ts";
import type { Received } from "./received.ts";
import { checkVersion } from "./versions.ts";

export interface Meta {
  readonly accounts: Accounts;
  readonly login: Login;
  readonly behaviour: Behaviour;
  readonly received: Received;
  now(): Date;
}

/** The body of a yes, or a `BrowserAnswer`; every no is thrown. `answerDropped`: what is received is marked as never answered. */
export function route(meta: Meta, request: GraphRequest, traceId: string, answerDropped: boolean): unknown {
  const { method, path } = request;
  checkVersion(request.version, meta.behaviour.state.retired);
  const [node = "", edge, ...more] = path;
  if (method === "POST" && edge === "events" && more.length === 0)
    return receiveEvents(meta, request, node, traceId, answerDropped);
  const at = `${method} ${path.join("/")}`;
  if (at === "GET dialog/oauth") return dialog(meta, request);
  if (at === "GET oauth/access_token" || at === "POST oauth/access_token") return accessToken(meta, request);
  if (at === "GET debug_token") return debugToken(meta, request);
  if (at === "GET me") return readMe(meta, request);
  if (at === "GET me/businesses") return businesses(meta, caller(meta, request), request);
  if (at === "DELETE me/permissions") return removeApp(meta, request);
  if (method === "GET" && edge === undefined) return readNode(meta, request, node);
  const business = more.length === 0 ? businessEdges[`${method} ${edge}`] : undefined;
  if (business) {
    const token = caller(meta, request);
    return business(meta, token, reachBusiness(meta, token, node), request);
  }
  throw graphError("unknownPath", `Unknown path components: /${path.join("/")}`);
}

/** POST /{dataset}/events: all of the request's events, or none. */
function receiveEvents(
  meta: Meta,
  request: GraphRequest,
  id: string,
  traceId: string,
  answerDropped: boolean,
): unknown {
  const { accounts, behaviour, received } = meta;
  const dataset = accounts.reach(caller(meta, request), id, "send");
  const now = meta.now();
  const limit = behaviour.limitAt(now);
  if (limit) throw graphError(LIMITS[limit.code]);
  const { forgotten, refused } = behaviour.state;
  const events = checkRequest(request, { now, forgotten: new Set(forgotten), refused });
  const testCode = request.params.test_event_code;
  received.add(
    {
      receivedAt: now.toISOString(),
      dataset: dataset.id,
      status: 200,
      count: events.length,
      ...(typeof testCode === "string" ? { testCode } : {}),
      ...(answerDropped ? { answerDropped } : {}),
    },
    events,
  );
  return { events_received: events.length, messages: [], fbtrace_id: traceId };
}

const caller = ({ accounts }: Meta, request: GraphRequest): Token =>
  accounts.authenticate(request.token, proofOf(request));

/** GET /{dataset or business}?fields=… */
function readNode(meta: Meta, request: GraphRequest, id: string): unknown {
  const { accounts, received } = meta;
  const token = caller(meta, request);
  if (accounts.businesses.some((business) => business.id === id)) {
    const business = reachBusiness(meta, token, id);
    return pick({ id: business.id, name: business.name }, request.params.fields ?? "id,name");
  }
  const dataset = accounts.reach(token, id, "look");
  const owner = accounts.businesses.find((business) => business.id === dataset.business) ?? accounts.businesses[0];
  return pick(datasetFields(dataset, received.tally.lastFiredAt(id), owner), request.params.fields);
}

/** GET /me: the person or the system user the token belongs to. */
function readMe(meta: Meta, request: GraphRequest): unknown {
  const { id, name, business } = meta.accounts.holder(caller(meta, request));
  const fields = request.params.fields ?? "id,name";
  if (business === undefined && String(fields).split(",").includes("client_business_id"))
    throw graphError("noClientBusiness");
  return pick({ id, name, ...(business && { client_business_id: business }) }, fields);
}

/** DELETE /me/permissions: the app gives its access back, and every token of this holder ends. */
function removeApp(meta: Meta, request: GraphRequest): unknown {
  const { accounts } = meta;
  const token = caller(meta, request);
  const { id } = accounts.holder(token);
  for (const each of accounts.tokens())
    if (each.app === token.app && each.kind === token.kind && accounts.holder(each).id === id)
      accounts.setState(each.token, "revoked");
  return { success: true };
}
