import { counted, formats } from "./formats.ts";

/** Pausing and resuming, and looking now. */
export const lanes = {
  undo: "Undo",
  checkNow: "Check now",
  checking: "Asking…",
  checkAsked: "The CRM is being looked at now.",
  checkFailed: "The CRM was not looked at",
  sending: {
    pause: "Pause sending",
    means:
      "Sending is paused. Events wait in their order. Meta takes each for 7 days from its stage change; we write before the first is lost.",
    pausing: "Pausing…",
    paused: "Sending is paused. For 10 seconds the button undoes it.",
    pauseFailed: "Sending was not paused",
    resume: "Resume sending",
    resuming: "Resuming…",
    resumed: "Sending goes on.",
    resumeFailed: "Sending was not resumed",
  },
  reading: {
    pause: "Pause reading",
    means:
      "Reading is paused. Stage changes stay in the CRM and are read when you resume; what is older than 7 days by then is too old for Meta.",
    pausing: "Pausing…",
    paused: "Reading is paused. For 10 seconds the button undoes it.",
    pauseFailed: "Reading was not paused",
    resume: "Resume reading",
    resuming: "Resuming…",
    resumed: "Reading goes on.",
    resumeFailed: "Reading was not resumed",
  },
};

/** Whether each day of a connection adds up. */
export const days = {
  open: "Day by day",
  openOf: (name: string) => `Day by day: ${name}`,
  title: "Does it add up?",
  about: "The last hour is compared with the CRM every quarter of an hour, and the last 7 days every night.",
  caption: "Per day: what the CRM has, and what became of it",
  day: "Day (UTC)",
  seen: "In the CRM",
  accepted: "Accepted",
  waiting: "Waiting",
  refused: "Refused",
  notSent: "Not sent",
  missed: "Found late",
  result: "Adds up",
  addsUp: "Adds up",
  short: (count: number) => `${counted(count, "change", "changes")} missing`,
  over: (count: number) => `${counted(count, "change", "changes")} too many`,
  reason: (count: number, title: string) => `${formats.number(count)} ${title}`,
  reasonsOf: (day: string) => `Not sent on ${day}`,
  compared: "compared",
  loading: "Loading the days",
  failed: "We could not load the days",
  empty:
    "Nothing is compared yet. The first comparison comes within a quarter of an hour; a CRM that only pushes its changes to us has no history to compare with.",
  allAddUp: (count: number) => `${counted(count, "day", "days")} compared; every one adds up.`,
  notAll: (wrong: number, count: number) =>
    `${counted(wrong, "day does", "days do")} not add up, of ${counted(count, "day", "days")} compared.`,
  notAllMeans:
    "Changes that are missing are read again by themselves. A day that does not add up for hours is ours to look at.",
  line: { addsUp: "Adds up with the CRM", not: "Does not add up with the CRM", never: "Nothing to compare yet" },
};
