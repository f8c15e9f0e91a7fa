import type { NextFunction, Request, RequestHandler, Response } from "express";
import type { z } from "zod";
import { Failure, isFailure } from "../../core/errors.ts";
import type { Log } from "../../core/ports.ts";
import { type FailureCode, failures } from "../../core/problems.ts";
import type { LimitKind } from "../sign-in/limits.ts";
import type { Role } from "../store/tables-people.ts";

/** Who may call a route. A test calls every route as everybody else. */
export type Caller =
  /** Nothing but what anybody may know. */
  | "anyone"
  /** Whoever reaches the listening address: loopback unless HOST says otherwise. */
  | "operator"
  /** A vendor whose signature is right. */
  | "vendor"
  /** Whoever signs with, or holds, the ingest key of a connection. */
  | "ingest_key"
  /** The browser that came back from a consent page. */
  | "installer"
  /** Whoever is signed in, in whichever workspace or none. */
  | "person"
  /** A member of the workspace that is open, with at least this role. */
  | Role;

export interface Route {
  readonly method: "get" | "post";
  readonly path: string;
  readonly who: Caller;
  /** What tries of it count as, beside being tries at all. */
  readonly limit?: LimitKind;
  /** Asked by machines that know us by a number, and tells nothing worth a name. */
  readonly anyHost?: true;
  /** What a route of the API takes and gives. */
  readonly api?: {
    readonly summary?: string;
    readonly query?: z.ZodType;
    readonly body?: z.ZodType;
    readonly answer: z.ZodType;
    /** What the answer is written in; absent: JSON. */
    readonly as?: "text/csv";
    /** Statuses under which it is answered; absent: 200. */
    readonly answered?: readonly number[];
  };
  readonly handle: RequestHandler | readonly RequestHandler[];
}

const statuses: Readonly<Partial<Record<FailureCode, number>>> = {
  input_invalid: 400,
  oauth_state: 400,
  not_signed_in: 401,
  signature_invalid: 401,
  not_allowed: 403,
  oauth_denied: 403,
  not_found: 404,
  conflict: 409,
  account_taken: 409,
  oauth_app: 409,
  oauth_scopes: 409,
  meta_login: 409,
  too_large: 413,
  too_many: 429,
  store_unavailable: 503,
};

/** Where nothing else is said, somebody behind us failed. */
export const statusOf = (code: FailureCode): number => statuses[code] ?? 502;

/** Every error leaves as `application/problem+json` (RFC 9457) with its code of the catalogue. */
export function problems(log: Log) {
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const failure = asFailure(error);
    const status = failure ? statusOf(failure.code) : 500;
    if (status >= 500)
      log.error(`${request.method} ${request.route?.path ?? "?"} failed: ${failure?.message ?? nameOf(error)}`, {
        status,
      });
    const known = failure && failures[failure.code];
    if (status === 503) response.setHeader("retry-after", "5");
    if (status === 429 && failure?.retryAt)
      response.setHeader("retry-after", Math.max(1, Math.ceil((failure.retryAt.getTime() - Date.now()) / 1_000)));
    response.setHeader("cache-control", "no-store");
    answerProblem(response, {
      status,
      code: failure?.code ?? "unexpected",
      title: known?.title ?? "Something went wrong on our side",
      detail: failure?.message ?? "Try again; if it stays, tell us when it happened.",
      fix: known?.fix ?? "None.",
    });
  };
}

/** `code`, `title` and `fix` are the catalogue's. */
interface ProblemAnswer {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly fix: string;
}

export function answerProblem(response: Response, { code, ...told }: ProblemAnswer): void {
  response
    .status(told.status)
    .type("application/problem+json")
    .send(JSON.stringify({ type: `urn:stagewire:problem:${code}`, ...told, code }));
}

/** Express's own refusals of a body, in our words. */
function asFailure(error: unknown): Failure | undefined {
  if (isFailure(error)) return error;
  const { type, status } = error as { type?: string; status?: number };
  if (type === "entity.too.large") return new Failure("too_large", "the body is larger than 1 MiB");
  if (type === "encoding.unsupported") return new Failure("input_invalid", "send the body uncompressed");
  if (typeof status === "number" && status >= 400 && status < 500) return new Failure("input_invalid", type);
  return undefined;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown fault");
