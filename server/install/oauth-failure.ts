import * as oauth from "oauth4webapi";
import { Failure } from "../../core/errors.ts";
import type { FailureCode } from "../../core/problems.ts";

/** RFC 6749 section 4.1.2.1, and what the vendors give beside it. Salesforce also writes `access-denied`. */
const atConsent: Readonly<Record<string, FailureCode>> = {
  access_denied: "oauth_denied",
  "access-denied": "oauth_denied",
  invalid_client: "oauth_app", // Salesforce: "app must be installed into org"
  invalid_client_id: "oauth_app",
  unauthorized_client: "oauth_app",
  OAUTH_APP_BLOCKED: "oauth_app",
  OAUTH_APP_ACCESS_DENIED: "oauth_app",
  OAUTH_APPROVAL_ERROR_GENERIC: "oauth_app",
  OAUTH_EC_APP_NOT_FOUND: "oauth_app",
  invalid_scope: "oauth_scopes",
  server_error: "crm_unavailable",
  temporarily_unavailable: "crm_unavailable",
};

/** HubSpot's App Governance and Salesforce's "admin approved users" have no code of their own: only the words differ. */
const unapproved = /\b(hasn't been approved|not admin approved|must be installed|not approved)\b/i;

/** What the vendor brought back instead of a code. Its words may be anybody's: they are neither kept nor shown. */
export function responseFailure(error: unknown): Failure {
  if (!(error instanceof oauth.AuthorizationResponseError))
    return new Failure("oauth_state", "the answer does not fit");
  if (unapproved.test(error.error_description ?? "")) return new Failure("oauth_app");
  return new Failure(
    Object.hasOwn(atConsent, error.error) ? (atConsent[error.error] ?? "oauth_denied") : "oauth_denied",
  );
}

/** What a token endpoint says to our own app, whoever comes with a code. */
const ours = [
  "invalid_client",
  "invalid_client_id",
  "redirect_uri_mismatch",
  "unsupported_grant_type",
  "invalid_request",
];

/** Why a code was not redeemed. */
export function exchangeFailure(error: unknown): Failure {
  if (!(error instanceof oauth.ResponseBodyError))
    return new Failure("crm_unavailable", "the token endpoint answered in an unknown form");
  const { error: code, status, error_description: words = "" } = error;
  if (status === 429 || code === "rate_limit_exceeded") return new Failure("crm_limit", "the token endpoint");
  if (unapproved.test(words) || code === "unauthorized_client") return new Failure("oauth_app");
  if (ours.includes(code)) return new Failure("app_credentials", code);
  // A code that ran out, was used before, or belongs to another consent.
  return code === "access_denied" ? new Failure("oauth_denied") : new Failure("oauth_state", "the code is void");
}
