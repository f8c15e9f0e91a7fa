import type { ProblemDetail, ProblemView } from "../../../api/problems.ts";
import { counted, events, time } from "./formats.ts";

type Entry = ProblemDetail["history"][number];

const people = (count: number) => counted(count, "person", "people");
const mailed: Record<NonNullable<Entry["occasion"]>, (count: number) => string> = {
  opened: (count) => `Mail to ${people(count)}: it was opened`,
  day: (count) => `Mail to ${people(count)}: still open after a day`,
  deadline: (count) => `Mail to ${people(count)}: events expire within 24 hours`,
  closed: (count) => `Mail to ${people(count)}: it is over`,
};

/** The pages of problems. What is wrong, what it means and how it is mended comes in the server's words. */
export const problems = {
  lead: "Each closes by itself once what it tells of is mended.",
  open: (count: number) => counted(count, "open problem", "open problems"),
  none: "No open problems.",
  lastSolved: (at: string) => `The last one was solved on ${at}.`,
  never: "None has been noticed yet.",
  loading: "Loading the problems",
  failed: "We could not load the problems",
  more: (count: number) => `Show ${counted(count, "more problem", "more problems")}`,
  fewer: "Show the first three",
  all: "All problems",
  since: "Since",
  look: "See how to fix it",
  words: "Meta’s own words",
  connectMeta: "Connect Meta again",
  connectCrm: (crm: string) => `Connect ${crm} again`,
  states: {
    open: "Open",
    acknowledged: "Acknowledged",
    muted: "Muted",
    resolved: "Solved",
  } satisfies Record<ProblemView["state"], string>,
  /** The name follows. */
  acknowledgedBy: "Acknowledged by",
  mutedUntil: (at: string) => `Muted until ${at}`,
  /** The name follows. */
  by: "by",
  somebody: "somebody",

  muted: {
    title: (count: number) => `Muted (${count})`,
    means: "They are open still, and come back by themselves when their time is over or they become worse.",
  },
  resolved: {
    title: "Solved",
    empty: "None was solved in the last 90 days.",
    failed: "We could not load the problems that are solved",
    over: (since: Date, until: Date) => `${time.short(since)} – ${time.short(until)}`,
    lasted: (ms: number) => `lasted ${time.span(ms)}`,
    tooLate: "too old for Meta before it was mended",
    affected: (count: number) => events(count),
    changes: (count: number) => counted(count, "stage change", "stage changes"),
    older: "Show older ones",
  },

  detail: {
    failed: "We could not load this problem",
    gone: {
      title: "There is no such problem",
      lead: "It was solved more than 90 days ago and is no longer kept, or the link is not whole.",
    },
    what: "What happened",
    means: "What it means",
    fix: "How to fix it",
    nothing: "Nothing to do: it passes by itself.",
    solved: (at: string) => `Solved on ${at}. Nothing is left to do about it.`,
    tooLate: (at: string) => `Over since ${at}: what was not sent again is too old for Meta now.`,
    afterwards: (count: number, ms: number) =>
      `Then ${events(count)} ${count === 1 ? "leaves" : "leave, the oldest first"}; Meta takes ${ms < 5_000 ? "a few seconds" : `about ${time.span(ms)}`} for ${count === 1 ? "it" : "them"}.`,
    sending: {
      running: "Sending them again",
      done: "Sent again",
      stopped: "Sending again was stopped",
      failed: "Sending again ended before its time",
    },
    meanwhile: "What we do meanwhile",
    examples: "Examples",
    examplesLead: (shown: number, all: number) =>
      shown < all ? `${shown} of ${events(all)}` : counted(shown, "event", "events"),
    record: "Record",
    sentAs: "Event",
    entered: "Stage entered",
    said: "Meta’s words",
    caption: "Some of the events that this problem is about",
    lookInto: (event: string, record: string) => `${event}, ${record}: look into it`,
    history: "History",
    places: {
      connections: "Open connections",
      mapping: "Open the mapping",
      settings: "Open settings",
      deliveries: "Show these events",
    },
  },

  deeds: {
    acknowledge: "Acknowledge",
    acknowledging: "Acknowledging…",
    acknowledged: "Acknowledged. Nobody is reminded of it after a day.",
    acknowledgeMeans: "Acknowledging tells the others that you have seen it, and spares you the reminder after a day.",
    acknowledgeFailed: "It was not acknowledged",
    mute: "Mute",
    muteAsked: "How long do you want to hear nothing of it?",
    muteMeans:
      "It stays open and no mails tell of it. It comes back by itself if twice as much is affected, or a day before waiting events are lost.",
    days: (days: number) => counted(days, "day", "days"),
    muting: "Muting…",
    cancel: "Cancel",
    mutedNow: (at: string) => `Muted until ${at}.`,
    muteFailed: "It was not muted",
    undo: "Undo",
    unmute: "Unmute",
    unmuting: "Unmuting…",
    unmuted: "You hear of it again.",
    unmuteFailed: "It is muted still",
    askAdmin: "An admin of this workspace can send events again, acknowledge and mute.",
  },

  history: {
    opened: "Opened",
    acknowledged: "Acknowledged",
    muted: (until: string) => `Muted until ${until}`,
    unmuted: "Unmuted",
    worse: "No longer muted: it became worse",
    sending: "Sending again",
    sentAgain: (count: number) => `Sent again: ${events(count)}`,
    resolved: "Solved",
    tooLate: "Over: what was left is too old for Meta",
    mailed,
  },
};
