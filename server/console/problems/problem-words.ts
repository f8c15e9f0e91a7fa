import type { ProblemsView } from "../../api/operations.ts";
import type { Tone } from "../../api/schema.ts";
import { texts } from "../texts/texts.ts";

export type Problem = ProblemsView["problems"][number];

type Kind = keyof typeof texts.problems.effect;

/** What it is about: its numbers count other things, and its deadline ends other things. */
export function kindOf({ code, about, canRedrive }: Pick<Problem, "code" | "about" | "canRedrive">): Kind {
  if (code === "drift" || code === "expiring") return code;
  if (canRedrive || /^(refused_|unconfirmed$|expired$)/.test(code)) return "refused";
  return about?.startsWith("con_") ? "reading" : "sending";
}

/** What is wrong, in numbers, with instants in the zone of whoever reads it. */
export function effectOf(problem: Problem, now: number): string {
  const say = texts.problems.effect[kindOf(problem)];
  if (!problem.deadlineAt) return say(problem.affected);
  const at = new Date(problem.deadlineAt);
  const leftMs = at.getTime() - now;
  const told = texts.problems.deadline(texts.time.short(at), texts.time.relative(leftMs));
  return say(problem.affected, told, leftMs <= 0);
}

/** Red is what waits for its reader; what others mend or what mends itself is not. */
export function toneOf({ acts, code }: Pick<Problem, "acts" | "code">): Tone {
  if (code === "by_admin") return "paused";
  return acts === "you" || acts === "us" ? "problem" : "waiting";
}
