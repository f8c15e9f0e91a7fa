import { deadlineOf } from "./meta/limits.ts";
import { kindOf } from "./open-problems.ts";
import { problemOf } from "./problems.ts";

/** An instant as its reader is to see it. */
export type Tell = (instant: Date) => string;

/** What a sentence about a problem is made of. */
export interface Trouble {
  readonly cause: string;
  readonly code: string;
  readonly affected: number;
  readonly since: Date;
  readonly deadlineAt?: Date;
  /** Of the connection, where it is one that has trouble. */
  readonly crmName?: string;
}

/** What happened, in numbers, and until when nothing is lost: the one sentence about a problem, wherever it is told. */
export function sentenceOf(trouble: Trouble, now: Date, tell: Tell): string {
  const { cause, code, affected, since, deadlineAt, crmName = "The CRM" } = trouble;
  switch (kindOf(cause)) {
    case "blocked":
    case "delayed":
      return `${problemOf(code).title}. ${inNumbers(trouble, now, tell)}`;
    case "reading":
      return stopped.has(code)
        ? notReading(crmName, code, since, now, tell)
        : `${slowReading(crmName, code)} ${inNumbers(trouble, now, tell)}`;
    case "refused":
      return `${problemOf(code).title}: ${events(affected)}. ${again(affected, deadlineAt, tell)}`;
    case "drift":
    case "unmapped":
      return `${problemOf(code).title}: ${affected.toLocaleString("en")} from ${crmName} since ${tell(since)}.`;
    case "ending":
      return `${problemOf(code).title}${deadlineAt ? `: ${countdown(deadlineAt, now)}, on ${tell(deadlineAt)}` : ""}.`;
    case "expiring":
      return `${problemOf(code).title}: ${affected.toLocaleString("en")} within 24 hours${deadlineAt ? `, the first ${deadlineAt > now ? "at" : "was due at"} ${tell(deadlineAt)}` : ""}.`;
  }
}

/** The same without its title, for where that stands above it. */
export function inNumbers(trouble: Trouble, now: Date, tell: Tell): string {
  const { cause, code, affected, since, deadlineAt, crmName = "The CRM" } = trouble;
  switch (kindOf(cause)) {
    case "blocked":
    case "delayed":
      return waiting(affected, deadlineAt, now, tell);
    case "reading":
      return stopped.has(code)
        ? `${crmName} keeps the changes${inTime(code, since, now, tell)}`
        : `Nothing has been read since ${tell(since)}.`;
    case "refused":
      return `${events(affected)}. ${again(affected, deadlineAt, tell)}`;
    case "drift":
    case "unmapped":
      return `${counted(affected, "stage change", "stage changes")} from ${crmName} since ${tell(since)}.`;
    case "ending":
      if (!deadlineAt) return problemOf(code).effect;
      return deadlineAt > now
        ? `It ends ${countdown(deadlineAt, now)}, on ${tell(deadlineAt)}.`
        : `It ended on ${tell(deadlineAt)}.`;
    case "expiring":
      return `${events(affected)} ${affected === 1 ? "expires" : "expire"} within 24 hours${deadlineAt ? `, the first ${deadlineAt > now ? "at" : "was due at"} ${tell(deadlineAt)}` : ""}.`;
  }
}

/** Reading stands still until a person acts. */
const stopped: ReadonlySet<string> = new Set(["crm_disconnected", "by_admin"]);

/** How it ended: by evidence (`mended`), or because nothing of it can be sent any more. */
export type Ending = "mended" | "too_old";

/** That it is over, and what became of what it held up. */
export function overSentence({ cause, code }: Pick<Trouble, "cause" | "code">, ended: Ending, at: string): string {
  const { title } = problemOf(code);
  if (kindOf(cause) !== "refused") return `Over since ${at}: ${title}.`;
  return ended === "mended"
    ? `Over since ${at}: ${title}. What could be sent again was sent again.`
    : `Over since ${at}: ${title}. What was not sent again is too old for Meta now; it stays in the list of deliveries.`;
}

/** `1,280 events are waiting; none is lost before Thursday 13:00.` */
export function waiting(count: number, deadlineAt: Date | undefined, now: Date, tell: Tell): string {
  if (count === 0) return "No events are waiting.";
  const said = `${events(count)} ${count === 1 ? "is" : "are"} waiting`;
  if (!deadlineAt) return `${said}.`;
  return deadlineAt > now
    ? `${said}; none is lost before ${tell(deadlineAt)}.`
    : `${said}; the oldest has been too old for Meta since ${tell(deadlineAt)}.`;
}

/** Reading stands still until a person acts. `since`: when it was last read. */
export function notReading(crmName: string, why: string, since: Date | undefined, now: Date, tell: Tell): string {
  const state = why === "by_admin" ? `Reading ${crmName} is paused` : `${crmName} is disconnected`;
  return `${state}${since ? ` since ${tell(since)}` : ""}. ${crmName} keeps the changes${inTime(why, since, now, tell)}`;
}

/** Until when none of what the CRM keeps is too old. */
function inTime(why: string, since: Date | undefined, now: Date, tell: Tell): string {
  const deadlineAt = since && deadlineOf(since);
  if (!deadlineAt) return ".";
  const act = why === "by_admin" ? "resume" : "reconnect";
  return deadlineAt > now
    ? `; ${act} before ${tell(deadlineAt)} and none is too old for Meta.`
    : "; those older than 7 days are too old for Meta by now.";
}

/** Reading waits and goes on by itself, or does not without us. */
export function slowReading(crmName: string, why: string): string {
  const { title, effect } = problemOf(why);
  return `${crmName}: ${lowerFirst(title)}. ${effect}`;
}

/** `in 9 days`, `in 5 hours`, `it has ended` */
function countdown(at: Date, now: Date): string {
  const hours = Math.ceil((at.getTime() - now.getTime()) / 3_600_000);
  if (hours <= 0) return "it has ended";
  const [n, unit] = hours >= 48 ? [Math.floor(hours / 24), "day"] : [hours, "hour"];
  return `in ${n} ${unit}${n === 1 ? "" : "s"}`;
}

function again(count: number, deadlineAt: Date | undefined, tell: Tell): string {
  const what = count === 1 ? "It" : "Each of them";
  return deadlineAt ? `${what} can be sent again before ${tell(deadlineAt)}.` : `${what} can be sent again.`;
}

const counted = (count: number, one: string, several: string): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : several}`;
const events = (count: number): string => counted(count, "event", "events");

const lowerFirst = (text: string): string => (/^[A-Z][a-z]/.test(text) ? text[0]?.toLowerCase() + text.slice(1) : text);
