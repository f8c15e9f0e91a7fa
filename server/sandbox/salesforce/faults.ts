import { setTimeout as wait } from "node:timers/promises";
import type { Faults } from "../simulator.ts";
import { type Answer, empty, html, json } from "./answer.ts";

/** Beyond what every simulator offers: only for paths that begin so, and which REST error code the answer carries. */
export interface SalesforceFaults extends Faults {
  readonly path?: string;
  readonly code?: string;
  /** The answer has this status and no body. */
  readonly empty?: boolean;
  /** With a status of 301 or 302: where to. */
  readonly location?: string;
}

const CODES: Readonly<Record<number, readonly [string, string]>> = {
  401: ["INVALID_SESSION_ID", "Session expired or invalid"],
  403: ["REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."],
  404: ["NOT_FOUND", "The requested resource does not exist"],
  500: ["UNKNOWN_EXCEPTION", "An unexpected error occurred."],
};

/** What goes wrong at the moment. In memory: a restart mends all. */
export class FaultPlan {
  #faults: SalesforceFaults = {};
  #left = Number.POSITIVE_INFINITY;

  set(faults: SalesforceFaults): void {
    this.#faults = faults;
    this.#left = faults.times ?? Number.POSITIVE_INFINITY;
  }

  /** The answer with the faults applied; undefined: close the connection without one. */
  async around(path: string, work: () => Promise<Answer>): Promise<Answer | undefined> {
    const faults = this.#faults;
    const isMeant = path.startsWith(faults.path ?? "/") && this.#left > 0 && Object.keys(faults).length > 0;
    if (!isMeant) return work();
    this.#left -= 1;
    if (faults.slowMs) await wait(faults.slowMs);
    if (faults.down) return undefined;
    if (faults.status !== undefined) return failed(path, faults.status, faults);
    const answer = await work();
    return faults.dropAnswer ? undefined : answer;
  }
}

function failed(path: string, status: number, { code, empty: isEmpty, location }: SalesforceFaults): Answer {
  if (isEmpty) return empty(status);
  if (location !== undefined) return { ...empty(status), headers: { location } };
  const isOAuth = path.startsWith("/services/oauth2");
  if (isOAuth && status < 500) return json({ error: code ?? "invalid_grant", error_description: "simulated" }, status);
  if (code !== undefined) return json([{ message: "simulated", errorCode: code }], status);
  const [errorCode, message] = CODES[status] ?? [];
  if (errorCode !== undefined && !isOAuth) return json([{ message, errorCode }], status);
  return html(status, "<h1>Down for Maintenance</h1><p>Sorry for the inconvenience. We'll be back shortly.</p>");
}
