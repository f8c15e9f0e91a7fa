import { deadlineOf } from "./meta/limits.ts";
import type { LaneReason } from "./outbox.ts";
import { type BlockReason, failures, type Problem, problemOf } from "./problems.ts";
import { notReading, slowReading, type Tell, waiting } from "./sentences.ts";

/** What the sentence is made of. */
export interface Facts {
  readonly now: Date;
  /** IANA name; deadlines are told in it. */
  readonly timeZone: string;
  readonly connections: readonly {
    readonly crmName: string;
    readonly live: boolean;
    /** Why reading waits or has stopped. */
    readonly why?: LaneReason;
    /** Reading stands still until a person acts; paused by an admin where `why` says so. */
    readonly stopped?: boolean;
    readonly lastReadAt?: Date;
    readonly lastChangeAt?: Date;
  }[];
  readonly datasets: readonly {
    readonly waiting: number;
    /** Nothing is sent until a person acts. */
    readonly blocked?: BlockReason;
    readonly why?: LaneReason;
    readonly nextTryAt?: Date;
    /** When the first waiting event becomes too old. */
    readonly deadlineAt?: Date;
    readonly lastAcceptedAt?: Date;
  }[];
}

export interface Status {
  readonly sentence: string;
  readonly tone: "live" | "waiting" | "problem" | "paused" | "setup";
  readonly acts: Problem["acts"];
  readonly deadlineAt?: Date;
}

/**
 * One true sentence about a workspace, worst first, and who must act. The console, the mails, the API and the CRM's settings
 * page all say this sentence.
 */
export function status(facts: Facts): Status {
  return (
    notSetUp(facts) ??
    blockedDataset(facts) ??
    stoppedConnection(facts) ??
    delayedDataset(facts) ??
    pausedDataset(facts) ??
    pausedConnection(facts) ??
    slowConnection(facts) ??
    live(facts)
  );
}

function notSetUp({ connections, datasets }: Facts): Status | undefined {
  const setup = (sentence: string): Status => ({ sentence, tone: "setup", acts: "you" });
  if (connections.length === 0) return setup("Not set up yet: connect your CRM.");
  if (datasets.length === 0) return setup("Not set up yet: connect Meta.");
  return connections.some(({ live }) => live) ? undefined : setup("Ready. Nothing is sent until you go live.");
}

function blockedDataset(facts: Facts): Status | undefined {
  const blocked = facts.datasets.find((dataset) => dataset.blocked && dataset.blocked !== "by_admin");
  return blocked?.blocked && held(blocked, blocked.blocked, "problem", facts);
}

function stoppedConnection({ connections, now, timeZone }: Facts): Status | undefined {
  const stopped = connections.find((connection) => connection.stopped && connection.why !== "by_admin");
  if (!stopped) return undefined;
  const { crmName, lastReadAt: since } = stopped;
  const sentence = notReading(crmName, "crm_disconnected", since, now, teller(now, timeZone));
  return withDeadline({ sentence, tone: "problem", acts: "you" }, since && deadlineOf(since));
}

function delayedDataset(facts: Facts): Status | undefined {
  const delayed = facts.datasets.find(({ blocked, why, waiting }) => !blocked && waiting > 0 && why !== undefined);
  if (!delayed?.why) return undefined;
  const { nextTryAt } = delayed;
  const next = nextTryAt ? ` Next try ${teller(facts.now, facts.timeZone)(nextTryAt)}.` : "";
  const said = held(delayed, delayed.why, "waiting", facts);
  return { ...said, sentence: said.sentence + next };
}

function pausedDataset(facts: Facts): Status | undefined {
  const paused = facts.datasets.find(({ blocked }) => blocked === "by_admin");
  return paused && held(paused, "by_admin", "paused", facts);
}

function pausedConnection({ connections, now, timeZone }: Facts): Status | undefined {
  const paused = connections.find(({ stopped, why }) => stopped && why === "by_admin");
  if (!paused) return undefined;
  const { crmName, lastReadAt: since } = paused;
  const sentence = notReading(crmName, "by_admin", since, now, teller(now, timeZone));
  return withDeadline({ sentence, tone: "paused", acts: "you" }, since && deadlineOf(since));
}

function slowConnection({ connections }: Facts): Status | undefined {
  const slow = connections.find(({ why }) => why !== undefined && why in failures && why !== "checkpoint_lost");
  if (!slow?.why) return undefined;
  return { sentence: slowReading(slow.crmName, slow.why), tone: "waiting", acts: problemOf(slow.why).acts };
}

/** A dataset whose events wait, and for what. */
function held(
  { waiting: count, deadlineAt }: Facts["datasets"][number],
  why: LaneReason,
  tone: Status["tone"],
  { now, timeZone }: Facts,
): Status {
  const { title, acts } = problemOf(why);
  const sentence = `${title}. ${waiting(count, deadlineAt, now, teller(now, timeZone))}`;
  return withDeadline({ sentence, tone, acts }, deadlineAt);
}

function live({ connections, datasets, now, timeZone }: Facts): Status {
  const accepted = latest(datasets.map(({ lastAcceptedAt }) => lastAcceptedAt));
  const changed = latest(connections.map(({ lastChangeAt }) => lastChangeAt));
  const read = latest(connections.map(({ lastReadAt }) => lastReadAt));
  const checked = read ? `; last checked ${ago(read, now)}` : "";
  const fine = (sentence: string): Status => ({ sentence, tone: "live", acts: "nobody" });
  if (!accepted) return fine(`Live. Waiting for the first stage change${checked}.`);
  if (changed && now.getTime() - changed.getTime() > 6 * 3_600_000)
    return fine(`Live. No stage changes since ${teller(now, timeZone)(changed)}${checked}.`);
  return fine(`Live. Last event accepted ${ago(accepted, now)}.`);
}

const withDeadline = (status: Status, deadlineAt: Date | undefined): Status => ({
  ...status,
  ...(deadlineAt && { deadlineAt }),
});

/** `12 s ago`, `2 min ago`, `3 h ago`, `4 days ago` */
function ago(instant: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - instant.getTime()) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} days ago`;
}

/** `09:14` today, `Thursday 09:14` within a week, else `12 Nov 09:14`; with `UTC` where that is the zone. */
export const teller =
  (now: Date, timeZone: string): Tell =>
  (instant) => {
    const format = (options: Intl.DateTimeFormatOptions): string =>
      new Intl.DateTimeFormat("en-GB", { timeZone, ...options }).format(instant);
    const zone = timeZone === "UTC" ? " UTC" : "";
    const time = `${format({ hour: "2-digit", minute: "2-digit" })}${zone}`;
    const day = (date: Date): string => new Intl.DateTimeFormat("en-CA", { timeZone }).format(date);
    if (day(instant) === day(now)) return time;
    if (Math.abs(instant.getTime() - now.getTime()) < 6.5 * 86_400_000) return `${format({ weekday: "long" })} ${time}`;
    return `${format({ day: "numeric", month: "short" })} ${time}`;
  };

const latest = (instants: readonly (Date | undefined)[]): Date | undefined =>
  instants.reduce((max, at) => (at && (!max || at > max) ? at : max), undefined);
