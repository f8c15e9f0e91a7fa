import type { ProblemDetail } from "../api/problems.ts";
import type { deedsAbout, LeftMail } from "../store/problem-history.ts";
import type { ProblemRow } from "../store/problems.ts";
import type { Task } from "../store/tasks.ts";
import { somebody } from "./somebody.ts";

type Entry = ProblemDetail["history"][number];

interface Known {
  readonly mails: readonly LeftMail[];
  readonly deeds: Awaited<ReturnType<typeof deedsAbout>>;
  readonly tasks: readonly Task[];
  readonly names: ReadonlyMap<string, string>;
}

/** All that has happened to a problem, oldest first. */
export function historyOf(row: ProblemRow, { mails, deeds, tasks, names }: Known): readonly Entry[] {
  const by = (who: string | undefined) => (who === undefined || who === "upkeep" ? {} : { by: somebody(who, names) });
  const entries: readonly Entry[] = [
    { at: row.opened_at.toISOString(), what: "opened" },
    ...mails.map(({ at, occasion, people }): Entry => ({ at: at.toISOString(), what: "mailed", occasion, people })),
    ...deeds.map(({ at, who, what, about }): Entry => {
      const { until, because } = about;
      return {
        at: at.toISOString(),
        what: what === "problem.acknowledged" ? "acknowledged" : what === "problem.muted" ? "muted" : "unmuted",
        ...by(who),
        ...(typeof until === "string" && { until }),
        ...(because === "worse" && { worse: true }),
      };
    }),
    ...tasks.map(
      ({ id, state, startedAt, who, counts }): Entry => ({
        at: startedAt.toISOString(),
        what: "sent_again",
        ...by(who),
        task: id,
        ...(state !== "running" && { taken: counts.taken ?? 0 }),
      }),
    ),
    ...(row.closed_at
      ? [
          {
            at: row.closed_at.toISOString(),
            what: "resolved" as const,
            ...(row.details.ended && { ended: row.details.ended }),
          },
        ]
      : []),
  ];
  return entries.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}
