import type { Pool } from "pg";
import type { Inbox, InboxItem } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { ConnectionId, Lead, StageObservation, TenantId } from "../../core/types.ts";
import { statement } from "./statements.ts";
import { query } from "./transact.ts";

const append = statement("inbox-append");
const read = statement("inbox-read");
const clear = statement("inbox-clear");

/** A pushed observation with the sender's id for it. */
export interface Pushed {
  /** Unique in the connection: the same id again is the same push again. */
  readonly id: string;
  readonly observation: StageObservation;
  /** How the ledger will name the entry (StageEntry.entry), so that its outcome is found again. */
  readonly entry: string;
  /** Contact data hashed. */
  readonly lead: Lead;
}

/** Stores the pushes durably, in their order, and makes the connection's lane due. One answer for each. */
export async function pushToInbox(
  pool: Pool,
  tenantId: TenantId,
  connectionId: ConnectionId,
  items: readonly Pushed[],
  now: Date,
): Promise<readonly ("accepted" | "duplicate")[]> {
  const fresh = [...Map.groupBy(items, ({ id }) => id).values()].flatMap(([first]) => first ?? []);
  if (fresh.length === 0) return [];
  const { rows } = await query(pool, [
    append,
    tenantId,
    connectionId,
    fresh.length,
    now,
    fresh.map(({ id }) => id),
    fresh.map(({ observation }) => observation.record.object),
    fresh.map(({ observation }) => observation.record.id),
    fresh.map(({ observation }) => observation.pipelineId),
    fresh.map(({ observation }) => observation.stageId),
    fresh.map(({ entry }) => entry),
    fresh.map(({ observation, lead }) => JSON.stringify({ observation, lead })),
  ]);
  if (rows[0]?.lanes !== 1) throw new Failure("not_found", `connection ${connectionId}`);
  const taken = new Set<string>(rows[0].taken);
  // The first of several with one id is the one that was taken.
  return items.map(({ id }) => (taken.delete(id) ? "accepted" : "duplicate"));
}

/** What a connector is given to read its pushes; asking for what follows a number lets go of the bodies up to it. */
export function inboxReader(pool: Pool, tenantId: TenantId, connectionId: ConnectionId): Inbox {
  return {
    read: async (after, limit) => {
      await query(pool, [clear, tenantId, connectionId, after]);
      const { rows } = await query(pool, [read, tenantId, connectionId, after, limit]);
      return rows.map(({ seq, body }): InboxItem => ({ seq, ...JSON.parse(body, revived) }));
    },
  };
}

const instants = new Set(["enteredAt", "clickSeenAt", "createdAt"]);
export const revived = (name: string, value: unknown): unknown =>
  instants.has(name) && typeof value === "string" ? new Date(value) : value;
