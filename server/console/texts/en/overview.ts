import type { Range, RequirementView, StepView } from "../../../api/figures.ts";
import { counted, events, formats } from "./formats.ts";

const locale = "en-GB";
const leads = (count: number): string => counted(count, "lead", "leads");
const signed = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" });
const hour = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
const day = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat(locale, { weekday: "long", hour: "2-digit", minute: "2-digit" });

const part = (share: number): string => formats.share(share, 1);

/** The overview: what was read, what became of it, and how well it serves Meta. */
export const figures = {
  heading: "Overview",
  loading: "Loading the figures",
  failed: "We could not load the figures",
  range: {
    label: "Time",
    ranges: { "24h": "24 hours", "7d": "7 days", "28d": "28 days" } satisfies Record<Range, string>,
    before: { "24h": "the 24 hours before", "7d": "the 7 days before", "28d": "the 28 days before" } satisfies Record<
      Range,
      string
    >,
  },
  source: { label: "CRM account", all: "All accounts" },
  pipeline: { label: "Pipeline", all: "All pipelines" },
  display: { label: "Show as", count: "Counts", share: "Percent" },
  asOf: (at: string) => `As of ${at}`,

  change: {
    none: "as before",
    new: "none before",
    by: (now: number, before: number) => signed.format((now - before) / before),
    explained: (before: number, range: string) => `${formats.number(before)} in ${range}`,
  },

  problems: {
    title: "Open problems",
    all: (count: number) => (count === 1 ? "Look at it" : `All ${formats.number(count)} problems`),
  },

  losses: {
    title: "From your CRM to Meta",
    caption: "How far stage changes came on their way to Meta, and what was left behind at each step",
    steps: {
      read: "Read from the CRM",
      mapped: "Stage is sent",
      in_time: "In time",
      identified: "Matched to a person",
      sent: "Sent to Meta",
      accepted: "Accepted by Meta",
    } satisfies Record<StepView["step"], string>,
    lost: (count: number) => `−${formats.number(count)}`,
    lostHere: "Left behind here",
    share: (share: string) => `${share} of what was read`,
    open: (shown: string, what: string) => `${shown} ${what}: show them`,
    waiting: (count: number) => `${events(count)} waiting`,
    waitingExplained: "made and not answered yet; no loss",
    earlier: (count: number) => `${counted(count, "change", "changes")} from before the start`,
    earlierExplained: "known when sending was switched on; in no step",
    empty: "Numbers begin with the first change.",
    emptyExplained: "As soon as a lead moves in your CRM, it is counted here, and you see how far it came.",
    quiet: (range: string) => `No stage changed in these ${range}.`,
  },

  series: {
    title: "Stage changes over time",
    label: "Stage changes over time, by what became of them. Left and right arrow move from one to the next.",
    names: { accepted: "Accepted", waiting: "Waiting", refused: "Refused", notSent: "Not sent" },
    failed: "The chart could not be loaded. The table below says the same.",
    table: "Show as a table",
    caption: "Stage changes over time, by what became of them",
    when: { hour: "Hour", day: "Day (UTC)" },
    total: "Together",
    say: (when: string, parts: readonly (readonly [string, number])[]) =>
      `${when}: ${parts.map(([name, count]) => `${name} ${formats.number(count)}`).join(", ")}`,
    beforeLive: "Before you went live",
    short: { hour: (at: Date) => hour.format(at), day: (at: Date) => date.format(at) },
    full: { hour: (at: Date) => moment.format(at), day: (at: Date) => day.format(at) },
    counted: { hour: "By the hour in which we read them", day: "By the day of UTC on which we read them" },
  },

  funnel: {
    title: "Your funnel",
    explained: (range: string) => `Events that Meta accepted, beside ${range}`,
    caption: (name: string) => `Events of ${name} that Meta accepted, by stage in the order of the funnel`,
    stage: "Stage, as Meta sees it",
    accepted: "Accepted",
    before: "Before",
    change: "Change",
    next: "Went on",
    rate: (count: number, of: number) => part(count / of),
    counts: (count: number, of: number) => `${formats.number(count)} of ${formats.number(of)}`,
    few: "Below 20 leads we show counts: a percentage would say little.",
    ofLeads: (count: number, of: number) => `${formats.number(count)} of ${leads(of)} so far`,
    empty: "The first accepted event starts this list. Its stages are those that the mapping sends.",
    pipelines: "Pipelines",
  },

  coverage: {
    title: "Who Meta can recognise",
    caption: "Share of events that carry each field by which Meta recognises a person",
    event: "Event",
    of: "Looked at",
    keys: {
      lead_id: "Lead id",
      fbc: "Click id",
      em: "Email",
      ph: "Phone",
      name: "Name",
      place: "Place",
      other: "Other",
    },
    bar: "Meta wants 60% or more of the leads matched; the lead id is the surest way.",
    mark: "60%, Meta's bar",
    below: (share: string) => `${share}, below Meta's 60%`,
    sample: (count: number, of: number) =>
      count >= of
        ? `Of all ${events(of)} of this time`
        : `Of ${formats.number(count)} of ${events(of)}, spread over this time`,
    empty: "Once events are made, this shows which of them carry a lead id, a click id, an email or a phone.",
    mapping: "Choose the fields",
    all: (count: number) => `Show all ${formats.number(count)} events`,
    fewer: "Show fewer",
  },

  sources: {
    title: "How fast it is",
    account: (crm: string, name: string) => `${crm} · ${name}`,
    median: "Half within",
    p95: "95% within",
    of: "Measured on",
    lastRead: "Last checked",
    never: "not yet",
    none: "none yet",
    stale: "Not checked for a while",
    explained: "From the change in the CRM to Meta's yes",
  },

  readiness: {
    title: "Ready for Conversion Leads",
    explained: "What Meta requires, and what we saw in the last 28 days",
    states: { met: "Met", not_yet: "Not yet", unknown: "Cannot tell yet" } satisfies Record<
      RequirementView["state"],
      string
    >,
    whole: (met: number, of: number) => `${met} of ${of} met`,
    needed: {
      leads: "200 leads a month",
      days: "Events on 7 days",
      stages: "2 stages or more, the first one included",
      rate: "A stage that 1 to 40% of the leads reach",
      window: "That stage reached within 28 days",
      lead_ids: "60% of the leads matched",
      daily: "Sent at least once a day",
    } satisfies Record<RequirementView["code"], string>,
    seen: {
      leads: ({ seen = 0 }) => `${leads(seen)} entered the first stage`,
      days: ({ seen = 0 }) => `Events were accepted on ${counted(seen, "day", "days")}`,
      stages: ({ seen = 0 }) => `${counted(seen, "stage", "stages")} had accepted events; 3 or more are better`,
      rate: ({ seen, of = 0, stage = "" }) =>
        seen === undefined
          ? "Fewer than 20 leads entered the first stage"
          : `${part(seen)} of ${leads(of)} reached ${stage}`,
      window: ({ seen, of = 0, stage = "" }) =>
        seen === undefined
          ? "Fewer than 20 leads came so far"
          : `${part(seen)} of ${leads(of)} reached ${stage} in time`,
      lead_ids: ({ seen, of = 0 }) =>
        seen === undefined ? "Fewer than 20 events so far" : `${part(seen)} of ${events(of)} carry Meta's lead id`,
      daily: ({ seen }) =>
        seen === undefined
          ? "No event was accepted yet"
          : seen < 1
            ? "95% were accepted within an hour of the change"
            : `95% were accepted within ${counted(Math.ceil(seen), "hour", "hours")} of the change`,
    } satisfies Record<RequirementView["code"], (requirement: RequirementView) => string>,
    todo: {
      leads:
        "Meta needs this many to learn. More leads, or more forms sent to the same dataset, help; nothing is to be set here.",
      days: "It comes by itself: leave sending on.",
      stages: "Switch on further stages in the mapping, the first one included.",
      rate: "Choose in Events Manager a stage that more, or fewer, of your leads reach.",
      window: "Optimise in Events Manager for an earlier stage.",
      lead_ids:
        "Store Meta's lead id in your CRM and name the field in the mapping. Meta's own figure stands in Events Manager under Settings, View reports.",
      daily: "See under “How fast it is” which account is slow, and check the open problems.",
    } satisfies Record<RequirementView["code"], string>,
  },

  accounts: {
    title: "Connections",
    all: "All about connections",
    crm: "CRM accounts",
    meta: "Meta datasets",
    noCrm: "No CRM is connected yet. Once one is, its account appears here and its current stages are read.",
    noMeta: "No Meta dataset is connected yet. Once one is, what waits for it and what it accepted appears here.",
  },

  latest: {
    title: "Latest stage changes",
    all: "All deliveries",
    empty: "No stage change yet. The first one appears here within seconds of a lead moving in your CRM.",
    emptyDemo: "No stage change yet. Move a lead in the simulated CRM and watch it arrive here.",
    failed: "We could not load the latest stage changes",
    loading: "Loading the latest stage changes",
  },
};
