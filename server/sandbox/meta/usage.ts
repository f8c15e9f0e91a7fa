import type { Limit } from "./behaviour.ts";

const HOUR_MS = 3_600_000;
/** Calls per hour that count as 100 %. Meta names no figure for this endpoint. */
const CALLS_PER_HOUR = 100_000;

/** How much of its allowance the caller has used, as Meta's headers tell it. https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
export class Usage {
  #calls = 0;
  #since = 0;

  headers(businessId: string, now: Date, limit: Limit | undefined): Record<string, string> {
    if (now.getTime() - this.#since >= HOUR_MS) [this.#calls, this.#since] = [0, now.getTime()];
    this.#calls += 1;
    const percent = Math.min(99, Math.floor((100 * this.#calls) / CALLS_PER_HOUR));
    const app = limit?.code === 4 ? 100 : percent;
    const business = limit && limit.code !== 4 ? 100 : percent;
    const waitMs = limit && limit.code !== 4 ? Date.parse(limit.until) - now.getTime() : 0;
    return {
      "x-app-usage": JSON.stringify({ call_count: app, total_cputime: percent, total_time: percent }),
      "x-business-use-case-usage": JSON.stringify({
        [businessId]: [
          {
            type: "ads_management",
            call_count: business,
            total_cputime: percent,
            total_time: percent,
            estimated_time_to_regain_access: Math.ceil(waitMs / 60_000),
            ads_api_access_tier: "standard_access",
          },
        ],
      }),
    };
  }
}
