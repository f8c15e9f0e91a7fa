import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Store } from "../../server/store/open.ts";
import { createTenant } from "../../server/store/tenants.ts";
import { laneFigures } from "../../server/telemetry/lane-figures.ts";
import { createMetrics } from "../../server/telemetry/metrics.ts";
import { type TestDatabase, testDatabase } from "../postgres.ts";
import { samples } from "./metrics-samples.ts";

const now = new Date("2026-11-23T12:00:00Z");
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1_000);
const hour = 3_600;

/** Without what is counted: only what stands in the database. */
const figures = (text: string): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(samples(text)).filter(([name]) => !/_(bucket|sum|count|total)\b/.test(name)));

describe("the figures of the database", () => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await testDatabase();
    store = await database.open();
  });
  afterAll(() => database.drop());

  /** Two customers in every kind of trouble. */
  async function trouble(): Promise<void> {
    const lane = { lease_until: null, moved_at: null, paused_reason: null, why: null };
    for (const name of ["Acme", "Other"]) {
      const { id: tenant_id } = await createTenant(store.db, { name, allowedKeys: [] }, now);
      const sends = { ...lane, tenant_id, kind: "send" as const };
      await store.db
        .insertInto("lane")
        .values([
          { ...lane, tenant_id, kind: "read", id: "con_late", due_at: ago(name === "Acme" ? 40 : 90) },
          { ...lane, tenant_id, kind: "read", id: "con_claimed", due_at: ago(900), lease_until: ago(-30) },
          { ...lane, tenant_id, kind: "read", id: "con_abandoned", due_at: ago(70), lease_until: ago(10) },
          { ...lane, tenant_id, kind: "read", id: "con_idle", due_at: ago(-60) },
          { ...sends, id: "dst_idle", due_at: null, next_seq: 50, cursor_seq: 49 },
          {
            ...sends,
            id: "dst_waits",
            due_at: ago(-15),
            waiting_since: ago(500),
            next_seq: 8,
            cursor_seq: 4,
            why: "meta_down",
            attempts: 3,
          },
          {
            ...sends,
            id: "dst_paused",
            waiting_since: ago(5 * 24 * hour),
            due_at: null,
            next_seq: 3,
            cursor_seq: 0,
            why: "meta_token",
            paused_reason: "meta_token",
          },
        ])
        .execute();
      const event = (dataset_id: string, seq: number, time: number, kept: number) => ({
        tenant_id,
        dataset_id,
        seq,
        event_time: ago(time),
        created_at: ago(kept),
        connection_id: "con_late",
        record: `deal:${seq}`,
        place: 1,
        payload: "{}",
      });
      await store.db
        .insertInto("outbox")
        .values([
          event("dst_idle", 49, 7 * 24 * hour, 7 * 24 * hour), // sent long ago
          event("dst_waits", 5, 600, 500),
          event("dst_paused", 1, name === "Acme" ? 6 * 24 * hour : hour, name === "Acme" ? 5 * 24 * hour : 300),
          event("dst_paused", 2, 60, 50),
        ])
        .execute();
      const problem = {
        tenant_id,
        affected: 1,
        opened_at: now,
        seen_at: now,
        deadline_at: null,
        about: null,
        details: "{}",
      };
      await store.db
        .insertInto("problem")
        .values([
          { ...problem, id: "prb_1", cause: "one", code: "meta_token", closed_at: null },
          { ...problem, id: "prb_2", cause: "two", code: "meta_down", closed_at: now },
        ])
        .execute();
      const mail = {
        tenant_id,
        problem_id: "prb_1",
        recipient: "a@b.c",
        subject: "s",
        body: "b",
        created_at: now,
        why: null,
      };
      await store.db
        .insertInto("mail")
        .values([
          { ...mail, id: "mai_1", occasion: "opened", due_at: null, sent_at: now, attempts: 1 },
          { ...mail, id: "mai_2", occasion: "reminder", due_at: now, sent_at: null, attempts: 0 },
          ...(name === "Acme"
            ? [{ ...mail, id: "mai_3", occasion: "deadline", due_at: now, sent_at: null, attempts: 4 }]
            : []),
        ])
        .execute();
    }
  }

  test("are those of all tenants together, and name none", async () => {
    await trouble();
    const { registry } = createMetrics({ lanes: () => laneFigures(store.pool, now) });
    const text = await registry.metrics();
    const week = 7 * 24 * hour - hour;
    expect(figures(text)).toEqual({
      stagewire_database_up: 1,
      'stagewire_lanes_due{lane="read"}': 4,
      'stagewire_lanes_due{lane="send"}': 0,
      'stagewire_lanes_due{lane="upkeep"}': 0,
      'stagewire_lane_late_seconds{lane="read"}': 90,
      'stagewire_lane_late_seconds{lane="send"}': 0,
      'stagewire_lane_late_seconds{lane="upkeep"}': 0,
      'stagewire_lanes_held{lane="send",why="meta_down"}': 2,
      'stagewire_lanes_paused{lane="send",why="meta_token"}': 2,
      stagewire_events_waiting: 2 * (3 + 2),
      stagewire_oldest_waiting_seconds: 5 * 24 * hour,
      stagewire_nearest_deadline_seconds: week - 6 * 24 * hour,
      'stagewire_problems_open{code="meta_token"}': 2,
      'stagewire_mails_waiting{tried="no"}': 2,
      'stagewire_mails_waiting{tried="yes"}': 1,
    });
    expect(text).not.toMatch(/ten_|dst_|con_|Acme/);
  });

  test("come from 1,000 lanes that wait without a look at 99,000 others", async () => {
    const fresh = await testDatabase();
    onTestFinished(() => fresh.drop());
    // One connection: how many rows a transaction has read is told to nobody else.
    const { pool } = await fresh.open({ connections: 1 });
    await pool.query(
      `insert into lane (tenant_id, kind, id, due_at) select 'ten_' || n, 'read', 'con_' || n, $1::timestamptz + n * interval '6 ms'
       from generate_series(1, 50000) n`,
      [now],
    );
    await pool.query(
      `insert into lane (tenant_id, kind, id, due_at, next_seq, cursor_seq, why, waiting_since)
       select 'ten_' || n, 'send', 'dst_' || n, case when n <= 1000 then $1::timestamptz + interval '5 s' end,
         case when n <= 1000 then 11 else 6 end, 5, case when n <= 900 then 'meta_down' end, case when n <= 1000 then $1::timestamptz end from generate_series(1, 50000) n`,
      [now],
    );
    await pool.query(
      `insert into outbox (tenant_id, dataset_id, seq, event_time, created_at, payload, connection_id, record, place)
       select 'ten_' || n, 'dst_' || n, seq, $1::timestamptz, $1::timestamptz, '{}', 'con_1', 'deal:' || seq, 1 from generate_series(1, 1000) n, generate_series(1, 10) seq`,
      [now],
    );
    const owner = new pg.Client({ connectionString: fresh.url });
    await owner.connect();
    await owner.query("vacuum analyze"); // as PostgreSQL does by itself once it has a minute
    await owner.end();
    await pool.query("begin");
    expect((await laneFigures(pool, now)).waitingEvents).toBe(5_000);
    const { rows } = await pool.query<{ rows: number }>(
      "select seq_tup_read + idx_tup_fetch as rows from pg_stat_xact_user_tables where relname = 'lane'",
    );
    // Two for each that waits, one for each that is due or says why.
    expect(rows[0]?.rows).toBeLessThan(5_000);
    await pool.query("rollback");
  });

  test("fail with the catalogue's word when the database is away", async () => {
    const away = await testDatabase();
    const { pool } = await away.open();
    await away.drop();
    const { registry } = createMetrics({ lanes: () => laneFigures(pool, now) });
    expect(figures(await registry.metrics())).toEqual({ stagewire_database_up: 0 });
  });
});
