import { kindOf, type ProblemKind, patienceMs, settledAfterMs } from "./open-problems.ts";
import { problemOf, whoActs } from "./problems.ts";
import { type Ending, overSentence, sentenceOf, type Tell, type Trouble } from "./sentences.ts";

/** A problem of the store, as mails tell of it. */
export interface Reported extends Trouble {
  readonly id: string;
  readonly openedAt: Date;
  readonly closedAt?: Date;
  readonly ended?: Ending;
  /** Somebody has seen it: it is not told of once more for having lasted a day. */
  readonly acknowledged?: true;
  /** Somebody wants to hear nothing of it for a while. */
  readonly muted?: true;
  /** The dataset's or the connection's own name. */
  readonly place?: string;
}

/** It was opened, it is open since a day, the first deadline is a day away, it is over. No others. */
export type Occasion = "opened" | "day" | "deadline" | "closed";

/** A mail that was written before, sent or not yet. */
export interface Written {
  readonly problemId: string;
  readonly occasion: Occasion;
  readonly recipient: string;
  readonly at: Date;
}

/** One mail to write: about one problem, or about all that have the same occasion now. */
export interface Due {
  readonly recipient: string;
  readonly occasion: Occasion;
  readonly problems: readonly [Reported, ...Reported[]];
  /** Not to leave before. */
  readonly at: Date;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Two reminders of one problem lie at least so far apart. */
const restMs = 6 * hourMs;

/** What is to be written now; `problems` are those that are open and those that closed a short while ago. */
export function mailsDue(
  problems: readonly Reported[],
  written: readonly Written[],
  recipients: readonly string[],
  now: Date,
): readonly Due[] {
  return [...new Set(recipients)].flatMap((recipient) => {
    const before = (problem: Reported): readonly Written[] =>
      written.filter((mail) => mail.recipient === recipient && mail.problemId === problem.id);
    const due = problems.map((problem) => ({ problem, occasion: occasionOf(problem, before(problem), now) }));
    // Once there is something to tell, everything new is told with it.
    const opened = due.some(({ occasion }) => occasion === "opened");
    const fresh = (problem: Reported): boolean =>
      opened && !problem.closedAt && !problem.muted && before(problem).length === 0;
    const groups = Map.groupBy(due, ({ problem, occasion }) => (fresh(problem) ? "opened" : occasion));
    return occasions.flatMap((occasion): Due[] => {
      const [first, ...more] = (groups.get(occasion) ?? []).map(({ problem }) => problem).sort(byUrgency);
      if (!first) return [];
      const at = Math.max(...[first, ...more].map((problem) => leaveAt(problem, now)));
      return [{ recipient, occasion, problems: [first, ...more], at: new Date(at) }];
    });
  });
}
const occasions = ["opened", "deadline", "day", "closed"] as const;

function occasionOf(problem: Reported, before: readonly Written[], now: Date): Occasion | undefined {
  const { openedAt, closedAt, deadlineAt, cause, acknowledged, muted } = problem;
  if (muted) return undefined;
  const at = (occasion: Occasion): Date | undefined => before.find((mail) => mail.occasion === occasion)?.at;
  const opened = at("opened");
  if (closedAt) return opened && !at("closed") ? "closed" : undefined;
  const since = (instant: Date): number => now.getTime() - instant.getTime();
  if (!opened) return since(openedAt) >= patienceMs ? "opened" : undefined;
  if (before.some((mail) => since(mail.at) < restMs)) return undefined;
  // Where the first mail told of a deadline that near, there is nothing to add.
  const near = deadlineAt && deadlineAt > now && opened.getTime() < deadlineAt.getTime() - dayMs;
  if (near && since(deadlineAt) >= -dayMs && !at("deadline")) return "deadline";
  if (acknowledged || unhurried.has(kindOf(cause))) return undefined;
  return since(opened) >= dayMs - patienceMs && !at("day") ? "day" : undefined;
}

/**
 * Drift passes by itself; an access that ends does so on a day that was told; a new stage may well be meant to stay out. None is
 * to be mended in a hurry.
 */
const unhurried: ReadonlySet<ProblemKind> = new Set(["drift", "ending", "unmapped"]);

/** That it is over is said once it has stayed so: until then it may come back. */
const leaveAt = ({ cause, closedAt }: Reported, now: Date): number =>
  closedAt ? closedAt.getTime() + settledAfterMs(cause) : now.getTime();

const byUrgency = (one: Reported, other: Reported): number =>
  Number(problemOf(other.code).acts === "you") - Number(problemOf(one.code).acts === "you") ||
  (one.deadlineAt?.getTime() ?? Number.POSITIVE_INFINITY) - (other.deadlineAt?.getTime() ?? Number.POSITIVE_INFINITY) ||
  one.openedAt.getTime() - other.openedAt.getTime();

/** Subject and plain text: from the catalogue and numbers alone, no personal data and no words of Meta's. */
export function write(
  { occasion, problems }: Due,
  { workspace, consoleUrl, now }: { readonly workspace: string; readonly consoleUrl: string; readonly now: Date },
): { readonly subject: string; readonly text: string } {
  const [first, ...more] = problems;
  const intro = occasion === "deadline" && kindOf(first.cause) === "ending" ? "within 24 hours: " : intros[occasion];
  const subject = `${workspace}: ${intro}${problemOf(first.code).title}${more.length > 0 ? `, and ${more.length} more` : ""}`;
  const parts = problems.map((problem) => (occasion === "closed" ? overPart(problem) : openPart(problem, now)));
  return { subject, text: `${[...parts, `Console: ${consoleUrl}`, endings[occasion]].join("\n\n")}\n` };
}

const intros: Readonly<Record<Occasion, string>> = {
  opened: "",
  day: "still open: ",
  deadline: "events expire within 24 hours: ",
  closed: "over: ",
};
const endings: Readonly<Record<Occasion, string>> = {
  opened: "We write again before any event is lost, and when it is over.",
  day: "We write again before any event is lost, and when it is over.",
  deadline: "We write again when it is over.",
  closed: "Nothing is left to do about it.",
};

function openPart(problem: Reported, now: Date): string {
  const { effect, fix, acts, meanwhile } = problemOf(problem.code);
  const lines = [
    sentenceOf(problem, now, tell),
    `Where: ${whereOf(problem)}. Since: ${tell(problem.since)}.`,
    `What it means: ${effect}`,
    fix.startsWith("None") ? "What to do: nothing, it passes by itself." : `What to do: ${fix}`,
    `Who acts: ${whoActs[acts]}.`,
    ...(meanwhile ? [`What we do meanwhile: ${meanwhile}`] : []),
  ];
  return lines.join("\n");
}

const overPart = (problem: Reported): string =>
  `${overSentence(problem, problem.ended ?? "mended", tell(problem.closedAt ?? problem.since))}\nWhere: ${whereOf(problem)}.`;

const whereOf = ({ crmName, place }: Reported): string =>
  [crmName ?? "Meta dataset", ...(place ? [`“${place}”`] : [])].join(" ");

/** `26 Nov 2026, 09:14 UTC`: read on another day, in another place, it says the same. */
const tell: Tell = (instant) =>
  `${new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(instant)} UTC`;
