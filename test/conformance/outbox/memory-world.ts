import { recordKey } from "../../../core/connector.ts";
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
    ledger: async (...connection) =>
      outbox
        .ledger(...connection)
        .map(({ entry, place, seq, ...decided }) => ({
          record: recordKey(entry.record),
          place,
          outcome: decided.outcome === "send" ? "event" : decided.reason,
          ...(seq !== undefined && { seq }),
        }))
        .sort((a, b) => (a.record < b.record ? -1 : a.record > b.record ? 1 : a.place - b.place)),
    tallies: async (...connection) => Object.fromEntries([...outbox.tallies(...connection)].filter(([, n]) => n !== 0)),
    reconciled: async (...connection) =>
      [...outbox.reconciled(...connection).values()].sort((a, b) => (a.day < b.day ? -1 : 1)),
  };
}
