import type { KnownEntry } from "../../core/outbox.ts";
import type { ConnectionId } from "../../core/types.ts";

/** What the witness itself has seen of each record: every entry with its place, as it was decided last. */
export interface ModelLedger {
  of(connection: ConnectionId, record: string): readonly KnownEntry[];
  all(connection: ConnectionId): readonly KnownEntry[];
  put(connection: ConnectionId, row: KnownEntry): void;
  /** A stage that was filled at the very moment at which it was entered is the same entry. */
  knows(connection: ConnectionId, record: string, stageId: string, enteredAt: number): boolean;
}

export function createModelLedger(): ModelLedger {
  const connections = new Map<string, Map<string, KnownEntry[]>>();
  const recordsOf = (connection: string): Map<string, KnownEntry[]> => {
    const found = connections.get(connection) ?? new Map<string, KnownEntry[]>();
    connections.set(connection, found);
    return found;
  };
  const of = (connection: string, record: string): KnownEntry[] => recordsOf(connection).get(record) ?? [];
  return {
    of,
    all: (connection) => [...recordsOf(connection).values()].flat(),
    put(connection, row) {
      const others = of(connection, row.record.id).filter(({ place }) => place !== row.place);
      recordsOf(connection).set(
        row.record.id,
        [...others, row].sort((a, b) => a.place - b.place),
      );
    },
    knows: (connection, record, stageId, enteredAt) =>
      of(connection, record).some((entry) => entry.stageId === stageId && entry.enteredAt.getTime() === enteredAt),
  };
}
