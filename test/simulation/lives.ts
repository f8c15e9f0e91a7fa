import type { Dice } from "./chance.ts";
import { day, hour, list, minute, never, type Operation, type Span, stages } from "./plan.ts";

/** What a connection's records go through, the days before included. */
export function livesOf(dice: Dice, connection: number, startAt: number, span: Span): Operation[] {
  const backMs = dice.pick([0, 7 * day, 7 * day, 3 * day]);
  const liveAt = dice.chance(0.7) ? 0 : startAt + Math.floor(span.ms / 4);
  const operations: Operation[] = [{ kind: "go_live", connection, backMs, at: liveAt }];
  // Somebody goes live once more, from an earlier moment on.
  if (dice.chance(0.1))
    operations.push({ kind: "go_live", connection, backMs: 7 * day, at: startAt + Math.floor(span.ms / 2) });
  const records = span.kind === "crowd" ? dice.between(10, 30) : dice.between(1, 5);
  for (let record = 1; record <= records; record += 1)
    operations.push(...lifeOf(dice, { connection, record: String(record) }, startAt, span));
  return operations;
}

function lifeOf(
  dice: Dice,
  whose: { readonly connection: number; readonly record: string },
  startAt: number,
  { ms }: Span,
): Operation[] {
  const life: Operation[] = [];
  const during = (): number => startAt + dice.between(0, ms);
  let at =
    startAt +
    dice.pick([
      -dice.between(0, 8 * day),
      // Its deadline falls into this history.
      hour - 7 * day + dice.between(0, Math.floor(ms / 2)),
      dice.between(0, Math.floor(ms * 0.8)),
      dice.between(0, Math.floor(ms * 0.8)),
    ]);
  for (let n = dice.between(1, 4); n > 0 && at < startAt + ms; n -= 1) {
    const lag = at < startAt ? 0 : dice.pick([0, 0, 0.3, 0.6, 1, 4, never, never]);
    const rings = lag > 1 ? dice.chance(0.7) : dice.chance(0.4);
    life.push({
      ...whose,
      kind: "enter",
      stageId: dice.pick(stages),
      lag,
      ringsMs: rings ? ringsOf(dice) : [],
      backMs: dice.chance(0.1) ? dice.between(1, 10 * minute) : 0,
      at,
    });
    // Some changes share their millisecond with the next one.
    if (dice.chance(0.2)) continue;
    at += at < startAt && dice.chance(0.5) ? dice.between(1, 3 * day) : dice.between(1, Math.floor(ms / 3));
  }
  if (dice.chance(0.6))
    life.push({ ...whose, kind: "attach", ringsMs: dice.chance(0.6) ? ringsOf(dice) : [], at: during() });
  if (dice.chance(0.06)) life.push({ ...whose, kind: "remove", at: during() });
  return life;
}

const ringsOf = (dice: Dice): readonly number[] =>
  list(dice.pick([1, 1, 1, 2, 3]), () => dice.pick([0, dice.between(0, 3_000), dice.between(0, 60_000)]));
