import { sql } from "kysely";
import { openLane, pauseLane, resumeLane } from "../../server/store/lanes.ts";
import type { Store } from "../../server/store/open.ts";
import type { OutboxWorld } from "../conformance/outbox/world.ts";

/** The store as the outbox's suite sees it; `other`: opened a second time, as by another process. */
export function storeWorld({ outbox, db }: Store, { outbox: other }: Store): OutboxWorld {
  return {
    outbox,
    other,
    openLane: async (tenantId, kind, id, dueAt) => {
      await openLane(db, { tenantId, kind, id }, dueAt ?? null);
      const common = { created_at: new Date(), name: id };
      const tenant = { ...common, id: tenantId, event_key: "", default_country: null, allowed_keys: [] };
      await db
        .insertInto("tenant")
        .values(tenant)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const account = { tenant_id: tenantId, connector: "http", account_id: id, config: "{}" };
      if (kind === "read")
        await db
          .insertInto("connection")
          .values({ ...common, ...account, id, dataset_id: null, send_from: null })
          .execute();
    },
    pauseLane: (tenantId, kind, id, reason) => pauseLane(db, { tenantId, kind, id }, reason),
    resumeLane: (tenantId, kind, id, now) => resumeLane(db, { tenantId, kind, id }, now),
    ledger: async (tenantId, connectionId) => {
      const rows = await db
        .selectFrom("record_stage")
        .select(["record", "place", "outcome", "seq"])
        .where("tenant_id", "=", tenantId)
        .where("connection_id", "=", connectionId)
        .orderBy("record")
        .orderBy("place")
        .execute();
      return rows.map(({ seq, ...row }) => ({ ...row, ...(seq !== null && { seq }) }));
    },
    tallies: async (tenantId, connectionId) => {
      const { rows } = await sql<{ outcome: string; n: number }>`
        select outcome, sum(n)::bigint as n from tally
        where tenant_id = ${tenantId} and connection_id = ${connectionId}
        group by outcome having sum(n) <> 0`.execute(db);
      return Object.fromEntries(rows.map(({ outcome, n }) => [outcome, n]));
    },
    reconciled: async (tenantId, connectionId) =>
      await db
        .selectFrom("reconciliation")
        .select(["day", "seen", "missed"])
        .where("tenant_id", "=", tenantId)
        .where("connection_id", "=", connectionId)
        .orderBy("day")
        .execute(),
  };
}
