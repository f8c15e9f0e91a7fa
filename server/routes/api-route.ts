import { json, type Request, type RequestHandler } from "express";
import type { z } from "zod";
import type { AnyConnector } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { Clock, Log } from "../../core/ports.ts";
import type { SkipReason } from "../../core/problems.ts";
import { skips } from "../../core/problems.ts";
import type { Tenant } from "../../core/types.ts";
import type { AccessParts } from "../access/access.ts";
import type { Store } from "../store/open.ts";
import { answerProblem, type Route } from "./route.ts";
import { tenantOfCaller } from "./tenant.ts";

/** What the console's API works with. */
export interface ApiParts {
  readonly store: Store;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly access: AccessParts;
  readonly clock: Clock;
  readonly log: Log;
  /** A lane has become due: look soon. */
  wake(kind: "read" | "send"): void;
}

/** Who asks, and for what. */
export interface Call<Query, Body> {
  readonly tenant: Tenant;
  readonly now: Date;
  readonly params: Request["params"];
  readonly query: Query;
  readonly body: Body;
}

/** A rule says that this is not to be sent, whoever asks for it. */
export class HeldBack {
  readonly reason: SkipReason;
  constructor(reason: SkipReason) {
    this.reason = reason;
  }
}

interface ApiRoute<Query, Body, Answer> {
  readonly path: string;
  readonly query?: z.ZodType<Query>;
  /** A route with a body is a POST. */
  readonly body?: z.ZodType<Body>;
  readonly answer: z.ZodType<Answer>;
  readonly handle: (call: Call<Query, Body>) => Promise<Answer | HeldBack>;
}

/** A route of the console's API: in the caller's workspace, what is asked and what is answered as their schemas say. */
export function apiRoute<Query, Body, Answer>(
  { path, query, body, answer, handle }: ApiRoute<Query, Body, Answer>,
  { store, clock }: Pick<ApiParts, "store" | "clock">,
): Route {
  const answering: RequestHandler = async (request, response) => {
    const call: Call<Query, Body> = {
      tenant: await tenantOfCaller(store),
      now: clock.now(),
      params: request.params,
      query: checked(query, request.query),
      body: checked(body, request.body ?? {}),
    };
    const found = await handle(call);
    response.setHeader("cache-control", "no-store");
    if (found instanceof HeldBack) {
      const { title, effect, fix } = skips[found.reason];
      return answerProblem(response, { status: 409, code: found.reason, title, detail: effect, fix });
    }
    response.json(answer.parse(found));
  };
  return {
    method: body ? "post" : "get",
    path: `/api/v1${path}`,
    who: "operator",
    handle: body ? [onlyJson, json({ limit: "64kb", inflate: false }), answering] : answering,
  };
}

/** A body of another kind would be overlooked. */
const onlyJson: RequestHandler = (request, _response, next) => {
  const empty = request.headers["content-length"] === "0" || request.is("*/*") === null;
  next(empty || request.is("application/json") ? undefined : new Failure("input_invalid", "send JSON"));
};

function checked<Value>(schema: z.ZodType<Value> | undefined, value: unknown): Value {
  // Without a schema nobody looks at the value.
  if (!schema) return undefined as Value;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Failure(
    "input_invalid",
    `${issue?.path.join(".") || "the request"}: ${issue?.message ?? "not as expected"}`,
  );
}

/** One of our ids in a path; any other text is nobody's. */
export function idIn<Id extends string>(params: Request["params"], name: string, prefix: "con" | "dst" | "prb"): Id {
  const id = String(params[name]);
  if (!new RegExp(`^${prefix}_[a-z0-9]{1,40}$`).test(id)) throw new Failure("not_found", `${name} ${prefix}_…`);
  return id as Id;
}
