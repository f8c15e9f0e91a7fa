import { texts } from "../texts/texts.ts";
import type { Task } from "./answers.ts";

const { tasks: words } = texts;

/** What it is called. */
export function nameOf({ kind, about }: Pick<Task, "kind" | "about">): string {
  if (kind === "redrive") return words.names.redrive(about.title ?? words.problem);
  if (kind === "baseline" || kind === "backfill") return words.names[kind](about.crmName ?? words.crm);
  return words.names[kind]();
}

/** Between 0 and 1; undefined where nobody knows how much there is. */
export function shareOf({ done, total, state }: Pick<Task, "done" | "total" | "state">): number | undefined {
  if (state === "done") return 1;
  return total === undefined ? undefined : total === 0 ? 0 : Math.min(1, done / total);
}

/** How far it is, how fast, and for how long still; or what it waits for. */
export function progressOf(task: Task): readonly string[] {
  const { kind, done, total, perSecond, leftMs, why, about } = task;
  const far =
    total !== undefined ? words.ofAll(kind, done, total) : done > 0 ? words.soFar(kind, done) : words.starting;
  if (why?.code === "by_admin") return [far, words.paused(about.crmName ?? words.crm)];
  if (why) return [far, words.waits(why.title)];
  return [
    far,
    ...(perSecond !== undefined ? [words.rate(perSecond)] : []),
    ...(leftMs !== undefined ? [words.left(leftMs)] : []),
  ];
}

/** What came of it. */
export function resultOf({ kind, state, done, total = done, startedAt, endedAt, movedAt, counts, why }: Task): string {
  if (state === "failed") return words.failed(why?.title);
  if (kind === "redrive")
    return state === "stopped" ? words.stoppedRedrive(done, total, counts) : words.redriven(counts);
  if (state === "stopped") return words.stopped(kind, done);
  return words.ended(kind, done, Date.parse(endedAt ?? movedAt) - Date.parse(startedAt));
}
