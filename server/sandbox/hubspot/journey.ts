import type { Dice } from "../dice.ts";
import type { Stage } from "./pipelines.ts";

/** Where a record goes next, as in life: mostly one stage on, at times over one or two, sometimes lost, rarely back. */
export function nextStage(stages: readonly Stage[], current: string, roll: Dice): string | undefined {
  const open = stages.filter(({ archived }) => !archived);
  const path = open.filter(({ outcome }) => outcome !== "lost");
  const at = path.findIndex(({ id }) => id === current);
  const here = path[at];
  if (!here || here.outcome === "won") return undefined;
  const chance = roll();
  const lost = open.find(({ outcome }) => outcome === "lost");
  if (chance > 0.97 && at > 0) return path[at - 1]?.id;
  if (chance > 0.87 && lost) return lost.id;
  const steps = chance < 0.75 ? 1 : chance < 0.84 ? 2 : 3;
  return path[
    Math.min(
      at + steps,
      path.findIndex(({ outcome }) => outcome === "won"),
    )
  ]?.id;
}

/** Days in a stage: exponential, never under two minutes. */
const dwellMs = (roll: Dice, meanDays: number): number =>
  Math.max(120_000, -Math.log(1 - roll()) * meanDays * 86_400_000);

/** The stages a record went through from `from` until `until`. */
export function journey(
  stages: readonly Stage[],
  from: number,
  until: number,
  roll: Dice,
  meanDays: number,
): readonly { stage: string; at: number }[] {
  const first = stages[0]?.id;
  if (first === undefined) return [];
  const steps = [{ stage: first, at: from }];
  for (;;) {
    const last = steps.at(-1) as { stage: string; at: number };
    const at = last.at + Math.round(dwellMs(roll, meanDays));
    const stage = at < until ? nextStage(stages, last.stage, roll) : undefined;
    if (stage === undefined) return steps;
    steps.push({ stage, at });
  }
}
