import type { ConnectionId, DatasetId, StageMapping, TenantId } from "../../core/types.ts";
import { diceOf } from "./chance.ts";
import type { FaultKind } from "./faults.ts";
import { personOf } from "./people.ts";
import { day, hour, list, minute, type Operation, type Plan, stages } from "./plan.ts";
import { planOf } from "./planning.ts";

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

/** The seed's world, in which Meta stumbles over some people's events, while those of others come in all the time. */
export function stumblingMeta(seed: number, people: readonly string[], faults: readonly FaultKind[] = []): Plan {
  const base = planOf(seed, { days: 1 });
  const [first] = base.connections;
  if (!first) throw new TypeError("a world without a connection");
  const dice = diceOf(seed, "stumbling");
  const enter = (n: number): Operation[] =>
    ["s1", "s2", "s3"].map(
      (stageId, step): Operation => ({
        kind: "enter",
        connection: 0,
        record: String(n),
        stageId,
        lag: 0,
        ringsMs: [1_000],
        backMs: 0,
        at: base.startAt + n * 15 * minute + step * dice.between(1, 15 * minute),
      }),
    );
  const live: Operation = { kind: "go_live", connection: 0, backMs: 0, at: 0 };
  return {
    ...base,
    faults: new Set(faults),
    connections: [{ ...first, mappings: [everyStage], stumblesOver: people }],
    operations: [live, ...list(90, (n) => enter(n + 1)).flat()].sort((a, b) => a.at - b.at),
    patienceMs: 9 * day,
  };
}

/** One process, many datasets, each with a backlog that grows all the time while Meta is away; from the first hour on. */
export function longOutage(
  seed: number,
  options: {
    readonly hours: number;
    readonly how: Extract<Operation, { kind: "meta_outage" }>["how"];
    readonly datasets: number;
    readonly eventsEach: number;
  },
): Plan {
  const { hours, how, eventsEach } = options;
  const base = planOf(seed, { days: Math.ceil((hours + 1) / 24) });
  const { startAt } = base;
  const tenants = list(options.datasets, (n) => ({ id: `ten_${n}` as TenantId, eventKey: `key ${n}` }));
  const enter = (connection: number): Operation[] =>
    list(eventsEach, (n) => ({
      kind: "enter",
      connection,
      record: String(n + 1),
      stageId: "s1",
      lag: 0,
      ringsMs: [],
      backMs: 0,
      at: startAt + connection * 200 + Math.floor((n * (hours - 3) * hour) / eventsEach),
    }));
  const lives = tenants.flatMap((_, connection): Operation[] => [
    { kind: "go_live", connection, backMs: 0, at: 0 },
    ...enter(connection),
  ]);
  const outage: Operation = { kind: "meta_outage", at: startAt + hour / 2, forMs: hours * hour, how };
  return {
    ...base,
    calmAt: outage.at + outage.forMs,
    lanesAtOnce: 64,
    skewsMs: [0],
    faults: new Set(),
    tenants,
    datasets: tenants.map(({ id }, n) => ({ tenantId: id, id: `dst_${n}` as DatasetId, metaId: `9000${n}` })),
    connections: tenants.map(({ id }, n) => ({
      tenantId: id,
      id: `con_${n}` as ConnectionId,
      datasetId: `dst_${n}` as DatasetId,
      pollEveryMs: 2 * hour,
      skewMs: 0,
      lagMs: 0,
      pageSize: 100,
      historyMs: 300,
      stumblesOver: [],
      mappings: [everyStage],
    })),
    operations: [...lives, outage].sort((a, b) => a.at - b.at),
  };
}

/** A busy dataset, something new in it twice a second, nobody whom Meta does not know, and a Meta that is there for one second of every six. */
export function flappingMeta(seed: number): Plan {
  const busy = longOutage(seed, { hours: 4, how: "down", datasets: 1, eventsEach: 0 });
  const { startAt } = busy;
  const people = list(2_000, (n) => String(n + 1)).filter((record) => {
    const { atMeta, lead } = personOf(seed, "con_0", record, startAt);
    return atMeta === "known" && lead?.leadId !== undefined;
  });
  const enters = people.slice(0, 1_000).map(
    (record, n): Operation => ({
      kind: "enter",
      connection: 0,
      record,
      stageId: "s1",
      lag: 0,
      ringsMs: [0],
      backMs: 0,
      at: startAt + minute + n * 500,
    }),
  );
  const flap = (n: number): Operation => ({
    kind: "meta_outage",
    how: "down",
    forMs: 5_000,
    at: startAt + 2 * minute + n * 6_000,
  });
  const operations = [...busy.operations.filter(({ kind }) => kind === "go_live"), ...enters, ...list(60, flap)];
  return { ...busy, calmAt: startAt + 12 * minute, operations: operations.sort((a, b) => a.at - b.at) };
}

const everyStage: StageMapping = {
  version: 1,
  fillSkipped: true,
  sendValue: false,
  rules: stages.map((stageId, position) => ({
    pipelineId: "p",
    stageId,
    position,
    outcome: stageId === "won" || stageId === "lost" ? stageId : "open",
    eventName: stageId,
    send: true,
    entries: "first",
  })),
};
