import type { Dice } from "./chance.ts";
import { day, type Happening, hour, minute, type Operation, type Span } from "./plan.ts";

/** What goes wrong in a world, and what people do about it. */
export function incidentsOf(
  dice: Dice,
  connections: number,
  datasets: number,
  startAt: number,
  { kind, ms }: Span,
): Operation[] {
  const operations: Operation[] = [];
  const happens = (what: Happening): void => void operations.push({ ...what, at: startAt + dice.between(0, ms) });
  for (let n = dice.between(0, 7); n > 0; n -= 1) happens(incident(dice, connections, datasets, kind));
  for (let n = dice.pick([0, 0, 1, 2]); n > 0; n -= 1)
    happens({ kind: "redrive", dataset: dice.between(0, datasets - 1), edited: dice.chance(0.5) });
  if (kind === "days" && dice.chance(0.5))
    operations.push({
      kind: "meta_outage",
      how: dice.pick(["silent", "silent", "down", "unknown_error", "limit"]),
      forMs: dice.between(1 * hour, 5 * day),
      at: startAt + dice.between(0, 3 * day),
    });
  return operations;
}

function incident(dice: Dice, connections: number, datasets: number, span: Span["kind"]): Happening {
  const connection = dice.between(0, connections - 1);
  const dataset = dice.between(0, datasets - 1);
  const forMs = span === "days" ? dice.between(minute, 8 * day) : dice.between(1_000, 5 * minute);
  const how = dice.pick(["down", "unknown_error", "limit", "silent"] as const);
  return dice.pick<Happening>([
    { kind: "remap", connection, version: dice.between(2, 3) },
    { kind: "remap", connection, version: dice.between(2, 3) },
    { kind: "pause_reading", connection, forMs },
    { kind: "revoke_crm", connection, forMs },
    { kind: "crm_outage", connection, forMs },
    { kind: "ring_all", connection },
    { kind: "forget_checkpoint", connection },
    { kind: "pause_sending", dataset, forMs },
    { kind: "pause_sending", dataset, forMs: dice.between(1, 2 * minute), amid: "claim" },
    { kind: "pause_sending", dataset, forMs: dice.between(1, 2 * minute), amid: "request" },
    { kind: "kill_token", dataset, forMs },
    { kind: "kill_process", process: dice.between(0, 2), forMs: dice.between(0, minute) },
    { kind: "kill_process", process: dice.between(0, 2), forMs: dice.between(0, minute) },
    { kind: "meta_outage", forMs, how },
    { kind: "meta_outage", forMs, how, flapsMs: dice.between(1_000, 40_000) },
    { kind: "meta_busy", forMs, percent: dice.pick([50, 85, 97]), minutes: dice.pick([0, 0, 1, 3]) },
  ]);
}
