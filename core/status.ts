import { deadlineOf } from "./meta/limits.ts";
import type { LaneReason } from "./outbox.ts";
import { type BlockReason, blocks, delays, failures, type Problem, refusals } from "./problems.ts";

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
    /** Reading stands still until a person acts. */
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
  readonly tone: "live" | "waiting" | "problem" | "setup";
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

function blockedDataset({ datasets, now, timeZone }: Facts): Status | undefined {
  const blocked = datasets.find((dataset) => dataset.blocked);
  if (!blocked?.blocked) return undefined;
  const { title, acts } = blocks[blocked.blocked];
  return withDeadline(
    `${title}. ${waiting(blocked.waiting, blocked.deadlineAt, now, timeZone)}`,
    "problem",
    acts,
    blocked.deadlineAt,
  );
}

function stoppedConnection({ connections, now, timeZone }: Facts): Status | undefined {
  const stopped = connections.find((connection) => connection.stopped);
  if (!stopped) return undefined;
  const since = stopped.lastReadAt;
  const deadlineAt = since && deadlineOf(since);
  const tail = deadlineAt ? `; reconnect before ${moment(deadlineAt, now, timeZone)} and none is too old for Meta` : "";
  const head = `${stopped.crmName} is disconnected${since ? ` since ${moment(since, now, timeZone)}` : ""}.`;
  return withDeadline(`${head} ${stopped.crmName} keeps the changes${tail}.`, "problem", "you", deadlineAt);
}

function delayedDataset({ datasets, now, timeZone }: Facts): Status | undefined {
  const delayed = datasets.find(({ why, waiting }) => waiting > 0 && why !== undefined);
  if (!delayed?.why) return undefined;
  const { title, acts } = reasons[delayed.why];
  const next = delayed.nextTryAt ? ` Next try ${moment(delayed.nextTryAt, now, timeZone)}.` : "";
  const sentence = `${title}. ${waiting(delayed.waiting, delayed.deadlineAt, now, timeZone)}${next}`;
  return withDeadline(sentence, "waiting", acts, delayed.deadlineAt);
}

function slowConnection({ connections }: Facts): Status | undefined {
  const slow = connections.find(({ why }) => why !== undefined && why in failures && why !== "checkpoint_lost");
  if (!slow) return undefined;
  const { title, effect, acts } = failures[slow.why as keyof typeof failures];
  return { sentence: `${slow.crmName}: ${lowerFirst(title)}. ${effect}`, tone: "waiting", acts };
}

function live({ connections, datasets, now, timeZone }: Facts): Status {
  const accepted = latest(datasets.map(({ lastAcceptedAt }) => lastAcceptedAt));
  const changed = latest(connections.map(({ lastChangeAt }) => lastChangeAt));
  const read = latest(connections.map(({ lastReadAt }) => lastReadAt));
  const checked = read ? `; last checked ${ago(read, now)}` : "";
  const fine = (sentence: string): Status => ({ sentence, tone: "live", acts: "nobody" });
  if (!accepted) return fine(`Live. Waiting for the first stage change${checked}.`);
  if (changed && now.getTime() - changed.getTime() > 6 * 3_600_000)
    return fine(`Live. No stage changes since ${moment(changed, now, timeZone)}${checked}.`);
  return fine(`Live. Last event accepted ${ago(accepted, now)}.`);
}

/** Whatever can make a lane wait. */
const reasons: Readonly<Record<LaneReason, Problem>> = { ...delays, ...refusals, ...blocks, ...failures };

const waiting = (count: number, deadlineAt: Date | undefined, now: Date, timeZone: string): string =>
  count === 0
    ? "No events are waiting."
    : `${count.toLocaleString("en")} ${count === 1 ? "event is" : "events are"} waiting` +
      (deadlineAt ? `; none is lost before ${moment(deadlineAt, now, timeZone)}.` : ".");

const withDeadline = (
  sentence: string,
  tone: Status["tone"],
  acts: Status["acts"],
  deadlineAt: Date | undefined,
): Status => ({
  sentence,
  tone,
  acts,
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

/** `09:14` today, `Thursday 09:14` within a week, else `12 Nov 09:14`. */
function moment(instant: Date, now: Date, timeZone: string): string {
  const format = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat("en-GB", { timeZone, ...options }).format(instant);
  const time = format({ hour: "2-digit", minute: "2-digit" });
  const day = (date: Date): string => new Intl.DateTimeFormat("en-CA", { timeZone }).format(date);
  if (day(instant) === day(now)) return time;
  if (Math.abs(instant.getTime() - now.getTime()) < 6.5 * 86_400_000) return `${format({ weekday: "long" })} ${time}`;
  return `${format({ day: "numeric", month: "short" })} ${time}`;
}

const latest = (instants: readonly (Date | undefined)[]): Date | undefined =>
  instants.reduce((max, at) => (at && (!max || at > max) ? at : max), undefined);

const lowerFirst = (text: string): string =>
  text.startsWith("The ") || /^[A-Z][a-z]/.test(text) ? text[0]?.toLowerCase() + text.slice(1) : text;
