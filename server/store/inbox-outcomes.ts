import type { Pool } from "pg";
import type { RefusalReason, SkipReason } from "../../core/problems.ts";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import { statement } from "./statements.ts";
import { query } from "./transact.ts";

const select = statement("inbox-outcomes");

/** What became of a push. `pending`: not looked at yet; `waiting`: an event on its way to Meta. */
export type PushOutcome =
  | { readonly state: "pending" | "waiting" | "accepted" }
  | { readonly state: "refused"; readonly reason: RefusalReason }
  | { readonly state: "not_sent"; readonly reason: SkipReason | "duplicate" | "no_change" };

/** By id; ids that are not known (any more) are missing from the answer. */
export async function inboxOutcomes(
  pool: Pool,
  tenantId: TenantId,
  connectionId: ConnectionId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PushOutcome>> {
  const { rows } = await query(pool, [select, tenantId, connectionId, ids]);
  return new Map(rows.map((row) => [row.id, toOutcome(row)]));
}

interface Row {
  readonly settled: boolean;
  readonly outcome: string | null;
  readonly reason: RefusalReason | null;
  readonly passed: boolean | null;
  readonly repeated: boolean;
}

function toOutcome({ settled, outcome, reason, passed, repeated }: Row): PushOutcome {
  if (repeated) return { state: "not_sent", reason: "duplicate" };
  if (outcome === null) return settled ? { state: "not_sent", reason: "no_change" } : { state: "pending" };
  if (outcome !== "event") return { state: "not_sent", reason: outcome as SkipReason };
  if (reason) return { state: "refused", reason };
  return { state: passed ? "accepted" : "waiting" };
}
