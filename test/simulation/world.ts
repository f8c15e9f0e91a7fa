import type { ConnectionId, DatasetId, StageMapping, TenantId } from "../../core/types.ts";
import { createMemoryOutbox, type MemoryOutbox } from "../memory-outbox.ts";
import type { Broken, Invariant } from "./broken.ts";
import type { KnownFault } from "./known-faults.ts";
import { createModelCrm, type ModelCrm } from "./model-crm.ts";
import { type Arrived, createModelMeta, type ModelMeta } from "./model-meta.ts";
import type { ConnectionPlan, DatasetPlan, Plan } from "./plan.ts";
import { type Chronicle, createChronicle, type Turn } from "./turn.ts";
import { createVirtualTime, type VirtualTime } from "./virtual-time.ts";

/** One event of the log, and what has become of it as the outside world knows it. */
export interface Tracked {
  readonly id: string;
  readonly seq: number;
  readonly payload: string;
  readonly enteredAt: number;
  readonly keptAt: number;
  readonly dataset: DatasetPlan;
  readonly connection: ConnectionSite;
  readonly recordId: string;
  /** When Meta took it. */
  readonly receptions: Reception[];
  /** When that was durably noted. */
  notedAt?: number;
  dead?: string;
}
export interface Reception {
  readonly turn: Turn;
  readonly startedAt: number;
  /** The answer never reached the worker, or was none. */
  lost: boolean;
}
export interface ConnectionSite {
  readonly plan: ConnectionPlan;
  readonly crm: ModelCrm;
  readonly mapping: Chronicle<StageMapping>;
  readonly sendFrom: Chronicle<number | undefined>;
}
export interface DatasetSite {
  readonly plan: DatasetPlan;
  /** In the order of their sequence. */
  readonly events: Tracked[];
  /** The token as stored with us. */
  token: string;
  /** Since when a person has paused it. */
  pausedAt: number | undefined;
}

/** Everything there is in one history. */
export interface World {
  readonly plan: Plan;
  readonly time: VirtualTime;
  readonly store: MemoryOutbox;
  readonly connections: ReadonlyMap<ConnectionId, ConnectionSite>;
  readonly datasets: ReadonlyMap<DatasetId, DatasetSite>;
  readonly events: Map<string, Tracked>;
  readonly meta: ModelMeta;
  readonly broken: Broken[];
  /** Known faults that showed. */
  readonly pardoned: KnownFault[];
  /** Says that a promise is broken, and ends the history; unless it is by a fault that is known. */
  breaks(invariant: Invariant, what: string, by?: KnownFault): void;
}

export function createWorld(plan: Plan): World {
  const time = createVirtualTime(plan.startAt);
  const store = createMemoryOutbox();
  const events = new Map<string, Tracked>();
  const broken: Broken[] = [];
  const pardoned: KnownFault[] = [];
  const meta = createModelMeta(plan.datasets, (event: Arrived) => {
    const tracked = events.get(String(event.event_id));
    return tracked?.connection.crm.person({ object: "deal", id: tracked.recordId }).atMeta ?? "not_valid";
  });
  const connections = new Map(
    plan.connections.map((connection): [ConnectionId, ConnectionSite] => [
      connection.id,
      {
        plan: connection,
        crm: createModelCrm(plan.seed, connection),
        mapping: createChronicle(connection.mappings[0] ?? noMapping),
        sendFrom: createChronicle<number | undefined>(undefined),
      },
    ]),
  );
  const datasets = new Map(
    plan.datasets.map((dataset): [DatasetId, DatasetSite] => [
      dataset.id,
      { plan: dataset, events: [], token: meta.tokens.get(dataset.metaId) ?? "", pausedAt: undefined },
    ]),
  );
  for (const { tenantId, id } of plan.connections) store.openLane(tenantId, "read", id, new Date(plan.startAt));
  for (const { tenantId, id } of plan.datasets) store.openLane(tenantId as TenantId, "send", id);
  return {
    plan,
    time,
    store,
    connections,
    datasets,
    events,
    meta,
    broken,
    pardoned,
    breaks(invariant, what, by) {
      if (by !== undefined) return void pardoned.push(by);
      broken.push({ invariant, what });
      time.stop();
    },
  };
}

const noMapping: StageMapping = { version: 1, rules: [], fillSkipped: false, sendValue: false };
