import { type Answer, overLimit } from "./answer.ts";
import type { Settings } from "./settings.ts";

export type Budget = "calls" | "search" | "associations" | "none";

/** Calls of the last so many milliseconds. Refused calls are not counted. */
class Window {
  #stamps: number[] = [];
  readonly spanMs: number;
  constructor(spanMs: number) {
    this.spanMs = spanMs;
  }
  take(now: number, most: number): { refused: boolean; remaining: number } {
    this.#stamps = this.#stamps.filter((at) => at > now - this.spanMs);
    const refused = this.#stamps.length >= most;
    if (!refused) this.#stamps.push(now);
    return { refused, remaining: Math.max(0, most - this.#stamps.length) };
  }
}

/**
 * Three budgets per portal: all calls (rolling ten seconds, with headers), search (per second, without headers, not
 * counted among the calls) and associations (ten seconds of their own). Docs: usage-guidelines, search-the-crm.
 */
export class Limits {
  readonly #calls = new Window(10_000);
  readonly #searches = new Window(1000);
  readonly #associations = new Window(10_000);

  take(
    budget: Budget,
    now: number,
    settings: Settings,
  ): { refusal?: Answer; headers: Readonly<Record<string, string>> } {
    if (budget === "none") return { headers: {} };
    if (budget === "search") return only(this.#searches.take(now, settings.searchesPerSecond).refused, "SECONDLY");
    if (budget === "associations")
      return only(this.#associations.take(now, settings.associationsPerTenSeconds).refused, "TEN_SECONDLY_ROLLING");
    const { refused, remaining } = this.#calls.take(now, settings.perTenSeconds);
    const headers = {
      "X-HubSpot-RateLimit-Max": String(settings.perTenSeconds),
      "X-HubSpot-RateLimit-Remaining": String(remaining),
      "X-HubSpot-RateLimit-Interval-Milliseconds": String(this.#calls.spanMs),
    };
    return refused ? { refusal: overLimit("TEN_SECONDLY_ROLLING"), headers } : { headers };
  }
}

const only = (refused: boolean, policy: "SECONDLY" | "TEN_SECONDLY_ROLLING") => ({
  ...(refused ? { refusal: overLimit(policy) } : {}),
  headers: {},
});
