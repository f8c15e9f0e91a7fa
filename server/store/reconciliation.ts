import type { Kysely } from "kysely";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** One day of a connection, as it was when it was last compared with the CRM. */
export interface DayState {
  /** `2026-11-23`, of UTC. */
  readonly day: string;
  readonly seen: number;
  readonly missed: number;
  readonly accepted: number;
  readonly waiting: number;
  readonly refused: number;
  /** By reason. */
  readonly notSent: Readonly<Record<string, number>>;
  readonly checkedAt: Date;
}

/** The latest day first. */
export async function reconciledDays(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  limit: number,
): Promise<readonly DayState[]> {
  const rows = await db
    .selectFrom("reconciliation")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("connection_id", "=", connectionId)
    .orderBy("day", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ tenant_id: _, connection_id: __, not_sent, checked_at, ...counts }) => ({
    ...counts,
    notSent: not_sent as DayState["notSent"],
    checkedAt: checked_at,
  }));
}
