import type { AnyConnector } from "../../core/connector.ts";
import type { Source } from "../../core/ingest.ts";
import type { Destination, Send } from "../../core/meta/sender.ts";
import type { Outbox } from "../../core/outbox.ts";
import type { MemoryOutbox } from "../memory-outbox.ts";
import type { ModelCrm } from "./model-crm.ts";

/** A fault of ours, put between the flow and its ports. Made anew for each history, so it may remember things. */
export interface Plant {
  /** `store` is the store itself, for what only a badly made store would do. */
  readonly outbox?: (outbox: Outbox, store: MemoryOutbox) => Outbox;
  readonly connector?: (connector: AnyConnector, crm: ModelCrm) => AnyConnector;
  readonly source?: (source: Source) => Source;
  readonly send?: (send: Send) => Send;
  readonly destination?: (destination: Destination) => Destination;
}

export interface Bug {
  /** What somebody might have written. */
  readonly name: string;
  plant(): Plant;
}
