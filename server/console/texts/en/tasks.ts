import { counted, events, formats, time } from "./formats.ts";

const records = (count: number) => counted(count, "record", "records");
const what = {
  baseline: records,
  backfill: records,
  redrive: events,
  erase_person: records,
  erase_workspace: (count: number) => counted(count, "row", "rows"),
};
type Kind = keyof typeof what;

type Counts = Readonly<Record<string, number>>;

function redriven({ taken = 0, tooOld = 0, heldBack = 0, unknown = 0 }: Counts): string {
  const left = [
    [tooOld, "too old for Meta"],
    [heldBack, "held back by a rule"],
    [unknown, "unknown to the CRM by now"],
  ] as const;
  const not = left.filter(([count]) => count > 0).map(([count, why]) => `${events(count)} ${why}`);
  const sent = taken === 0 ? "No event is" : `${events(taken)} ${taken === 1 ? "is" : "are"}`;
  return `${[`${sent} on the way again`, ...not].join("; ")}.`;
}

/** Long work: what it is called, how far it is, and what came of it. */
export const tasks = {
  label: "Under way",
  unknown: (why: string) => `We could not load what is under way: ${why}. We try again by ourselves.`,
  names: {
    baseline: (crm: string) => `First reading of ${crm}`,
    backfill: (crm: string) => `Reading ${crm} from the beginning, for what is to be sent`,
    redrive: (title: string) => `Sending again: ${title}`,
    erase_person: () => "Erasing a person",
    erase_workspace: () => "Erasing this workspace",
  },
  crm: "the CRM",
  problem: "a problem’s events",
  ofAll: (kind: Kind, done: number, total: number) => `${formats.number(done)} of ${what[kind](total)}`,
  soFar: (kind: Kind, done: number) => `${what[kind](done)} so far`,
  starting: "Starting",
  rate: (perSecond: number) => `${formats.number(Math.max(1, Math.round(perSecond)))} a second`,
  left: (ms: number) => (ms < 5_000 ? "a few seconds left" : `about ${time.span(ms)} left`),
  noStop: "cannot be stopped",
  shutOut: (crm: string) => `${crm} no longer lets us in; it goes on from here once the account is connected again.`,
  waits: (title: string) => `Waits: ${title}. We try again by ourselves.`,
  paused: (crm: string) => `Nothing more is read from ${crm}, not even new changes, until somebody lets it go on.`,
  /** The name follows. */
  by: "begun by",
  /** The name and the time follow. */
  stoppedBy: "Stopped by",
  stop: "Stop",
  stopThis: (name: string) => `Stop: ${name}`,
  stopping: "Stopping…",
  stopFailed: "It was not stopped",
  /** What is asked before the reading of a whole account is stopped. */
  reading: {
    asked: (crm: string) => `Stop reading ${crm}?`,
    pauses: (crm: string) =>
      `This pauses the connection: nothing more is read from ${crm}, not even new stage changes. Events that already wait are still sent.`,
    stays: (crm: string) =>
      `What is read is kept, and the changes stay in ${crm}. Let it go on whenever you like: it goes on where it was. Stage changes that are older than 7 days by then are too old for Meta.`,
    stop: "Stop reading",
    keep: "Keep reading",
  },
  goOn: "Go on",
  goOnWith: (name: string) => `Go on: ${name}`,
  goingOn: "Going on…",
  goOnFailed: "It does not go on",
  open: "Open the problem",
  more: (count: number) => `Show ${formats.number(count)} more`,
  fewer: "Show fewer",
  hide: "Hide",
  hideThis: (name: string) => `Hide: ${name}`,
  began: (name: string) => `${name}: under way.`,
  reached: (name: string, share: string) => `${name}: ${share} done.`,
  failed: (title?: string) => (title ? `Ended before its time: ${title}.` : "Ended before its time."),
  redriven,
  stoppedRedrive: (done: number, total: number, counts: Counts) =>
    `Stopped after ${formats.number(done)} of ${events(total)}. ${redriven(counts)}`,
  stopped: (kind: Kind, done: number, total?: number) =>
    `Stopped after ${total === undefined ? what[kind](done) : `${formats.number(done)} of ${what[kind](total)}`}.`,
  ended: (kind: Kind, done: number, ms: number) => `Done: ${what[kind](done)} in ${time.span(ms)}.`,
};
