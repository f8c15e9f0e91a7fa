import type { TenantId } from "../../../core/types.ts";
import { createMemoryOutbox } from "../../memory-outbox.ts";
import type { OutboxWorld } from "./world.ts";

/** The twin as the suite sees it: one memory is one process and every other. */
export function memoryWorld(outbox = createMemoryOutbox()): OutboxWorld {
  return {
    outbox,
    other: outbox,
    openLane: async (...lane) => outbox.openLane(...lane),
    pauseLane: async (tenantId: TenantId, kind, id, reason) => outbox.pauseLane(tenantId, kind, id, reason),
    resumeLane: async (...lane) => outbox.resumeLane(...lane),
  };
}
