import type { FaultKind } from "./faults.ts";
import { day, type Operation, type Plan, planOf } from "./plan.ts";

const hour = 3_600_000;

/** The seed's world with one thing going wrong in it: Meta is away for long, from its first hour on. */
export function metaOutage(
  seed: number,
  options: {
    readonly hours: number;
    readonly how: Extract<Operation, { kind: "meta_outage" }>["how"];
    readonly faults?: readonly FaultKind[];
  },
): Plan {
  const base = planOf(seed, { days: Math.ceil((options.hours * hour) / day) + 1 });
  const lives = base.operations.filter(({ kind }) => kind === "enter" || kind === "go_live");
  const outage: Operation = {
    kind: "meta_outage",
    at: base.startAt + hour,
    forMs: options.hours * hour,
    how: options.how,
  };
  return {
    ...base,
    faults: new Set(options.faults ?? []),
    operations: [...lives, outage].sort((a, b) => a.at - b.at),
  };
}

/** The seed's world, in which Meta stumbles over some people's events: "unknown error", whatever else is in the request. */
export function stumblingMeta(seed: number): Plan {
  const base = planOf(seed, { days: 2 });
  return {
    ...base,
    faults: new Set(),
    operations: base.operations.filter(({ kind }) => kind === "enter" || kind === "go_live"),
    connections: base.connections.map((connection) => ({ ...connection, stumbling: true })),
    patienceMs: 9 * day,
  };
}
