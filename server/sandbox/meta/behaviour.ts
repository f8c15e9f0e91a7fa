import { join } from "node:path";
import { DurableMap } from "../durable-map.ts";
import type { Faults } from "../simulator.ts";

/** Faults of every simulator, and any Graph error by its numbers. */
export interface MetaFaults extends Faults {
  code?: number;
  subcode?: number;
  transient?: boolean;
}
export const LIMITS = { 4: "appLimit", 17: "userLimit", 613: "rateLimit", 80004: "businessLimit" } as const;
export interface Limit {
  readonly code: keyof typeof LIMITS;
  /** ISO instant. */
  readonly until: string;
}
interface State {
  readonly faults: MetaFaults;
  readonly limit: Limit | null;
  /** Major versions Meta no longer serves. */
  readonly retired: readonly number[];
  /** Lead ids that Meta has deleted. */
  readonly forgotten: readonly string[];
  /** Fields whose presence makes an event invalid, as paths: `user_data.ph`. */
  readonly refused: readonly string[];
}
const CALM: State = { faults: {}, limit: null, retired: [], forgotten: [], refused: [] };

/** How Meta behaves at the moment; outlives the process. */
export class Behaviour {
  readonly #map: DurableMap<State>;

  constructor(dir: string) {
    this.#map = new DurableMap(join(dir, "behaviour.jsonl"));
  }

  get state(): State {
    return this.#map.get("state") ?? CALM;
  }

  change(part: Partial<State>): State {
    return this.#map.set("state", { ...this.state, ...part });
  }

  /** The faults of this request; one with `times` is used up. */
  takeFaults(): MetaFaults {
    const { faults } = this.state;
    if (faults.times !== undefined)
      this.change({ faults: faults.times > 1 ? { ...faults, times: faults.times - 1 } : {} });
    return faults;
  }

  limitAt(now: Date): Limit | undefined {
    const { limit } = this.state;
    return limit && Date.parse(limit.until) > now.getTime() ? limit : undefined;
  }

  close(): void {
    this.#map.close();
  }
}
