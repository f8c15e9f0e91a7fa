import type { Outbox } from "../../../core/outbox.ts";
import { createMemoryOutbox, type MemoryOutbox } from "../../memory-outbox.ts";
import { memoryWorld } from "./memory-world.ts";
import type { OutboxWorld } from "./world.ts";

export interface Broken {
  readonly world: () => OutboxWorld;
  /** The check that must fail. */
  readonly caughtBy: string;
}

/** The twin with a flaw. */
export function broken(caughtBy: string, flaw: (outbox: MemoryOutbox) => Partial<Outbox>): Broken {
  const world = () => {
    const outbox = createMemoryOutbox();
    return memoryWorld({ ...outbox, ...flaw(outbox) });
  };
  return { caughtBy, world };
}
