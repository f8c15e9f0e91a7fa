import type { RefusalReason } from "../../core/problems.ts";
import type { ConnectionId, DatasetId, StageMapping, TenantId } from "../../core/types.ts";
import { createMemoryOutbox, type MemoryOutbox } from "../memory-outbox.ts";
import type { Broken, Invariant } from "./broken.ts";
import { createModelCrm, type ModelCrm } from "./model-crm.ts";
import { type Arrived, createModelMeta, type ModelMeta } from "./model-meta.ts";
import type { AtMeta } from "./people.ts";
import type { ConnectionPlan, DatasetPlan, Plan } from "./plan.ts";
import { type Chronicle, createChronicle, type Turn } from "./turn.ts";
import { createVirtualTime, type VirtualTime } from "./virtual-time.ts";

/** One event of ours, and what has become of it as the outside world knows it. */
export interface Tracked {
  readonly id: string;
  readonly enteredAt: number;
  readonly keptAt: number;
  readonly dataset: DatasetPlan;
  readonly connection: ConnectionSite;
  readonly recordId: string;
  /** Its places in the log: the first, and one more each time that it was set aside or sent again. */
  readonly slots: Slot[];
  /** When Meta took it. */
  readonly receptions: Reception[];
  /** When that was durably noted. */
  notedAt?: number | undefined;
  /** When the first request with it left of which it is written down that nobody answered. */
  unsureSince?: number | undefined;
  /** When an operator gave it another try. */
  redrivenAt?: number;
}
/** One place in a lane's log. */
export interface Slot {
  readonly seq: number;
  readonly event: Tracked;
  /** How often the event had been set aside before. */
  readonly asides: number;
  settled?: "accepted" | "aside" | RefusalReason;
}
export interface Reception {
  readonly turn: Turn;
  readonly startedAt: number;
  readonly seq: number;
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
  readonly slots: Slot[];
  /** The token as stored with us. */
  token: string;
  /** Since when a person has paused it. */
  pausedAt: number | undefined;
  /** Somebody waits for this moment to pause it. */
  ambush?: { readonly amid: "claim" | "request"; readonly strike: () => void } | undefined;
  /** Until when Meta has asked us to send nothing, and whom. */
  rest?: { readonly until: number; readonly turn: Turn } | undefined;
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
  /** When a lane moved on for the last time. */
  movedAt: number;
  /** When the housekeeping was done. */
  readonly chores: number[];
  readonly broken: Broken[];
  /** How Meta takes this event at the moment. */
  judge(event: Tracked): AtMeta;
  /** Says that a promise is broken, and ends the history. */
  breaks(invariant: Invariant, what: string): void;
  /** Counts what happened, for a test to see that it did. */
  saw(what: string): void;
  readonly seen: ReadonlyMap<string, number>;
}

export function createWorld(plan: Plan): World {
  const time = createVirtualTime(plan.startAt);
  const store = createMemoryOutbox();
  const events = new Map<string, Tracked>();
  const broken: Broken[] = [];
  const seen = new Map<string, number>();
  const judge = ({ connection, recordId }: Tracked): AtMeta => {
    const { atMeta } = connection.crm.person({ object: "deal", id: recordId });
    return atMeta === "stumbled_over" && time.now() >= (plan.mendedAt ?? Number.POSITIVE_INFINITY) ? "known" : atMeta;
  };
  const meta = createModelMeta(plan.datasets, (event: Arrived) => {
    const tracked = events.get(String(event.event_id));
    return tracked ? judge(tracked) : "not_valid";
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
      { plan: dataset, slots: [], token: meta.tokens.get(dataset.metaId) ?? "", pausedAt: undefined },
    ]),
  );
  for (const { tenantId, id } of plan.connections) store.openLane(tenantId, "read", id, new Date(plan.startAt));
  for (const { tenantId, id } of plan.datasets) store.openLane(tenantId, "send", id);
  store.openLane(nobody, "upkeep", "chore", new Date(plan.startAt));
  return {
    plan,
    time,
    store,
    connections,
    datasets,
    events,
    meta,
    movedAt: plan.startAt,
    chores: [],
    broken,
    judge,
    seen,
    breaks(invariant, what) {
      broken.push({ invariant, what });
      time.stop();
    },
    saw: (what) => void seen.set(what, (seen.get(what) ?? 0) + 1),
  };
}

/** Whose the housekeeping is. */
export const nobody = "upkeep" as TenantId;
const noMapping: StageMapping = { version: 1, rules: [], fillSkipped: false, sendValue: false };
