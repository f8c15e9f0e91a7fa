import type { Accounts, Dataset } from "./accounts.ts";
import { type Behaviour, LIMITS } from "./behaviour.ts";
import { checkRequest } from "./check-request.ts";
import { graphError } from "./errors.ts";
import type { GraphRequest } from "./graph-request.ts";
import type { Received } from "./received.ts";
import { checkVersion } from "./versions.ts";

export interface Meta {
  readonly accounts: Accounts;
  readonly behaviour: Behaviour;
  readonly received: Received;
  now(): Date;
}

/** The body of a yes; every no is thrown. `answerDropped`: what is received is marked as never answered. */
export function route(meta: Meta, request: GraphRequest, traceId: string, answerDropped: boolean): unknown {
  const { method, path } = request;
  checkVersion(request.version, meta.behaviour.state.retired);
  const [node = "", edge, ...more] = path;
  if (method === "POST" && edge === "events" && more.length === 0)
    return receiveEvents(meta, request, node, traceId, answerDropped);
  if (method === "GET" && edge === undefined) {
    if (node === "me") return readMe(meta, request);
    if (node === "debug_token") return debugToken(meta, request);
    return readDataset(meta, request, node);
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
  const dataset = accounts.reach(accounts.authenticate(request.token, proofOf(request)), id);
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

/** GET /{dataset}?fields=… */
function readDataset({ accounts, received }: Meta, request: GraphRequest, id: string): unknown {
  const dataset = accounts.reach(accounts.authenticate(request.token, proofOf(request)), id);
  return pick(datasetFields(dataset, received.tally.lastFiredAt(id), accounts.businessId), request.params.fields);
}

/** GET /me: the system user the token belongs to. */
function readMe({ accounts }: Meta, request: GraphRequest): unknown {
  accounts.authenticate(request.token, proofOf(request));
  const me = { id: accounts.userId, name: "Conversions API System User", client_business_id: accounts.businessId };
  return pick(me, request.params.fields ?? "id,name");
}

/** GET /debug_token: asked by the app (`id|secret`) or with the token itself. */
function debugToken({ accounts }: Meta, request: GraphRequest): unknown {
  const apps = [accounts.app("open"), accounts.app("proof")];
  if (!apps.some((app) => request.token === `${app.id}|${app.secret}`))
    accounts.authenticate(request.token, proofOf(request));
  const token = accounts.tokens().find((each) => each.token === request.params.input_token);
  if (!token)
    return { data: { is_valid: false, scopes: [], error: { code: 190, message: "Invalid OAuth access token." } } };
  const scopes = ["ads_management", "business_management"];
  return {
    data: {
      app_id: accounts.app(token.app).id,
      type: "SYSTEM_USER",
      application: "Stage changes",
      is_valid: token.state === "active",
      issued_at: Math.floor(Date.parse(token.issuedAt) / 1000),
      expires_at: 0,
      data_access_expires_at: 0,
      scopes,
      granular_scopes: scopes.map((scope) => ({ scope, target_ids: token.datasets })),
      user_id: accounts.userId,
      ...(token.state === "active"
        ? {}
        : {
            error: {
              code: 190,
              subcode: token.state === "expired" ? 463 : 458,
              message: "The access token is no longer valid",
            },
          }),
    },
  };
}

function datasetFields(dataset: Dataset, lastFiredAt: string | undefined, businessId: string): Record<string, unknown> {
  return {
    id: dataset.id,
    name: dataset.name,
    is_crm: dataset.isCrm,
    is_unavailable: false,
    owner_business: { id: businessId, name: "Sandbox business" },
    last_fired_time: lastFiredAt?.replace(/\.\d+Z$/, "+0000"),
  };
}

/** The fields asked for; `id` always, and a field without a value is left out. */
function pick(node: Record<string, unknown>, fields: unknown): unknown {
  const wanted = String(fields ?? "id").split(",");
  for (const field of wanted)
    if (!Object.hasOwn(node, field))
      throw graphError("field", `(#100) Tried accessing a field that does not exist: ${field}`);
  return Object.fromEntries(["id", ...wanted].map((field) => [field, node[field]]));
}

function proofOf({ params }: GraphRequest): string | undefined {
  return typeof params.appsecret_proof === "string" ? params.appsecret_proof : undefined;
}
