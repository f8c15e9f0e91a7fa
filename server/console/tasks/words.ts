import { texts } from "../texts/texts.ts";
import type { Task } from "./answers.ts";

const { tasks: words } = texts;

/** What it is called. */
export function nameOf({ kind, about }: Pick<Task, "kind" | "about">): string {
  if (kind === "redrive") return words.names.redrive(about.title ?? words.problem);
  return words.names[kind](about.crmName ?? words.crm);
}

/** All that a CRM account holds is read. */
export const isReading = ({ kind }: Pick<Task, "kind">): boolean => kind === "baseline" || kind === "backfill";

/** Between 0 and 1; undefined where nobody knows how much there is. */
export function shareOf({ done, total, state }: Pick<Task, "done" | "total" | "state">): number | undefined {
  if (state === "done") return 1;
  return total === undefined ? undefined : total === 0 ? 0 : Math.min(1, done / total);
}

/** How far it is, how fast, and for how long still; or what it waits for. */
export function progressOf(task: Task): readonly string[] {
  const { kind, done, total, perSecond, leftMs, why, about, canResume } = task;
  const far =
    total !== undefined ? words.ofAll(kind, done, total) : done > 0 ? words.soFar(kind, done) : words.starting;
  const crm = about.crmName ?? words.crm;
  if (canResume) return [words.stopped(kind, done, total), words.paused(crm)];
  if (why?.code === "crm_disconnected") return [far, words.shutOut(crm)];
  if (why) return [far, words.waits(why.title)];
  return [
    far,
    ...(perSecond !== undefined ? [words.rate(perSecond)] : []),
    ...(leftMs !== undefined ? [words.left(leftMs)] : []),
    ...(isErasure(task) ? [words.noStop] : []),
  ];
}

/** Half erased is worse than either: nobody stops it. */
const isErasure = ({ kind }: Pick<Task, "kind">): boolean => kind === "erase_person" || kind === "erase_workspace";

/** What came of it. */
export function resultOf(task: Task): string {
  const { kind, state, done, total, startedAt, endedAt, movedAt, counts, why } = task;
  if (task.canResume) return progressOf(task).join(" ");
  if (state === "failed") return words.failed(why?.title);
  if (kind === "redrive")
    return state === "stopped" ? words.stoppedRedrive(done, total ?? done, counts) : words.redriven(counts);
  if (state === "stopped") return words.stopped(kind, done, total);
  return words.ended(kind, done, Date.parse(endedAt ?? movedAt) - Date.parse(startedAt));
}
