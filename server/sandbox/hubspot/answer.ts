import { randomUUID } from "node:crypto";

/** What HubSpot says to one request. `body` is sent as JSON unless it is text. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown anywhere below a route: the answer that ends the request. */
export class Refusal extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`HubSpot answers ${answer.status}`);
    this.answer = answer;
  }
}

/** HubSpot's error envelope: every error carries a correlation id (docs: error-handling). */
export function errorBody(category: string, message: string, more: Readonly<Record<string, unknown>> = {}): unknown {
  return { status: "error", message, correlationId: randomUUID(), category, ...more };
}

export const invalid = (message: string, more: Readonly<Record<string, unknown>> = {}): Refusal =>
  new Refusal({ status: 400, body: errorBody("VALIDATION_ERROR", message, more) });

export const notFound = (message = "resource not found"): Refusal =>
  new Refusal({ status: 404, body: errorBody("OBJECT_NOT_FOUND", message) });

/** 403 as HubSpot gives it when the app was not granted what the endpoint needs. */
export const missingScopes = (scopes: readonly string[]): Refusal =>
  new Refusal({
    status: 403,
    body: errorBody(
      "MISSING_SCOPES",
      "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
      {
        errors: [
          { message: "One or more of the following scopes are required.", context: { requiredGranularScopes: scopes } },
        ],
        links: { scopes: "https://developers.hubspot.com/scopes" },
      },
    ),
  });

/** 429. HubSpot sends no `Retry-After` with it. */
export const overLimit = (policyName: "TEN_SECONDLY_ROLLING" | "SECONDLY" | "DAILY"): Answer => ({
  status: 429,
  body: {
    status: "error",
    message: `You have reached your ${policyName.toLowerCase()} limit.`,
    errorType: "RATE_LIMIT",
    correlationId: randomUUID(),
    policyName,
    groupName: policyName === "SECONDLY" ? "crm-search" : "publicapi:crm",
  },
});
