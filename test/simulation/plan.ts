import type { ConnectionId, DatasetId, StageMapping, TenantId } from "../../core/types.ts";
import type { FaultKind } from "./faults.ts";

/** What a seed says before anything happens: the world, and what people, vendors and machines will do in it. Plain JSON, but for its set. */
export interface Plan {
  readonly seed: number;
  readonly startAt: number;
  /** The last operation lies before it; then every fault ends. */
  readonly calmAt: number;
  /** How long everything may take to come to rest after that; absent: an hour or so. */
  readonly patienceMs?: number;
  /** When Meta no longer stumbles over anybody; absent: never. */
  readonly mendedAt?: number;
  /** Lanes of one kind that a process works on at once. */
  readonly lanesAtOnce: number;
  /** How often the housekeeping is done. */
  readonly choreEveryMs: number;
  /** How long a lane waits for more before it is sent. */
  readonly lingerMs: number;
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
  /** The longest that a page of the CRM's history takes. */
  readonly historyMs: number;
  /** Records whose events make Meta stumble. */
  readonly stumblesOver: readonly string[];
  readonly mappings: readonly StageMapping[];
}
export type Operation = { readonly at: number } & (
  | {
      readonly kind: "enter";
      readonly connection: number;
      readonly record: string;
      readonly stageId: string;
      /** When the CRM's search shows it, in parts of the account's longest lag; more than 1: too late; `never`. */
      readonly lag: number;
      /** How long after it happened the webhook comes, once or several times. */
      readonly ringsMs: readonly number[];
      /** How long before it was written down the stage is said to have been entered. */
      readonly backMs: number;
    }
  | {
      readonly kind: "attach";
      readonly connection: number;
      readonly record: string;
      readonly ringsMs: readonly number[];
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
  | { readonly kind: "kill_token"; readonly dataset: number; readonly forMs: number }
  | {
      readonly kind: "pause_sending";
      readonly dataset: number;
      readonly forMs: number;
      /** Not at once but as soon as somebody is at it. */
      readonly amid?: "claim" | "request";
    }
  /** An operator gives everything that was given up another try; `edited`: with what Meta had missed. */
  | { readonly kind: "redrive"; readonly dataset: number; readonly edited: boolean }
  | { readonly kind: "kill_process"; readonly process: number; readonly forMs: number }
  | {
      readonly kind: "meta_outage";
      readonly forMs: number;
      readonly how: "down" | "unknown_error" | "limit" | "silent";
      /** Meta is back for as long as it was away, again and again. */
      readonly flapsMs?: number;
    }
  /** Meta's answers tell that its limits are nearly used up. */
  | { readonly kind: "meta_busy"; readonly forMs: number; readonly percent: number; readonly minutes: number }
);
/** What happens, without its time. */
export type Happening = Operation extends infer Each ? (Each extends Operation ? Omit<Each, "at"> : never) : never;

/** A `lag` with which the CRM's search never shows a change. */
export const never = 1_000_000;
export const day = 86_400_000;
export const hour = 3_600_000;
export const minute = 60_000;
export const stages = ["s1", "s2", "s3", "s4", "won", "lost"] as const;

/** How a world is lived in: for minutes mostly, now and then by a crowd or for an hour, seldom for nine days. */
export interface Span {
  readonly kind: "minutes" | "crowd" | "hour" | "days";
  readonly ms: number;
}

export const list = <Item>(count: number, make: (n: number) => Item): Item[] =>
  Array.from({ length: count }, (_, n) => make(n));
