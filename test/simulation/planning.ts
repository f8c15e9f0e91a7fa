import type { ConnectionId, DatasetId, StageMapping, StageRule, TenantId } from "../../core/types.ts";
import { type Dice, diceOf } from "./chance.ts";
import { faultKinds } from "./faults.ts";
import { incidentsOf } from "./incidents.ts";
import { livesOf } from "./lives.ts";
import { type ConnectionPlan, day, hour, list, minute, type Plan, type Span, stages } from "./plan.ts";

function spanOf(dice: Dice, days: number | undefined): Span {
  const kind = days === undefined ? dice.random() : 0;
  if (kind < 0.03) return { kind: "days", ms: (days ?? 9) * day };
  if (kind < 0.1) return { kind: "hour", ms: dice.between(40, 80) * minute };
  if (kind < 0.16) return { kind: "crowd", ms: dice.between(4, 8) * minute };
  return { kind: "minutes", ms: dice.between(4, 12) * minute };
}

/** A small world: one to three connections, a few records in each, and what befalls them. */
export function planOf(seed: number, options: { readonly days?: number } = {}): Plan {
  const dice = diceOf(seed, "plan");
  const startAt = Date.UTC(2026, 10, 23, 12) + dice.between(0, day);
  const span = spanOf(dice, options.days);
  const calmAt = startAt + span.ms;
  const tenants = list(dice.between(1, 2), (n) => ({ id: `ten_${n}` as TenantId, eventKey: `key ${n}` }));
  const datasets = tenants.flatMap(({ id }, n) =>
    list(dice.chance(0.15) ? 2 : 1, (m) => ({
      tenantId: id,
      id: `dst_${n}${m}` as DatasetId,
      metaId: `9000${n}${m}`,
    })),
  );
  const connections = datasets.flatMap(({ tenantId, id }, n) =>
    list(dice.chance(0.2) ? 2 : 1, (m) => connectionOf(dice, tenantId, id, `${n}${m}`, span)),
  );
  const lives = connections.flatMap((_, n) => livesOf(dice, n, startAt, span));
  const incidents = incidentsOf(dice, connections.length, datasets.length, startAt, span);
  return {
    seed,
    startAt,
    calmAt,
    ...(dice.chance(0.5) && { mendedAt: startAt + dice.between(0, span.ms) }),
    lanesAtOnce: 2,
    choreEveryMs: span.kind === "days" ? 6 * hour : 90_000,
    lingerMs: dice.pick([0, 0, 0, 1_000, 5_000]),
    tenants,
    datasets,
    connections,
    skewsMs: list(dice.between(1, 3), () => (dice.chance(0.4) ? dice.between(-15_000, 15_000) : 0)),
    // Swarm: every world knows some faults only, so that none hides behind the others.
    faults: new Set(faultKinds.filter(() => dice.chance(span.kind === "minutes" ? 0.35 : 0.2))),
    operations: [...lives, ...incidents].sort((a, b) => a.at - b.at),
  };
}

function connectionOf(
  dice: Dice,
  tenantId: TenantId,
  datasetId: DatasetId,
  name: string,
  { kind }: Span,
): ConnectionPlan {
  const often = dice.between(60, 240) * 1000;
  const pollEveryMs = { minutes: often, crowd: often, hour: 5 * minute, days: 3 * hour };
  return {
    tenantId,
    id: `con_${name}` as ConnectionId,
    datasetId,
    pollEveryMs: pollEveryMs[kind],
    skewMs: dice.chance(0.4) ? dice.between(-10 * minute, 10 * minute) : 0,
    lagMs: dice.pick([0, 20_000, 90_000]),
    pageSize: dice.pick([1, 2, 3, 8, 100]),
    historyMs: dice.pick([300, 300, 4_000]),
    stumblesOver: dice.chance(kind === "minutes" ? 0.12 : 0.4)
      ? dice.pick([["1"], ["1"], ["1", "2"], ["2", "3"], ["1", "3"]])
      : [],
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
