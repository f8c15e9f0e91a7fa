/** Every number of the sending side, in one place. Durations in milliseconds. Sources: Meta, "Using the Conversions API". */
export const limits = {
  /** Meta takes no event older than this; one such event refuses its whole request. */
  maxAgeMs: 7 * 86_400_000,
  /** We stop this much earlier: a request may wait on its way. */
  ageMarginMs: 3_600_000,
  /** A CRM's clock may be ahead of ours by this much: such an event waits in its lane until its time has come. */
  aheadMs: 15 * 60_000,
  /** Nothing before this instant is a stage time; it is a wrong unit or an empty date. */
  earliest: Date.UTC(2020, 0, 1),
  /** Events in a request at most; Meta's own limit. What waits is sent at once, so only a backlog fills it. */
  batch: 1_000,
  /** A request's body, well below what proxies cut off. */
  batchBytes: 1_000_000,
  /** The whole request, connecting included; shorter than a lease, so no request outlives it. */
  requestMs: 10_000,
  /** How long a worker has a lane to itself without renewing. */
  leaseMs: 60_000,
  /** Work that takes longer than this is not worth waiting for: its lane is free again. */
  longestWorkMs: 15 * 60_000,
  /** Records that rang and are looked at in one turn. */
  ringsPerTurn: 200,
  /** Requests before a lane gives way to the others. */
  requestsPerTurn: 5,
  /** Requests that halving may spend in one turn. */
  halvingPerTurn: 60,
  /** Wait after the halving budget is spent. */
  halvingPauseMs: 60_000,
  /** Failed tries after which smaller batches are tried, in case one event makes Meta stumble. */
  shrinkAfter: 5,
  /** Failed tries after which one event that alone makes Meta answer "unknown error" is given up. */
  giveUpAfter: 12,
  retryBaseMs: 5_000,
  retryCapMs: 15 * 60_000,
  /** Longest `event_name`, in code points. */
  eventName: 100,
} as const;

/** The last moment at which an event of this time may be sent. */
export const deadlineOf = (eventTime: Date): Date =>
  new Date(eventTime.getTime() + limits.maxAgeMs - limits.ageMarginMs);
