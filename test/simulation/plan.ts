import type { ConnectionId, DatasetId, StageMapping, StageRule, TenantId } from "../../core/types.ts";
import { type Dice, diceOf } from "./chance.ts";
import { type FaultKind, faultKinds } from "./faults.ts";

/** What a seed says before anything happens: the world, and what people, vendors and machines will do in it. */
export interface Plan {
  readonly seed: number;
  readonly startAt: number;
  /** The last operation lies before it; then every fault ends. */
  readonly calmAt: number;
  /** How long everything may take to come to rest after that; absent: an hour or so. */
  readonly patienceMs?: number;
  readonly tenants: readonly TenantPlan[];
  readonly connections: readonly ConnectionPlan[];
  readonly datasets: readonly DatasetPlan[];
  /** How far each process's clock is ahead, milliseconds. */
  readonly skewsMs: readonly number[];
  readonly faults: ReadonlySet<FaultKind>;
  readonly operations: readonly Operation[];
}
export interface TenantPlan {
  readonly id: TenantId;
  readonly eventKey: string;
}
export interface DatasetPlan {
  readonly tenantId: TenantId;
  readonly id: DatasetId;
  readonly metaId: string;
}
export interface ConnectionPlan {
  readonly tenantId: TenantId;
  readonly id: ConnectionId;
  readonly datasetId: DatasetId;
  readonly pollEveryMs: number;
  /** How far the CRM's clock is ahead. */
  readonly skewMs: number;
  /** How long a change may stay out of the CRM's search; the connector reads back over more than that. */
  readonly lagMs: number;
  readonly pageSize: number;
  /** Meta stumbles over every third person. */
  readonly stumbling?: boolean;
  readonly mappings: readonly StageMapping[];
}
export type Operation = { readonly at: number } & (
  | {
      readonly kind: "enter";
      readonly connection: number;
      readonly record: string;
      readonly stageId: string;
      /** When the CRM's search shows it, in parts of the account's longest lag; Infinity: never, only a ring tells. */
      readonly lag: number;
      /** How long after it happened the webhook comes, once or several times. */
      readonly ringsMs: readonly number[];
      /** How long before it was written down the stage is said to have been entered. */
      readonly backMs: number;
    }
  | { readonly kind: "remove"; readonly connection: number; readonly record: string }
  | { readonly kind: "remap"; readonly connection: number; readonly version: number }
  | { readonly kind: "go_live"; readonly connection: number; readonly backMs: number }
  | {
      readonly kind: "pause_reading" | "revoke_crm" | "crm_outage";
      readonly connection: number;
      readonly forMs: number;
    }
  | { readonly kind: "ring_all" | "forget_checkpoint"; readonly connection: number }
  | { readonly kind: "pause_sending" | "kill_token"; readonly dataset: number; readonly forMs: number }
  | { readonly kind: "kill_process"; readonly process: number; readonly forMs: number }
  | {
      readonly kind: "meta_outage";
      readonly forMs: number;
      readonly how: "down" | "unknown_error" | "limit" | "silent";
    }
);

export const day = 86_400_000;
const minute = 60_000;
export const stages = ["s1", "s2", "s3", "s4", "won", "lost"] as const;

/** A small world: one to three connections, a few records in each, ten minutes; now and then nine days. */
export function planOf(seed: number, options: { readonly days?: number } = {}): Plan {
  const dice = diceOf(seed, "plan");
  const startAt = Date.UTC(2026, 10, 23, 12) + dice.between(0, day);
  const long = options.days !== undefined || dice.chance(0.02);
  const lastsMs = long ? (options.days ?? 9) * day : dice.between(4, 12) * minute;
  const tenants = list(dice.between(1, 2), (n) => ({ id: `ten_${n}` as TenantId, eventKey: `key ${n}` }));
  const datasets = tenants.flatMap(({ id }, n) =>
    list(dice.chance(0.15) ? 2 : 1, (m) => ({
      tenantId: id,
      id: `dst_${n}${m}` as DatasetId,
      metaId: `9000${n}${m}`,
    })),
  );
  const connections = datasets.flatMap(({ tenantId, id }, n) =>
    list(dice.chance(0.2) ? 2 : 1, (m) => connectionOf(dice, tenantId, id, `${n}${m}`, long)),
  );
  const operations = connections.flatMap((_, n) => lives(dice, n, startAt, lastsMs));
  for (let n = dice.between(0, 7); n > 0; n -= 1)
    operations.push({
      ...incident(dice, connections.length, datasets.length, long),
      at: startAt + dice.between(0, lastsMs),
    });
  return {
    seed,
    startAt,
    calmAt: startAt + lastsMs,
    tenants,
    datasets,
    connections,
    skewsMs: list(dice.between(1, 3), () => (dice.chance(0.4) ? dice.between(-15_000, 15_000) : 0)),
    // Swarm: every world knows some faults only, so that none hides behind the others.
    faults: new Set(faultKinds.filter(() => dice.chance(long ? 0.15 : 0.35))),
    operations: operations.sort((a, b) => a.at - b.at),
  };
}

function connectionOf(
  dice: Dice,
  tenantId: TenantId,
  datasetId: DatasetId,
  name: string,
  long: boolean,
): ConnectionPlan {
  return {
    tenantId,
    id: `con_${name}` as ConnectionId,
    datasetId,
    pollEveryMs: long ? 3 * 60 * minute : dice.between(60, 240) * 1000,
    skewMs: dice.chance(0.4) ? dice.between(-10 * minute, 10 * minute) : 0,
    lagMs: dice.pick([0, 20_000, 90_000]),
    pageSize: dice.pick([1, 2, 3, 8, 100]),
    mappings: list(3, (version) => mappingOf(dice, version + 1)),
  };
}

function mappingOf(dice: Dice, version: number): StageMapping {
  const rules = stages.flatMap((stageId, position): StageRule[] =>
    dice.chance(0.06)
      ? []
      : [
          {
            pipelineId: "p",
            stageId,
            position,
            outcome: stageId === "won" || stageId === "lost" ? stageId : "open",
            eventName: `${stageId} ${version}`,
            send: stageId === "lost" ? dice.chance(0.2) : dice.chance(0.9),
            entries: dice.chance(0.2) ? "every" : "first",
          },
        ],
  );
  return { version, rules, fillSkipped: dice.chance(0.75), sendValue: false };
}

/** What a connection's records go through, the days before included. */
function lives(dice: Dice, connection: number, startAt: number, lastsMs: number): Operation[] {
  const operations: Operation[] = [];
  const backMs = dice.pick([0, 7 * day, 7 * day, 3 * day]);
  operations.push({ kind: "go_live", connection, backMs, at: dice.chance(0.8) ? 0 : startAt + lastsMs / 4 });
  for (let record = 1, records = dice.between(1, 5); record <= records; record += 1) {
    const fromMs = dice.pick([
      -dice.between(0, 8 * day),
      // Its deadline falls into this history.
      60 * minute - 7 * day + dice.between(0, lastsMs / 2),
      dice.between(0, lastsMs * 0.8),
      dice.between(0, lastsMs * 0.8),
    ]);
    let at = startAt + fromMs;
    for (let n = dice.between(1, 4); n > 0 && at < startAt + lastsMs; n -= 1) {
      const lag = at < startAt ? 0 : dice.pick([0, 0.3, 0.6, 1, Number.POSITIVE_INFINITY]);
      operations.push({
        kind: "enter",
        connection,
        record: String(record),
        stageId: dice.pick(stages),
        lag,
        ringsMs: lag === Number.POSITIVE_INFINITY || dice.chance(0.4) ? ringsOf(dice) : [],
        backMs: dice.chance(0.1) ? dice.between(1, 10 * minute) : 0,
        at,
      });
      // Some changes share their millisecond with the next one, or with one of another record.
      if (dice.chance(0.2)) continue;
      const twin = operations[dice.between(0, operations.length - 1)];
      if (twin && twin.at > at && dice.chance(0.4)) at = twin.at;
      else at += at < startAt && dice.chance(0.5) ? dice.between(1, 3 * day) : dice.between(1, lastsMs / 3);
    }
    if (dice.chance(0.06))
      operations.push({
        kind: "remove",
        connection,
        record: String(record),
        at: startAt + dice.between(0, lastsMs),
      });
  }
  return operations;
}

const ringsOf = (dice: Dice): readonly number[] =>
  list(dice.pick([1, 1, 1, 2, 3]), () => dice.pick([0, dice.between(0, 3_000), dice.between(0, 60_000)]));

type Incident = Operation extends infer Each ? (Each extends Operation ? Omit<Each, "at"> : never) : never;

function incident(dice: Dice, connections: number, datasets: number, long: boolean): Incident {
  const connection = dice.between(0, connections - 1);
  const dataset = dice.between(0, datasets - 1);
  const forMs = long ? dice.between(minute, 8 * day) : dice.between(1_000, 5 * minute);
  return dice.pick<Incident>([
    { kind: "remap", connection, version: dice.between(2, 3) },
    { kind: "remap", connection, version: dice.between(2, 3) },
    { kind: "pause_reading", connection, forMs },
    { kind: "revoke_crm", connection, forMs },
    { kind: "crm_outage", connection, forMs },
    { kind: "ring_all", connection },
    { kind: "forget_checkpoint", connection },
    { kind: "pause_sending", dataset, forMs },
    { kind: "pause_sending", dataset, forMs },
    { kind: "kill_token", dataset, forMs },
    { kind: "kill_process", process: dice.between(0, 2), forMs: dice.between(0, minute) },
    { kind: "kill_process", process: dice.between(0, 2), forMs: dice.between(0, minute) },
    { kind: "meta_outage", forMs, how: dice.pick(["down", "unknown_error", "limit", "silent"]) },
  ]);
}

const list = <Item>(count: number, make: (n: number) => Item): Item[] =>
  Array.from({ length: count }, (_, n) => make(n));
