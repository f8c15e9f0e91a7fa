/** What the world must offer. Core and the connectors get these as arguments and reach for nothing themselves. */

export interface Clock {
  now(): Date;
}

/** A number in [0, 1). */
export type Random = () => number;

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Absolute. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

export interface HttpAnswer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  text: string;
}

/**
 * One request, one answer, whatever its status. Never follows redirects, retries or logs bodies; has time and size limits.
 * Throws `Failure` with code `network_unreachable` (it certainly did not arrive) or `network_no_answer` (it may have).
 */
export type Fetch = (request: HttpRequest) => Promise<HttpAnswer>;

/** Fields are ids, counts and milliseconds; never personal data, never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
