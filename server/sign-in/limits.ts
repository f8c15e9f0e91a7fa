import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { Failure } from "../../core/errors.ts";

/** So many in so many seconds, per key. */
interface Limit {
  readonly points: number;
  readonly seconds: number;
}

/**
 * Kinds of tries, and how many of each one key may have: an address for those who are not known yet, a session or a tenant for
 * those who are. Wide enough that a person never meets them.
 */
export const usual = {
  /** Per address: everything by which one comes in. */
  sign_in: { points: 60, seconds: 300 },
  /** Per address: everything else that anybody may ask. */
  anyone: { points: 600, seconds: 60 },
  /** Per session and per tenant: the API. */
  session: { points: 600, seconds: 60 },
  tenant: { points: 3_000, seconds: 60 },
  /** Per tenant: what costs a call to a vendor, or much of the database. */
  costly: { points: 120, seconds: 60 },
  /** Per tenant: events that Meta is sent to try it, and counts all the same. */
  test_event: { points: 30, seconds: 3_600 },
  /** Per tenant: mails to people outside. */
  mail: { points: 20, seconds: 3_600 },
  /** Per ingest connection. */
  ingest: { points: 3_000, seconds: 60 },
} as const satisfies Record<string, Limit>;
export type LimitKind = keyof typeof usual;

export interface Limits {
  /** @throws Failure `too_many`, with when to come back */
  take(kind: LimitKind, key: string): Promise<void>;
}

/** Counted in this process: several processes let through as many times more, and a restart forgets. */
export function createLimits(change: Partial<Record<LimitKind, Limit>> = {}): Limits {
  const limiters = new Map(
    Object.entries({ ...usual, ...change }).map(([kind, { points, seconds }]) => [
      kind,
      new RateLimiterMemory({ points, duration: seconds }),
    ]),
  );
  return {
    async take(kind, key) {
      try {
        await limiters.get(kind)?.consume(key);
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        const retryAt = new Date(Date.now() + refused.msBeforeNext);
        throw new Failure("too_many", `again in ${Math.ceil(refused.msBeforeNext / 1_000)} s`, { retryAt });
      }
    },
  };
}
