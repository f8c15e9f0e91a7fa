import { refusals } from "../../core/problems.ts";
import type { ConnectionId, DatasetId } from "../../core/types.ts";
import { hasTaken, lossesAfter, type WayStep, type Whereabouts } from "../../core/way.ts";
import type { DeliveryRow } from "./delivery-rows.ts";

export type State = Whereabouts["state"];

/** Which deliveries are asked for; what is absent is not asked about. */
export interface Wanted {
  readonly state?: State;
  /** Codes of the catalogue: why nothing was sent, or why it was given up. */
  readonly reasons?: readonly string[];
  /** How far it came at least. */
  readonly step?: WayStep;
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

/** What is looked for, by where it lies. */
export interface Sought {
  /** Why it was not sent: one of these. Undefined: whatever the reason, also one that is known no more. */
  readonly notSent: readonly string[] | undefined;
  /** Why it was given up, told in the same way. */
  readonly refused: readonly string[] | undefined;
  readonly accepted: boolean;
  readonly waiting: boolean;
}

export function soughtBy({ state, reasons, step }: Wanted): Sought {
  const only = (one: State): boolean => (state ?? one) === one;
  const codes = step ? lossesAfter(step).filter((code) => !reasons || reasons.includes(code)) : reasons;
  const given = codes?.filter((code) => Object.hasOwn(refusals, code));
  const any = given === undefined || Object.keys(refusals).every((code) => given.includes(code));
  return {
    notSent: only("not_sent") ? codes?.filter((code) => !Object.hasOwn(refusals, code)) : [],
    refused: !only("refused") ? [] : any ? undefined : given,
    accepted: only("accepted") && !reasons,
    waiting: only("waiting") && !reasons && (!step || hasTaken(step, { state: "waiting", reason: null })),
  };
}

/** Every event of a log is, whatever became of it. */
export const isWholeLog = ({ refused, accepted, waiting }: Sought): boolean =>
  accepted && waiting && refused === undefined;

/** Whether a delivery that was read is one of those. */
export function isWanted(row: DeliveryRow, wanted: Wanted): boolean {
  const { state, reasons, connectionId, datasetId, pipelineId, stageId, eventName, from, to, step } = wanted;
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
    (!step || hasTaken(step, row))
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
