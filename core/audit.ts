import { hash } from "node:crypto";
import { recordKey } from "./connector.ts";
import { news, type Sighting } from "./decide.ts";
import { sameEntry } from "./ledger.ts";
import { limits } from "./meta/limits.ts";
import type { Outcome, ReconciledDay } from "./outbox.ts";
import type { Random } from "./ports.ts";
import type { StageEntry } from "./types.ts";

/**
 * Comparing with the CRM: its history of the last hour, and every night of the last days, is read once more. What was missed is
 * then kept like any other page; here it is counted. Instants are ISO texts: all of it lies in the reading position.
 */
export interface Audit {
  /** What was entered before was brought by the first reading, or not at all: it cannot have been missed. */
  readonly since: string;
  readonly lightDue: string;
  readonly nightlyDue: string;
  /** The comparison under way. */
  readonly run?: Run;
}

/** One comparison of what was entered from `from` on and before `to`. */
export interface Run {
  readonly from: string;
  readonly to: string;
  /** `light`: of the last hour; it reports nothing, but what it finds missing is followed by the comparison of that whole `day`. */
  readonly kind: "light" | "day" | "nightly";
  /** Entries seen and missed, by day (UTC). */
  readonly days: Readonly<Record<string, readonly [seen: number, missed: number]>>;
  /** A mark for each of the latest entries that were counted: pages overlap, and a record that changes is met again. */
  readonly met: string;
  /** The connector's own checkpoint; absent at the start. */
  readonly at?: unknown;
}

/** A lane gives way after so much of a comparison: whoever rings waits no longer than this and one page. */
export const sliceMs = 5_000;

const dayMs = 86_400_000;
const markLength = 8;
const marksKept = 5_000;

/**
 * The first comparisons of a connection. `adopted`: it has been read for long, like many others that start to be compared at
 * the same moment, so its first night comes at any hour of the next day.
 */
export function startAudits(now: Date, adopted: boolean, random: Random): Audit {
  const nightlyInMs = adopted ? random() * limits.audit.nightlyEveryMs : limits.audit.lightEveryMs;
  return {
    since: now.toISOString(),
    lightDue: after(now, limits.audit.lightEveryMs),
    nightlyDue: after(now, nightlyInMs),
  };
}

/**
 * The comparison under way, or else the one that is due.
 *
 * @param polledAt when the last complete poll began: what is younger, by some minutes of grace, may just not have been read yet
 */
export function dueRun(audit: Audit, polledAt: Date, sendFrom: Date | undefined, now: Date): Run | undefined {
  if (audit.run) return audit.run;
  const nightly = Date.parse(audit.nightlyDue) <= now.getTime();
  if (!nightly && Date.parse(audit.lightDue) > now.getTime()) return undefined;
  const to = polledAt.getTime() - limits.audit.graceMs;
  const from = nightly ? startOfDay(to - limits.audit.nightlySpanMs) : polledAt.getTime() - limits.audit.lightSpanMs;
  // Before both nothing concerns anybody.
  const earliest = Math.min(Date.parse(audit.since), sendFrom?.getTime() ?? Number.POSITIVE_INFINITY);
  if (Math.max(from, earliest) >= to) return undefined;
  return { ...nothingYet, from: iso(Math.max(from, earliest)), to: iso(to), kind: nightly ? "nightly" : "light" };
}
const nothingYet = { days: {}, met: "" } as const;

/** As a connector is asked for it, with where its `changes` stand: what it has learned about the account is written there. */
export const rangeOf = ({ from, to }: Run, changesAt: unknown) => ({
  from: new Date(from),
  to: new Date(to),
  since: changesAt,
});

/** Whether the CRM tells of entries, old enough to be known, that the ledger does not have. */
export const bringsNews = (sightings: readonly Sighting[], run: Run, { since }: Audit): boolean =>
  sightings.some((sighting) =>
    news(sighting).some((change) => isWithin(run, change) && change.enteredAt >= new Date(since)),
  );

/** The comparison with one page added: what the CRM has, each entry once, and what of it had to be made good. */
export function count(
  run: Run,
  { since }: Audit,
  sightings: readonly Sighting[],
  outcomes: readonly Outcome[],
  at: unknown,
): Run {
  const days = new Map(Object.entries(run.days).map(([day, [seen, missed]]) => [day, { seen, missed }]));
  const dayOf = ({ enteredAt }: StageEntry) => {
    const day = enteredAt.toISOString().slice(0, 10);
    const counts = days.get(day) ?? { seen: 0, missed: 0 };
    days.set(day, counts);
    return counts;
  };
  const marks = new Set(run.met.match(everyMark));
  const added = Map.groupBy(
    outcomes.filter(({ instead }) => instead === undefined),
    ({ entry }) => recordKey(entry.record),
  );
  for (const { record, observations, known } of sightings) {
    const key = recordKey(record);
    const rows = [...known, ...(added.get(key) ?? []).map(({ entry, place }) => ({ ...entry, place }))];
    for (const seen of observations) {
      const row = seen.gone ? undefined : sameEntry(rows, seen);
      if (!row || !isWithin(run, row)) continue;
      const mark = hash("sha256", `${key} ${row.place}`, "base64url").slice(0, markLength);
      if (!marks.has(mark)) dayOf(row).seen += 1;
      marks.add(mark);
    }
    for (const { entry } of added.get(key) ?? [])
      if (!entry.filled && isWithin(run, entry) && entry.enteredAt >= new Date(since)) dayOf(entry).missed += 1;
  }
  return {
    ...run,
    days: Object.fromEntries([...days].map(([day, { seen, missed }]) => [day, [seen, missed]])),
    met: [...marks].slice(-marksKept).join(""),
    at,
  };
}
const everyMark = new RegExp(`.{${markLength}}`, "g");

export interface Ended {
  readonly audit: Audit;
  readonly seen: number;
  readonly missed: number;
  /** Days to report. */
  readonly reconciled?: readonly ReconciledDay[];
}

/**
 * The end of a comparison that was read through. Reported are whole days, and those in which something was missed; of a light
 * one nothing: where it finds something missing, its day is compared as a whole, and reported then.
 */
export function endRun(audit: Audit, run: Run, now: Date): Ended {
  const counts = Object.values(run.days);
  const seen = counts.reduce((sum, [n]) => sum + n, 0);
  const missed = counts.reduce((sum, [, n]) => sum + n, 0);
  const next = putOff(audit, run, now);
  if (run.kind !== "light") return { audit: next, seen, missed, reconciled: daysOf(run) };
  if (missed === 0) return { audit: next, seen, missed };
  const days = Object.fromEntries(Object.entries(run.days).map(([day, [, late]]) => [day, [0, late] as const]));
  const from = iso(startOfDay(Date.parse(run.from)));
  return { audit: { ...next, run: { ...nothingYet, from, to: run.to, kind: "day", days } }, seen, missed };
}

/** No comparison until the next is due. */
export function putOff({ run: _, ...audit }: Audit, { kind }: Run, now: Date): Audit {
  return {
    ...audit,
    lightDue: after(now, limits.audit.lightEveryMs),
    ...(kind === "nightly" && { nightlyDue: after(now, limits.audit.nightlyEveryMs) }),
  };
}

function daysOf({ from, to, days }: Run): readonly ReconciledDay[] {
  const reported: ReconciledDay[] = [];
  for (let start = startOfDay(Date.parse(from)); start < Date.parse(to); start += dayMs) {
    const day = iso(start).slice(0, 10);
    const [seen, missed] = days[day] ?? [0, 0];
    const whole = start >= Date.parse(from) && start + dayMs <= Date.parse(to);
    if (whole || missed > 0) reported.push({ day, seen, missed });
  }
  return reported;
}

const isWithin = ({ from, to }: Run, { enteredAt }: Pick<StageEntry, "enteredAt">): boolean =>
  enteredAt.getTime() >= Date.parse(from) && enteredAt.getTime() < Date.parse(to);
const startOfDay = (at: number): number => Math.floor(at / dayMs) * dayMs;
const iso = (at: number): string => new Date(at).toISOString();
const after = (now: Date, ms: number): string => iso(now.getTime() + ms);
