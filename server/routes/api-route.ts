import { type Request, type RequestHandler, type Response, text } from "express";
import { z } from "zod";
import type { AnyConnector } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { Clock, Log } from "../../core/ports.ts";
import type { SkipReason } from "../../core/problems.ts";
import { skips } from "../../core/problems.ts";
import type { PersonId, Tenant } from "../../core/types.ts";
import type { AccessParts } from "../access/access.ts";
import type { SendMail } from "../mail/mail.ts";
import { deeperThan } from "../network/depth.ts";
import type { LimitKind, Limits } from "../sign-in/limits.ts";
import type { Role } from "../sign-in/roles.ts";
import type { SignedIn } from "../sign-in/session.ts";
import { type Visitor, visitorOf } from "../sign-in/visitor.ts";
import type { Store } from "../store/open.ts";
import { answerProblem, type Caller, type Route } from "./route.ts";

/** What the console's API works with. */
export interface ApiParts {
  readonly store: Store;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly access: AccessParts;
  readonly clock: Clock;
  readonly log: Log;
  /** A lane has become due: look soon. */
  wake(kind: "read" | "send"): void;
  readonly limits: Limits;
  /** Our origin as browsers and vendors know it. */
  publicUrl(): string;
  /** Simulated vendors stand in for the real ones. */
  readonly demo: boolean;
  /** Undefined where no mail server is known. */
  sendMail(): SendMail | undefined;
}

/** What is asked, by whomever. */
export interface OpenCall<Query, Body> extends Visitor {
  readonly now: Date;
  readonly params: Request["params"];
  readonly query: Query;
  readonly body: Body;
}
/** Asked by the browser that came back from a consent page. */
export interface InstallerCall<Query, Body> extends OpenCall<Query, Body> {
  readonly browser: string;
}
/** Asked by somebody who is signed in. */
export interface PersonCall<Query, Body> extends OpenCall<Query, Body> {
  readonly session: SignedIn;
  readonly who: PersonId;
}
/** Asked by a member, in the workspace that is open. */
export interface Call<Query, Body> extends PersonCall<Query, Body> {
  readonly tenant: Tenant;
  readonly role: Role;
}
type CallOf<Who extends Caller, Query, Body> = Who extends Role
  ? Call<Query, Body>
  : Who extends "person"
    ? PersonCall<Query, Body>
    : Who extends "installer"
      ? InstallerCall<Query, Body>
      : OpenCall<Query, Body>;

/** A rule says that this is not to be sent, whoever asks for it. */
export class HeldBack {
  readonly reason: SkipReason;
  constructor(reason: SkipReason) {
    this.reason = reason;
  }
}

interface ApiRoute<Who extends Caller, Query, Body, Answer> {
  readonly path: string;
  readonly who: Who;
  /** One line for the reference page. */
  readonly summary?: string;
  readonly limit?: LimitKind;
  readonly query?: z.ZodType<Query>;
  /** A route with a body is a POST. */
  readonly body?: z.ZodType<Body>;
  readonly answer: z.ZodType<Answer>;
  readonly handle: (call: CallOf<Who, Query, Body>) => Promise<Answer | HeldBack>;
}

/** A route of the API: whoever may call it, what is asked and what is answered as their schemas say. */
export function apiRoute<const Who extends Caller, Query, Body, Answer>(
  { path, who, summary, limit, query, body, answer, handle }: ApiRoute<Who, Query, Body, Answer>,
  { clock }: Pick<ApiParts, "clock">,
): Route {
  const answering: RequestHandler = async (request, response) => {
    const found = await handle(callOf<Who, Query, Body>(request, response, { query, body }, clock.now()));
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
    who,
    ...(limit && { limit }),
    api: { answer, ...(summary !== undefined && { summary }), ...(query && { query }), ...(body && { body }) },
    handle: body ? [onlyJson, text({ type: () => true, limit: "64kb", inflate: false }), parsed, answering] : answering,
  };
}

/** Who asks, and what is asked as the schemas say. The guard lets nobody in of whom less is known than `Who` says. */
export function callOf<Who extends Caller, Query, Body>(
  request: Request,
  response: Response,
  { query, body }: { readonly query?: z.ZodType<Query> | undefined; readonly body?: z.ZodType<Body> | undefined },
  now: Date,
): CallOf<Who, Query, Body> {
  const visitor = visitorOf(response);
  const { session } = visitor;
  const call = {
    ...visitor,
    ...(session && { who: session.person.id, ...session.open }),
    now,
    params: request.params,
    query: checked(query ?? noQuery, request.query),
    body: checked(body, request.body ?? {}),
  };
  return call as CallOf<Who, Query, Body>;
}

/** A route that knows no questions is asked none: what is overlooked here might be heeded elsewhere. */
const noQuery = z.strictObject({}) as unknown as z.ZodType<never>;

/** A body of another kind would be overlooked. */
const onlyJson: RequestHandler = (request, _response, next) => {
  const empty = request.headers["content-length"] === "0" || request.is("*/*") === null;
  next(empty || request.is("application/json") ? undefined : new Failure("input_invalid", "send JSON"));
};

/** Levels of lists and objects; nothing that we take has as many. */
const deepest = 20;

/** The body's text as JSON. */
const parsed: RequestHandler = (request, _response, next) => {
  const body: unknown = request.body;
  if (typeof body !== "string" || body === "") request.body = {};
  else {
    // A schema that goes down with it would run out of stack.
    if (deeperThan(body, deepest)) throw new Failure("input_invalid", `more than ${deepest} levels deep`);
    try {
      request.body = JSON.parse(body);
    } catch {
      throw new Failure("input_invalid", "the body is not JSON"); // the parser's words would repeat what was sent
    }
  }
  next();
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
export function idIn<Id extends string>(
  params: Request["params"],
  name: string,
  prefix: "con" | "dst" | "prb" | "usr" | "inv" | "ins" | "key" | "rcp" | "tsk" | "vew",
): Id {
  const id = String(params[name]);
  if (!new RegExp(`^${prefix}_[a-z0-9]{1,40}$`).test(id)) throw new Failure("not_found", `${name} ${prefix}_…`);
  return id as Id;
}
