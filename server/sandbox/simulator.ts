import type { IncomingMessage, ServerResponse } from "node:http";

/** A part of the simulated world, as people and tests reach it through the back door. */
export interface Part {
  readonly name: "hubspot" | "salesforce" | "meta" | "mail";
  /** What the back door can do, by name: `POST /<name>/<action>` on the control port with a JSON body. */
  readonly actions: Readonly<Record<string, Action>>;
}

/** A simulated vendor: its own API on its own port. Imports nothing of the product. */
export interface Simulator extends Part {
  readonly name: "hubspot" | "salesforce" | "meta";
  /** Further hosts of the vendor's, by name: each gets a port of its own. */
  readonly doors?: readonly string[];
  /** The vendor's API, as the vendor would answer; `door` is absent for its main host. */
  handle(request: IncomingMessage, response: ServerResponse, door?: string): Promise<void>;
  /** Told once all ports are open: origin of the main host, and of each door. */
  opened?(main: string, doors: Readonly<Record<string, string>>): void;
  /** One step of life: called about once a second with the time. */
  live?(now: Date): void | Promise<void>;
  close(): void;
}

// biome-ignore lint/suspicious/noExplicitAny: actions take the caller's JSON and check it themselves.
export type Action = (input: any) => unknown | Promise<unknown>;

/** What makes the vendor misbehave; every simulator takes the action `fault` with such a body and `{}` mends all. */
export interface Faults {
  /** Wait this long before answering. */
  slowMs?: number;
  /** Close the connection without an answer. */
  down?: boolean;
  /** Do the work, then close the connection without an answer. */
  dropAnswer?: boolean;
  /** Answer this status with a body of the vendor's kind. */
  status?: number;
  /** How many requests the fault lasts; for ever when absent. */
  times?: number;
}
