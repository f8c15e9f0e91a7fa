import { counted, events, time } from "./formats.ts";

const waits = (count: number) => `${events(count)} ${count === 1 ? "waits" : "wait"}`;
const refused = (count: number) => `${events(count)} ${count === 1 ? "was" : "were"} refused`;
const first = (count: number) => (count === 1 ? "it" : "the first");

/** What is wrong, in numbers. `deadline` is the instant in words; `past`: it has passed. */
export const problems = {
  title: "Problems",
  open: (count: number) => counted(count, "open problem", "open problems"),
  none: "No open problems.",
  lastSolved: (at: string) => `The last one was over on ${at}.`,
  loading: "Loading the problems",
  failed: "We could not load the problems",
  more: (count: number) => `Show ${counted(count, "more problem", "more problems")}`,
  fewer: "Show the first three",
  effect: {
    sending(count: number, deadline?: string, past?: boolean): string {
      if (count === 0) return "No event waits yet.";
      if (!deadline) return `${waits(count)}.`;
      return past
        ? `${waits(count)}; ${first(count)} has been too old for Meta since ${deadline}.`
        : `${waits(count)}; ${first(count)} expires ${deadline}.`;
    },
    refused(count: number, deadline?: string, past?: boolean): string {
      if (!deadline) return `${refused(count)}.`;
      return past
        ? `${refused(count)}; ${first(count)} has been too old for Meta since ${deadline}.`
        : `${refused(count)}; ${first(count)} can be sent again until ${deadline}.`;
    },
    reading(_count: number, deadline?: string, past?: boolean): string {
      if (!deadline) return "Stage changes stay in the CRM until it is read again.";
      return past
        ? `Stage changes of before ${deadline} are too old for Meta by now.`
        : `Stage changes stay in the CRM; none is too old for Meta before ${deadline}.`;
    },
    drift: (count: number) => `${counted(count, "stage change was", "stage changes were")} found late.`,
    expiring(count: number, deadline?: string, past?: boolean): string {
      const within = `${events(count)} ${count === 1 ? "expires" : "expire"} within 24 hours`;
      return !deadline || past ? `${within}.` : `${within}, ${first(count)} ${deadline}.`;
    },
  },
  deadline: (at: string, distance: string) => `${at} (${distance})`,
  since: "Since",
  toDo: "What to do",
  meanwhile: "What we do meanwhile",
  words: "Meta’s own words",
  dismiss: "Dismiss",
  dismissed: (title: string) => `Dismissed: ${title}`,
  undo: "Undo",
  undone: (title: string) => `Not dismissed: ${title}`,
  dismissFailed: "It was not dismissed",
  resumed: {
    sending: (name: string) => `Sending to ${name} goes on. The problem closes by itself.`,
    reading: (name: string) => `Reading ${name} goes on. The problem closes by itself.`,
  },
  hide: "Hide",
  closed: {
    title: (count: number) => `Over in the last 7 days (${count})`,
    failed: "We could not load the problems that are over",
    over: (since: Date, until: Date) => `${time.short(since)} – ${time.short(until)}`,
    lasted: (ms: number) => `lasted ${time.span(ms)}`,
    dismissed: "dismissed",
    affected: (count: number) => events(count),
    changes: (count: number) => counted(count, "stage change", "stage changes"),
  },
};
