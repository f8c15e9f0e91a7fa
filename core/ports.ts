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

/** What happened, in numbers and codes: what the metrics are made of. */
export type Fact =
  /** A request to Meta. `events`: how many were in it. */
  | {
      readonly fact: "request";
      readonly verdict: string;
      readonly why?: string;
      readonly events: number;
      readonly tookMs: number;
    }
  /** An event left its lane for good. */
  | {
      readonly fact: "settled";
      readonly as: "accepted" | "refused";
      readonly why?: string;
      /** From the CRM's time of the change, and from our keeping it, until now. */
      readonly lagMs: number;
      readonly dwellMs: number;
    }
  /** Stage entries were decided and kept: by `event` or the reason. */
  | { readonly fact: "kept"; readonly connector: string; readonly outcomes: Readonly<Record<string, number>> }
  /** Reading a connection or sending to a dataset was put off or stopped. */
  | { readonly fact: "waits"; readonly lane: "read" | "send"; readonly why: string }
  /** A comparison with the CRM ended. */
  | { readonly fact: "reconciled"; readonly connector: string; readonly seen: number; readonly missed: number };
/** Must not throw, and costs next to nothing. */
export type Tell = (fact: Fact) => void;
