import { randomOf } from "./chance.ts";

/** What can go wrong at a yield point, with the probability that it does in a world that knows this fault. */
export const faultRates = {
  /** The process dies before the call leaves it. */
  crash_before: 0.01,
  /** The call has its effect, and the process dies before the answer. */
  crash_after: 0.015,
  /** The database says no; nothing was written. */
  store_down: 0.02,
  /** The database wrote, and its answer is lost. */
  store_unclear: 0.015,
  /** The process stands still for a while: its lease may run out, and it does not know. */
  stall: 0.01,
  crm_down: 0.05,
  crm_limit: 0.03,
  crm_stale: 0.03,
  crm_no_answer: 0.03,
  meta_down: 0.08,
  meta_unknown_error: 0.05,
  meta_limit: 0.05,
  meta_unreachable: 0.05,
  /** Meta takes it, and the answer is lost. */
  meta_lost: 0.08,
  /** Meta takes it, and a proxy answers 200 with a page of its own. */
  meta_page: 0.04,
  meta_slow: 0.08,
  /** The request arrives long after we stopped waiting for its answer. */
  meta_late: 0.04,
  /** Meta answers as ever, and says how much of its limits is used. */
  meta_usage: 0.08,
} as const;
export type FaultKind = keyof typeof faultRates;
export const faultKinds = Object.keys(faultRates) as readonly FaultKind[];

export interface Faults {
  /** Whether this fault strikes at this place; the same place and seed always answer the same. */
  strikes(kind: FaultKind, place: string): boolean;
  /** From now on nothing fails any more. */
  end(): void;
  /** `kind@place` of everything that struck. */
  readonly struck: readonly string[];
}

/** @param only those that strike, by `kind@place`, and no others; absent: as chance has it */
export function createFaults(seed: number, known: ReadonlySet<FaultKind>, only?: ReadonlySet<string>): Faults {
  const struck: string[] = [];
  let over = false;
  return {
    struck,
    end: () => {
      over = true;
    },
    strikes: (kind, place) => {
      if (over || !known.has(kind)) return false;
      const name = `${kind}@${place}`;
      if (only ? !only.has(name) : randomOf(seed, name)() >= faultRates[kind]) return false;
      struck.push(name);
      return true;
    },
  };
}
