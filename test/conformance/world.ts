import type { Connector } from "../../core/connector.ts";
import type { HttpAnswer } from "../../core/ports.ts";
import type { FailureCode } from "../../core/problems.ts";
import type { RecordRef, StageObservation } from "../../core/types.ts";
import type { TestAccess } from "../connectors/access.ts";

/** A stage entry that really happened at the vendor, in the connector's words. */
export interface TrueEntry {
  readonly record: RecordRef;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly enteredAt: Date;
}

/** A pipeline in which the suite may move records: at least four open stages, in order. */
export interface Playground {
  readonly object: string;
  readonly pipelineId: string;
  readonly stages: readonly [string, string, string, string, ...string[]];
}

interface PersonInput {
  readonly email?: string;
  readonly phone?: string;
  readonly firstName?: string;
  readonly metaLeadId?: string;
}

/** A connector, its simulated vendor, and the hands that change things there. Everything is open for one check only. */
export interface World<Config, Checkpoint> {
  readonly connector: Connector<Config, Checkpoint>;
  readonly access: TestAccess<Config>;
  /** The same vendor's second account, empty or not, for what must not leak. */
  second?(): Promise<{ readonly access: TestAccess<Config>; readonly truth: () => Promise<readonly TrueEntry[]> }>;
  /** One per kind of record; the first is used where one is enough. */
  readonly playgrounds: readonly [Playground, ...Playground[]];
  create(playground: Playground, input: { stage: string; person?: PersonInput; at?: Date }): Promise<RecordRef>;
  move(record: RecordRef, stage: string, at?: Date): Promise<void>;
  /** Changes something else about the record. */
  touch(record: RecordRef): Promise<void>;
  remove(record: RecordRef): Promise<void>;
  /** Makes so many records, all last modified at one and the same instant; more than the connector reads in a page. */
  crowd?(): Promise<readonly RecordRef[]>;
  /** Turns a lead into the opportunity that is given back. */
  convert?(lead: RecordRef): Promise<RecordRef>;
  /** The access token runs out now. */
  expire(): Promise<void>;
  truth(): Promise<readonly TrueEntry[]>;
  readonly limits: {
    /** How many requests `leads()` may make at most for so many records of one kind. */
    leadRequests(records: number): number;
  };
  /** Answers of this vendor's own kind, and what the connector must make of them. */
  readonly faults: readonly {
    readonly name: string;
    readonly answer: HttpAnswer;
    readonly code: FailureCode;
    /** How long the answer asks to wait; checked to 2 s where given. */
    readonly retryAfterMs?: number;
  }[];
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: a check works with any connector's own Config and Checkpoint.
export type AnyWorld = World<any, any>;

export interface Check {
  /** A sentence. */
  readonly name: string;
  /** Throws when the connector does not keep it. */
  run(world: AnyWorld): Promise<void>;
  /** Left out where the world cannot play it. */
  readonly needs?: "crowd" | "convert" | "second";
}

/** What a ledger would tell apart: with exact times the entry, else only the stage. */
export const entryKey = (entry: TrueEntry | StageObservation): string =>
  [
    entry.record.object,
    entry.record.id,
    entry.pipelineId,
    entry.stageId,
    "timeQuality" in entry && entry.timeQuality !== "exact" ? "" : entry.enteredAt.getTime(),
    "gone" in entry ? entry.gone : "",
  ].join("|");
