import { DurableMap } from "../../durable-map.ts";
import { RestError } from "../errors.ts";
import type { Instance } from "../instance.ts";
import { DAY, HOUR } from "../times.ts";

/** Counts API calls over a rolling 24 hours, by the hour. */
export class CallLimit {
  readonly #instance: Instance;
  readonly #byHour: DurableMap<number>;

  constructor(instance: Instance, path: string) {
    this.#instance = instance;
    this.#byHour = new DurableMap(path);
  }

  /** Throws REQUEST_LIMIT_EXCEEDED when there are none left; there is no Retry-After (status codes, 403). */
  count(): void {
    const { maxCalls, burst } = this.#instance.settings.now;
    if (this.used >= maxCalls + burst)
      throw new RestError(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
    const hour = this.#hour();
    this.#byHour.set(hour, (this.#byHour.get(hour) ?? 0) + 1);
  }

  /** `api-usage=10018/100000`, and by how much the org is served beyond it. */
  get header(): string {
    const { maxCalls, burst } = this.#instance.settings.now;
    const over = this.used - maxCalls;
    return `api-usage=${this.used}/${maxCalls}${over > 0 ? `; api-bursts=${over}/${burst}` : ""}`;
  }

  get summary(): object {
    const { maxCalls } = this.#instance.settings.now;
    const unused = (Max: number) => ({ Max, Remaining: Max });
    return {
      DailyApiRequests: { Max: maxCalls, Remaining: Math.max(0, maxCalls - this.used) },
      DailyBulkApiBatches: unused(15_000),
      DailyBulkV2QueryJobs: unused(10_000),
      DailyDeliveredPlatformEvents: unused(50_000),
    };
  }

  get used(): number {
    const oldest = this.#instance.now() - DAY;
    return [...this.#byHour.keys()].reduce(
      (sum, hour) => (Date.parse(hour) > oldest ? sum + (this.#byHour.get(hour) ?? 0) : sum),
      0,
    );
  }

  /** Pretends that so many calls were made just now, and none before. */
  reset(used: number): void {
    for (const hour of [...this.#byHour.keys()]) this.#byHour.delete(hour);
    if (used > 0) this.#byHour.set(this.#hour(), used);
  }

  close(): void {
    this.#byHour.close();
  }

  #hour(): string {
    return new Date(Math.floor(this.#instance.now() / HOUR) * HOUR).toISOString();
  }
}
