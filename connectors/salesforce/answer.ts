import { z } from "zod";
import { Failure } from "../../core/errors.ts";
import type { Clock, HttpAnswer } from "../../core/ports.ts";

/** Salesforce names no time at which calls are free again: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm */
const limitPauseMs = 15 * 60_000;

const errorBody = z.array(
  z.object({ errorCode: z.string().regex(/^[A-Z0-9_]{1,80}$/), message: z.string().default("") }),
);

/** 401s that no new token mends: an administrator closed the door. */
const closedDoors = ["not valid for use with the REST API", "Connected app is not attached to Agent"];

const codes = {
  INVALID_SESSION_ID: "crm_token_stale",
  INVALID_AUTH_HEADER: "crm_token_stale",
  REQUEST_LIMIT_EXCEEDED: "crm_limit",
  API_DISABLED_FOR_ORG: "crm_forbidden",
  API_CURRENTLY_DISABLED: "crm_forbidden",
  INSUFFICIENT_ACCESS: "crm_forbidden",
  INSUFFICIENT_ACCESS_OR_READONLY: "crm_forbidden",
  FUNCTIONALITY_NOT_ENABLED: "crm_forbidden",
  // "sObject type 'Lead' is not supported": so Salesforce speaks of an object that the user may not see.
  INVALID_TYPE: "crm_forbidden",
  SERVER_UNAVAILABLE: "crm_unavailable",
  UNABLE_TO_LOCK_ROW: "crm_unavailable",
  QUERY_TIMEOUT: "crm_unavailable",
  OPERATION_TOO_LARGE: "crm_unavailable",
  UNKNOWN_EXCEPTION: "crm_unavailable",
} as const;

/** What an answer means that is no success; undefined for a success. Details hold Salesforce's error code, never its words. */
export function failureOf(answer: HttpAnswer, clock: Clock): Failure | undefined {
  const { status, headers, text } = answer;
  const isJson = /^application\/json\b/i.test(headers["content-type"] ?? "");
  if (status >= 200 && status < 300) return isJson ? undefined : new Failure("crm_unavailable", "no JSON");
  // Maintenance pages and renamed hosts; 420 is an org that is gone or moving.
  if (status >= 500 || status === 420 || (status >= 301 && status < 400))
    return new Failure("crm_unavailable", `HTTP ${status}`);

  const { errorCode, message } = firstError(text);
  const cause = { errorCode };
  const detail = errorCode ?? `HTTP ${status}`;
  if (status === 401 && closedDoors.some((words) => message.includes(words)))
    return new Failure("crm_forbidden", "the app or its user may not use the REST API", { cause });

  const known = errorCode !== undefined && errorCode in codes ? codes[errorCode as keyof typeof codes] : undefined;
  const code =
    known ??
    (status === 401
      ? "crm_token_stale"
      : status === 403
        ? "crm_forbidden"
        : status === 429
          ? "crm_limit"
          : "crm_schema");
  if (code !== "crm_limit") return new Failure(code, detail, { cause });
  return new Failure(code, detail, { cause, retryAt: retryAt(headers["retry-after"], clock) });
}

/** Salesforce's own code of a failure made here, for those who know a way around it. */
export function errorCodeOf(error: unknown): string | undefined {
  const cause: unknown = error instanceof Failure ? error.cause : undefined;
  return typeof cause === "object" && cause !== null && "errorCode" in cause ? String(cause.errorCode) : undefined;
}

/**
 * The same JSON with every integer that a JavaScript number cannot hold as a string: some keep lead ids of 16 and 17 digits in
 * number fields. Throws a SyntaxError when `text` is no JSON.
 */
export function exactIntegers(text: string): string {
  if (!/[:,[]\s*-?(\d{16}|\d\.\d+[eE])/.test(text)) {
    JSON.parse(text);
    return text;
  }
  const exact = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)
      ? (context?.source ?? String(value)).replace(/\.0+$/, "")
      : value;
  return JSON.stringify(JSON.parse(text, exact));
}

function firstError(text: string): { errorCode?: string; message: string } {
  try {
    return errorBody.parse(JSON.parse(text))[0] ?? { message: "" };
  } catch {
    return { message: text }; // not the REST API's own words: the status alone must do
  }
}

function retryAt(retryAfter: string | undefined, clock: Clock): Date {
  const now = clock.now().getTime();
  if (retryAfter && /^\d{1,6}$/.test(retryAfter)) return new Date(now + Number(retryAfter) * 1000);
  const date = Date.parse(retryAfter ?? "");
  return new Date(date > now ? date : now + limitPauseMs);
}
