import type { Breakers } from "../../core/breaker.ts";
import type { AnyConnector } from "../../core/connector.ts";
import type { Source } from "../../core/ingest.ts";
import type { Destination, Send } from "../../core/meta/sender.ts";
import type { Outbox } from "../../core/outbox.ts";
import type { MemoryOutbox } from "../memory-outbox.ts";
import type { ModelCrm } from "./model-crm.ts";
import type { Plan } from "./plan.ts";

/** A fault of ours, put between the flow and its ports. Made anew for each history, so it may remember things. */
export interface Plant {
  /** `store` is the store itself, for what only a badly made store would do. */
  readonly outbox?: (outbox: Outbox, store: MemoryOutbox) => Outbox;
  readonly connector?: (connector: AnyConnector, crm: ModelCrm) => AnyConnector;
  readonly source?: (source: Source) => Source;
  readonly send?: (send: Send) => Send;
  readonly destination?: (destination: Destination) => Destination;
  /** Those of a process. */
  readonly breakers?: (breakers: Breakers) => Breakers;
}

export interface Bug {
  /** What somebody might have written. */
  readonly name: string;
  plant(): Plant;
  /** The worlds to look for it in, where it takes more than chance brings about. */
  plan?(seed: number): Plan;
}
