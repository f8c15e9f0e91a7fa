import { deadlineOf } from "./meta/limits.ts";
import { type RefusalReason, refusals } from "./problems.ts";

/** How a tenant stands, as the store knows it. */
export interface Evidence {
  readonly lanes: readonly LaneEvidence[];
  readonly refused: readonly RefusedGroup[];
  readonly drifts: readonly Drift[];
  readonly endings: readonly AccessEnding[];
  readonly unmapped: readonly Unmapped[];
}

/** A lane that waits, is stopped, or holds events for longer than it takes to send them. */
export interface LaneEvidence {
  readonly kind: "read" | "send";
  readonly id: string;
  /** The connection's or the dataset's own name. */
  readonly name: string;
  /** Of a connection. */
  readonly connector?: string;
  readonly pausedReason?: string;
  readonly why?: string;
  /** Events (or rings and pushed changes) that wait. */
  readonly waiting: number;
  /** Since when nothing comes through although there is something: when it last moved, or when the first that waits came. */
  readonly since: Date;
  /** Stage time of the oldest event that waits. */
  readonly oldestEventAt?: Date;
  /** Waiting events whose deadline is less than a day away. */
  readonly expiring: number;
}

/** Events that Meta refused for one reason, that were not sent again and still can be. */
export interface RefusedGroup {
  readonly datasetId: string;
  readonly name: string;
  readonly reason: RefusalReason;
  readonly code?: number;
  readonly subcode?: number;
  readonly count: number;
  readonly firstAt: Date;
  /** Stage times of the oldest and the youngest of them. */
  readonly oldestEventAt: Date;
  readonly youngestEventAt: Date;
  /** Meta's words about the last one. They may echo input: to be shown, never logged or mailed. */
  readonly words?: string;
}

/** Changes of one connection that only the comparison with the CRM found, within the last two days. */
export interface Drift {
  readonly connectionId: string;
  readonly name: string;
  readonly connector: string;
  readonly missed: number;
  readonly firstAt: Date;
}

/** The access to a dataset that still works, and ends within `endingSoonMs` or has ended. */
export interface AccessEnding {
  readonly datasetId: string;
  readonly name: string;
  readonly endsAt: Date;
}

/** Entries of one connection, within the last seven days, into stages that its mapping still does not know. */
export interface Unmapped {
  readonly connectionId: string;
  readonly name: string;
  readonly connector: string;
  readonly entries: number;
  readonly firstAt: Date;
}

export type ProblemKind = "blocked" | "delayed" | "reading" | "refused" | "drift" | "expiring" | "ending" | "unmapped";

/** A problem as the evidence of this moment shows it. */
export interface OpenProblem {
  /** The same text for the same trouble of the same place: `blocked:dst_x:meta_token`. */
  readonly cause: string;
  /** What the catalogue calls it. */
  readonly code: string;
  /** The lane's id. */
  readonly about?: string;
  readonly affected: number;
  readonly since: Date;
  /** Until then nothing is lost. */
  readonly deadlineAt?: Date;
  /** Ids, names, numbers, instants as ISO 8601, and Meta's words. */
  readonly details: Readonly<Record<string, string | number>>;
}

/** A lane that waits no longer than this has a hiccup, not a problem. */
export const patienceMs = 10 * 60_000;
/** From so long before its end on, an access that ends is told of. */
export const endingSoonMs = 14 * 86_400_000;
const dayMs = 86_400_000;

/** What follows from the evidence: every problem there is, once. */
export const openProblems = (
  { lanes, refused, drifts, endings, unmapped }: Evidence,
  now: Date,
): readonly OpenProblem[] => [
  ...lanes.flatMap((lane) => (lane.kind === "send" ? sendingProblem(lane, now) : readingProblem(lane, now)) ?? []),
  ...refused.map(refusedProblem),
  ...drifts.map(driftProblem),
  ...endings.map(endingProblem),
  ...unmapped.map(unmappedProblem),
];

/**
 * How long it must have stayed closed to be over. What comes back within that time is the same problem, not a new one: a vendor
 * that comes and goes is told of once. What a person mends does not flap.
 */
export const settledAfterMs = (cause: string): number =>
  /^(blocked|refused|ending|unmapped):|:crm_disconnected$/.test(cause) ? patienceMs : 3_600_000;

export const kindOf = (cause: string): ProblemKind => cause.split(":")[0] as ProblemKind;

/** Somebody wanted to hear nothing of a problem for a while, and how it stood then. */
export interface Muted {
  readonly at: Date;
  readonly affected: number;
  readonly deadlineAt?: Date;
}

/**
 * Whether a problem that is muted has become so much worse that it is told of again: twice as much is affected (and ten more),
 * or what waits for it has come within a day of being lost. What was refused or found late waits for nothing.
 */
export function isWorse(
  { at, affected: then, deadlineAt: deadlineThen }: Muted,
  { cause, affected, deadlineAt }: Pick<OpenProblem, "cause" | "affected" | "deadlineAt">,
  now: Date,
): boolean {
  if (affected >= Math.max(2 * then, then + 10)) return true;
  const waits = !["refused", "drift"].includes(kindOf(cause));
  return waits && soon(deadlineAt, now) && !soon(deadlineThen, at);
}

/** One lane, one problem: what stops it, else what delays it, else that it is too slow. */
function sendingProblem(lane: LaneEvidence, now: Date): OpenProblem | undefined {
  const { id, why, pausedReason, waiting, expiring, oldestEventAt } = lane;
  const deadlineAt = waiting > 0 && oldestEventAt ? deadlineOf(oldestEventAt) : undefined;
  if (pausedReason) {
    const known = pausedReason !== "by_admin" || soon(deadlineAt, now);
    return known ? problem("blocked", lane, pausedReason, pausedReason, waiting, deadlineAt) : undefined;
  }
  if (waiting === 0 || now.getTime() - lane.since.getTime() < patienceMs) return undefined;
  // A lane that rests between halvings has its problem in what was refused.
  if (why && !(why in refusals)) return problem("delayed", lane, family(why), why, waiting, deadlineAt);
  if (expiring === 0) return undefined;
  return { ...problem("expiring", lane, undefined, "expiring", expiring, deadlineAt), cause: `expiring:${id}` };
}

function readingProblem(lane: LaneEvidence, now: Date): OpenProblem | undefined {
  const { why, pausedReason, waiting, since } = lane;
  const until = deadlineOf(since);
  const deadlineAt = until > now ? until : undefined;
  if (pausedReason === "by_admin" && deadlineAt && !soon(deadlineAt, now)) return undefined;
  if (pausedReason) return problem("reading", lane, pausedReason, pausedReason, waiting, deadlineAt);
  if (!why || passing.has(why) || now.getTime() - since.getTime() < patienceMs) return undefined;
  return problem("reading", lane, family(why), why, waiting, deadlineAt);
}

/** Reading goes on by itself at once. */
const passing: ReadonlySet<string> = new Set(["checkpoint_lost", "crm_token_stale", "lease_lost"]);

/**
 * A vendor that is down answers now with a fault, now not at all: that is one problem, not three that take turns. Its code
 * says what it was last.
 */
function family(why: string): string {
  if (["meta_unreachable", "meta_no_answer", "meta_breaker"].includes(why)) return "meta_down";
  if (why === "meta_usage") return "meta_limit";
  return ["network_unreachable", "network_no_answer"].includes(why) ? "crm_unavailable" : why;
}

function problem(
  kind: ProblemKind,
  { id, name, connector, since }: LaneEvidence,
  of: string | undefined,
  code: string,
  affected: number,
  deadlineAt: Date | undefined,
): OpenProblem {
  return {
    cause: [kind, id, ...(of ? [of] : [])].join(":"),
    code,
    about: id,
    affected,
    since,
    ...(deadlineAt && { deadlineAt }),
    details: { name, ...(connector && { connector }) },
  };
}

function refusedProblem(group: RefusedGroup): OpenProblem {
  const { datasetId, name, reason, code, subcode, count, firstAt, oldestEventAt, youngestEventAt, words } = group;
  const numbers = { ...(code !== undefined && { code }), ...(subcode !== undefined && { subcode }) };
  return {
    cause: ["refused", datasetId, reason, ...Object.values(numbers)].join(":"),
    code: reason,
    about: datasetId,
    affected: count,
    since: firstAt,
    deadlineAt: deadlineOf(oldestEventAt),
    details: {
      datasetId,
      name,
      reason,
      ...numbers,
      lastDeadlineAt: deadlineOf(youngestEventAt).toISOString(),
      ...(words && { words }),
    },
  };
}

const driftProblem = ({ connectionId, name, connector, missed, firstAt }: Drift): OpenProblem => ({
  cause: `drift:${connectionId}`,
  code: "drift",
  about: connectionId,
  affected: missed,
  since: firstAt,
  details: { name, connector },
});

/** Until its end nothing waits; another end is another problem, and is told anew. */
const endingProblem = ({ datasetId, name, endsAt }: AccessEnding): OpenProblem => ({
  cause: `ending:${datasetId}:${endsAt.toISOString()}`,
  code: "access_ending",
  about: datasetId,
  affected: 0,
  since: new Date(endsAt.getTime() - endingSoonMs),
  deadlineAt: endsAt,
  details: { name },
});

/** Nothing waits, and nothing is sent later: what was not chosen when it was entered stays out. */
const unmappedProblem = ({ connectionId, name, connector, entries, firstAt }: Unmapped): OpenProblem => ({
  cause: `unmapped:${connectionId}`,
  code: "new_stage",
  about: connectionId,
  affected: entries,
  since: firstAt,
  details: { name, connector },
});

const soon = (deadlineAt: Date | undefined, now: Date): boolean =>
  deadlineAt !== undefined && deadlineAt.getTime() - now.getTime() < dayMs;
