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
  /**
   * Datasets that one process sends to at the same time: the requests in flight, since a lane has one at a time. A dataset
   * that Meta answers slowly holds one place of these, for at most one turn: a sixty-fourth of what all can do.
   */
  sendingLanes: 64,
  /** Connections that a process reads at the same time. */
  readingLanes: 64,
  /** Requests before a lane gives way to the others; and time, should Meta be slow. */
  requestsPerTurn: 5,
  turnMs: 10_000,
  /** Requests that halving may spend in one turn. */
  halvingPerTurn: 60,
  /** Wait after the halving budget is spent. */
  halvingPauseMs: 60_000,
  /** Failed tries in a row from which on smaller requests are made, in case one event makes Meta stumble. */
  shrinkAfter: 5,
  /** Lone events of different people, one after the other, that Meta does not take: it is not their fault but Meta's or ours. */
  doubts: 3,
  /** The most of them that are tried in one turn, after many failures. */
  mostDoubts: 20,
  /** Times that an event is set aside before it is given up. */
  asides: 3,
  /** How long after a first request without an answer the same events may be sent again: Meta tells repeats apart for 48 hours. */
  unsureMs: 47 * 3_600_000,
  /** Percent of Meta's request limit from which a dataset goes more slowly, and from which it rests. */
  usageSlow: 80,
  usageRest: 95,
  /** The rest at `usageSlow` and at `usageRest`, when Meta names none. */
  usageSlowMs: 1_000,
  usageRestMs: 60_000,
  /** Most of so many requests failed within the window: no more, for a while that doubles. Of one dataset, and of all. */
  breaker: { windowMs: 60_000, requests: 10, share: 0.5, restMs: 30_000, longestRestMs: 600_000 },
  breakerOfAll: { windowMs: 60_000, requests: 200, share: 0.6, restMs: 30_000, longestRestMs: 600_000 },
  /** How long the others wait while one request looks whether Meta is back. */
  trialMs: 1_000,
  /** How often the last hours, and the last days, are read again and compared; and how far back. */
  audit: {
    lightEveryMs: 15 * 60_000,
    lightSpanMs: 3_600_000,
    nightlyEveryMs: 86_400_000,
    nightlySpanMs: 7 * 86_400_000,
    /** A change younger than this may just not have been read yet: finding it is no drift. */
    graceMs: 10 * 60_000,
  },
  retryBaseMs: 5_000,
  retryCapMs: 15 * 60_000,
  /** Longest `event_name`, in code points. */
  eventName: 100,
} as const;

/** The last moment at which an event of this time may be sent. */
export const deadlineOf = (eventTime: Date): Date =>
  new Date(eventTime.getTime() + limits.maxAgeMs - limits.ageMarginMs);
