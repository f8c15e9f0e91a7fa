import { Gauge, type Registry } from "prom-client";
import type { LaneFigures, LaneKind } from "./lane-figures.ts";

/** What the parts of this process know of themselves; each is asked at every scrape. */
export interface OwnFigures {
  /** How many lanes of a kind are being worked on here. */
  readonly underWay?: () => Readonly<Partial<Record<LaneKind, number>>>;
  /** How many lanes the breaker of all datasets lets be worked on: infinitely many while Meta is well. */
  readonly room?: () => number;
}

/** Shows the figures of the moment. What is not known is absent, never an old value or a zero. */
export function showGauges(registry: Registry, read: () => Promise<LaneFigures | undefined>): void {
  const registers = [registry];
  const shown = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    fill: (gauge: Gauge<Label>, figures: LaneFigures) => void,
  ) =>
    new Gauge<Label>({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        const figures = await read();
        empty(this);
        if (figures) fill(this, figures);
      },
    });

  new Gauge({
    name: "stagewire_database_up",
    help: "1 while the database answers; else the figures below are absent.",
    registers,
    async collect() {
      this.set((await read()) ? 1 : 0);
    },
  });
  shown("stagewire_lanes_due", "Lanes that are due and that nobody works on.", ["lane"], (gauge, { due }) => {
    for (const { lane, count } of all(due)) gauge.set({ lane }, count);
  });
  shown(
    "stagewire_lane_late_seconds",
    "How long the longest due lane waits for a worker.",
    ["lane"],
    (gauge, { due }) => {
      for (const { lane, lateMs } of all(due)) gauge.set({ lane }, lateMs / 1_000);
    },
  );
  shown("stagewire_lanes_held", "Lanes that wait for their next try, by why.", ["lane", "why"], (gauge, { held }) => {
    for (const { lane, why, count } of held.filter(({ paused }) => !paused)) gauge.set({ lane, why }, count);
  });
  shown("stagewire_lanes_paused", "Lanes that wait for a person, by why.", ["lane", "why"], (gauge, { held }) => {
    for (const { lane, why, count } of held.filter(({ paused }) => paused)) gauge.set({ lane, why }, count);
  });
  shown("stagewire_events_waiting", "Events in the log that are not settled.", [], (gauge, { waitingEvents }) => {
    gauge.set(waitingEvents);
  });
  shown(
    "stagewire_oldest_waiting_seconds",
    "How long the oldest event has been in the log; absent when none waits.",
    [],
    (gauge, { oldestWaitingMs }) => {
      if (oldestWaitingMs !== undefined) gauge.set(oldestWaitingMs / 1_000);
    },
  );
  shown(
    "stagewire_nearest_deadline_seconds",
    "Until the first event that waits becomes too old for Meta; absent when none waits.",
    [],
    (gauge, { nearestDeadlineMs }) => {
      if (nearestDeadlineMs !== undefined) gauge.set(nearestDeadlineMs / 1_000);
    },
  );
  shown("stagewire_problems_open", "Open problems, by code.", ["code"], (gauge, { problems }) => {
    for (const { code, count } of problems) gauge.set({ code }, count);
  });
  shown("stagewire_mails_waiting", "Mails to be sent; tried: at least once in vain.", ["tried"], (gauge, { mails }) => {
    const count = (tried: boolean): number => mails.find((each) => each.tried === tried)?.count ?? 0;
    gauge.set({ tried: "no" }, count(false));
    gauge.set({ tried: "yes" }, count(true));
  });
}

/** Shows what this process knows by itself. */
export function showOwnGauges(registry: Registry, { underWay, room }: OwnFigures): void {
  const registers = [registry];
  if (underWay)
    new Gauge({
      name: "stagewire_lanes_under_way",
      help: "Lanes that this process works on.",
      labelNames: ["lane"],
      registers,
      collect() {
        for (const [lane, count] of Object.entries(underWay())) this.set({ lane }, count);
      },
    });
  if (room)
    new Gauge({
      name: "stagewire_breaker_open",
      help: "1 while this process sends to no dataset, or to one that looks whether Meta is well again.",
      registers,
      collect() {
        this.set(Number.isFinite(room()) ? 1 : 0);
      },
    });
}

/** Every kind, so that none due reads as 0. */
function all(due: LaneFigures["due"]): LaneFigures["due"] {
  const idle = (["read", "send", "upkeep"] as const).filter((kind) => !due.some(({ lane }) => lane === kind));
  return [...due, ...idle.map((lane) => ({ lane, count: 0, lateMs: 0 }))];
}

/** A gauge without labels keeps a 0 when it is reset, and none when it is removed. */
function empty<Label extends string>(gauge: Gauge<Label>): void {
  gauge.reset();
  gauge.remove({});
}
