import { randomBytes } from "node:crypto";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConnectionId, DatasetId, TenantId } from "../../core/types.ts";
import { migrate } from "../../server/store/migrate.ts";
import { createOutbox } from "../../server/store/outbox.ts";
import { makePool } from "../../server/store/pool.ts";
import { at, claimOne, entry, kept, sent } from "../conformance/outbox/world.ts";
import { silent, type TestDatabase, testDatabase } from "../postgres.ts";

let server: TestDatabase;
let admin: pg.Client;
/** Owns its databases and is no superuser, as on a managed service: forced row security holds for it too. */
const owner = { name: `owner_${randomBytes(4).toString("hex")}`, password: "x" };

beforeAll(async () => {
  server = await testDatabase();
  await server.open(); // Makes the roles.
  admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create role ${owner.name} login password '${owner.password}'`);
});
afterAll(async () => {
  await admin.query(`drop role ${owner.name}`);
  await admin.end();
  await server.drop();
});

const tenant = "ten_1" as TenantId;
const connection = "con_1" as ConnectionId;
const dataset = "dst_1" as DatasetId;
const stored = (minutes: number) => `'${at(minutes).toISOString()}'`;

/** What 0004 held: two sent entries of one record and one that waits, one that was not sent, one that was refused. */
const rows = [
  `insert into tenant (id, name, event_key, allowed_keys, created_at) values ('ten_1', 'Acme', 'k', '{}', ${stored(0)})`,
  `insert into dataset (tenant_id, id, meta_id, name, created_at) values ('ten_1', 'dst_1', '1', 'd', ${stored(0)})`,
  `insert into connection (tenant_id, id, connector, account_id, name, config, dataset_id, created_at)
   values ('ten_1', 'con_1', 'http', 'a', 'c', '{}', 'dst_1', ${stored(0)})`,
  `insert into lane (tenant_id, kind, id, next_seq, cursor_seq, dispatches, due_at) values
   ('ten_1', 'read', 'con_1', 1, 0, 0, ${stored(0)}), ('ten_1', 'send', 'dst_1', 4, 2, 1, ${stored(0)})`,
  `insert into record_stage (tenant_id, connection_id, object, record_id, pipeline_id, stage_id, entry, entered_at, read_at,
     time_quality, filled, mapping_version, outcome, dataset_id, seq, position) values
   ('ten_1', 'con_1', 'deal', '7', 'p1', 's3', 't9', ${stored(-10)}, ${stored(2)}, 'exact', false, 1, 'event', 'dst_1', 3, 1),
   ('ten_1', 'con_1', 'deal', '7', 'p1', 's2', 'n2', ${stored(-60)}, ${stored(1)}, 'exact', false, 1, 'event', 'dst_1', 2, 2),
   ('ten_1', 'con_1', 'deal', '7', 'p1', 's1', 'n1', ${stored(-60)}, ${stored(1)}, 'exact', true, 1, 'event', 'dst_1', 1, 1),
   ('ten_1', 'con_1', 'lead', 'a:7', 'p1', 's1', 't1', ${stored(-60)}, ${stored(1)}, 'day', false, 1, 'no_consent', null, null, 3)`,
  `insert into outbox (tenant_id, dataset_id, seq, event_time, created_at, payload) values
   ('ten_1', 'dst_1', 1, ${stored(-60)}, ${stored(1)}, '{"n":1}'), ('ten_1', 'dst_1', 2, ${stored(-60)}, ${stored(1)}, '{"n":2}'),
   ('ten_1', 'dst_1', 3, ${stored(-10)}, ${stored(2)}, '{"n":3}')`,
  `insert into dispatch (tenant_id, dataset_id, id, seq_from, seq_to, sent_at, events, took_ms, verdict)
   values ('ten_1', 'dst_1', 1, 1, 2, ${stored(1)}, 2, 40, 'accepted')`,
  `insert into dead_event (tenant_id, dataset_id, at, seq, reason) values ('ten_1', 'dst_1', ${stored(1)}, 2, 'expired')`,
];

for (const partitions of [true, false])
  describe(`0005 with ${partitions ? "partitions" : "plain tables"}`, () => {
    const name = `test_${randomBytes(8).toString("hex")}`;
    let pool: pg.Pool;

    beforeAll(async () => {
      await admin.query(`create database ${name} owner ${owner.name}`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      pool = makePool(url.href, { connections: 2, statementMs: 5_000, lockMs: 5_000 }, silent);
      await pool.query(`grant all on schema public to ${owner.name}`);
      const own = new URL(url);
      Object.assign(own, { username: owner.name, password: owner.password });
      const db = new Kysely<unknown>({
        dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: own.href, max: 1 }) }),
      });
      const can = { storageOptions: true, rowSecurity: true, partitions };
      await migrate(db, can, "0004-problems");
      for (const row of rows) await pool.query(row);
      await migrate(db, can);
      await db.destroy();
    });
    afterAll(async () => {
      await pool.end();
      await admin.query(`drop database ${name} with (force)`);
    });

    test("every row is there, in its place, and each event names the ledger's row that it came from", async () => {
      const ledger = await pool.query("select record, place, stage_id, seq from record_stage order by record, place");
      expect(ledger.rows).toEqual([
        { record: "deal:7", place: 1, stage_id: "s1", seq: 1 },
        { record: "deal:7", place: 2, stage_id: "s2", seq: 2 },
        { record: "deal:7", place: 3, stage_id: "s3", seq: 3 },
        { record: "lead:a:7", place: 1, stage_id: "s1", seq: null },
      ]);
      const log = await pool.query(
        "select seq, connection_id, record, place, asides, payload from outbox order by seq",
      );
      expect(log.rows).toEqual(
        [1, 2, 3].map((n) => ({
          seq: n,
          connection_id: "con_1",
          record: "deal:7",
          place: n,
          asides: 0,
          payload: `{"n":${n}}`,
        })),
      );
      expect((await pool.query("select id, seq_to, events from dispatch")).rows).toEqual([
        { id: 1, seq_to: 2, events: 2 },
      ]);
      expect((await pool.query("select seq, again_seq from dead_event")).rows).toEqual([{ seq: 2, again_seq: null }]);
      const { rows: lanes } = await pool.query("select kind, waiting_since, kept_at from lane order by kind");
      expect(lanes).toEqual([
        { kind: "read", waiting_since: null, kept_at: null },
        { kind: "send", waiting_since: at(2), kept_at: at(2) },
      ]);
      const { rows: kinds } = await pool.query("select relkind from pg_class where relname = 'outbox'");
      expect(kinds).toEqual([{ relkind: partitions ? "p" : "r" }]);
    });

    test("work goes on where it was: what waits is sent, and what is new takes the next place and number", async () => {
      const outbox = createOutbox(pool);
      const known = await outbox.known(tenant, connection, [{ object: "deal", id: "7" }]);
      expect(known.get("deal:7")?.map(({ place, entry: named }) => [place, named])).toEqual([
        [1, "n1"],
        [2, "n2"],
        [3, "t9"],
      ]);
      const reader = await claimOne(outbox, "read", at(3));
      const taken = kept([sent(entry("7", "s4", at(0)), 3)], { datasetId: dataset });
      await expect(outbox.keep(reader, taken, at(3))).rejects.toMatchObject({ code: "lease_lost" });
      await outbox.keep(reader, kept([sent(entry("7", "s4", at(0)), 4)], { datasetId: dataset }), at(3));
      const sender = await claimOne(outbox, "send", at(3));
      expect((await outbox.read(sender, 10)).map(({ seq, keptAt }) => [seq, keptAt])).toEqual([
        [3, at(2)],
        [4, at(3)],
      ]);
    });
  });
