import { refusals, skips } from "../../core/problems.ts";
import type { ConnectionId, DatasetId } from "../../core/types.ts";
import type { DeliveryRow } from "./delivery-rows.ts";

export type State = "accepted" | "waiting" | "refused" | "not_sent";

/** Which deliveries are asked for; what is absent is not asked about. */
export interface Wanted {
  readonly state?: State;
  /** Codes of the catalogue: why nothing was sent, or why it was given up. */
  readonly reasons?: readonly string[];
  readonly connectionId?: ConnectionId;
  readonly datasetId?: DatasetId;
  readonly pipelineId?: string;
  readonly stageId?: string;
  readonly eventName?: string;
  /** Names under which a stage may have been sent: what has none of them is not looked up in the ledger. */
  readonly sentAs?: readonly string[];
  /** Kept at or after `from`, and before `to`. */
  readonly from?: Date;
  readonly to?: Date;
  /** Leaves out what was there before sending began. */
  readonly withoutEarlier?: boolean;
  /** Texts of which one must be in the event as it was sent. */
  readonly naming?: readonly string[];
  /** Numbers of the events of one request, kept no later than it left. */
  readonly between?: {
    readonly datasetId: DatasetId;
    readonly first: number;
    readonly last: number;
    readonly latest: Date;
  };
}

/** Why a change was not sent that is no news: it was there before. */
export const earlier = ["not_live", "first_reading", "before_live"] as const satisfies readonly (keyof typeof skips)[];

/** Reasons that were known once and are no more count as rules, as the ledger alone remembers them. */
export function skipReasonsOf({ reasons, withoutEarlier }: Wanted): readonly string[] | undefined {
  const skipReasons = reasons?.filter((code) => !Object.hasOwn(refusals, code));
  if (!withoutEarlier) return skipReasons;
  const kept = skipReasons ?? Object.keys(skips);
  return kept.filter((code) => !(earlier as readonly string[]).includes(code));
}
export const refusalsOf = ({ reasons }: Wanted): readonly string[] | undefined =>
  reasons?.filter((code) => Object.hasOwn(refusals, code));

/** Whether a delivery that was read is one of those. */
export function isWanted(row: DeliveryRow, wanted: Wanted): boolean {
  const { state, reasons, connectionId, datasetId, pipelineId, stageId, eventName, from, to, withoutEarlier } = wanted;
  const { reason, at } = row;
  return (
    (state ?? row.state) === row.state &&
    (!reasons || (reason !== null && reasons.includes(reason))) &&
    (connectionId ?? row.connectionId) === row.connectionId &&
    (datasetId ?? row.datasetId) === row.datasetId &&
    (pipelineId ?? row.pipelineId) === row.pipelineId &&
    (stageId ?? row.stageId) === row.stageId &&
    (eventName ?? row.eventName) === row.eventName &&
    (!from || at.keptAt >= from) &&
    (!to || at.keptAt < to) &&
    !(withoutEarlier && (earlier as readonly (string | null)[]).includes(reason))
  );
}

/**
 * Where a delivery stands in the list: newest first, by when it was kept; of one moment events before what was not sent, and
 * those of one dataset by their number.
 */
export interface Place {
  /** Whole milliseconds, as all that we write down. */
  readonly keptAt: Date;
  /** Empty where nothing was to be sent. */
  readonly datasetId: DatasetId | "";
  readonly seq: number;
  readonly connectionId: ConnectionId;
  /** `deal:9911` */
  readonly record: string;
  readonly place: number;
}
