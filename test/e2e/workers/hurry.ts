import { limits } from "../../../core/meta/limits.ts";

/**
 * The same product with shorter waits, so that a test of seconds sees many leases end. The order stays what it is: a request
 * is over long before its lease, and a lane that failed waits less than a lease. For processes of their own only.
 */
export function hurry(leaseMs: number): void {
  Object.assign(limits, {
    requestMs: leaseMs * 0.4,
    leaseMs,
    retryBaseMs: 200,
    retryCapMs: 1_000,
    halvingPauseMs: 250,
    breaker: { ...limits.breaker, restMs: 500, longestRestMs: 1_000 },
    breakerOfAll: { ...limits.breakerOfAll, restMs: 500, longestRestMs: 1_000 },
  });
}
