import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TenantId } from "../../core/types.ts";
import { describeSchema } from "../../server/store/describe-schema.ts";
import { openStore, type Store } from "../../server/store/open.ts";
import { createTenant } from "../../server/store/tenants.ts";
import { silent, type TestDatabase, testDatabase } from "../postgres.ts";

let database: TestDatabase;
let store: Store;
let owner: Kysely<unknown>;
let one: TenantId;
let two: TenantId;

beforeAll(async () => {
  database = await testDatabase();
  store = await database.open();
  owner = new Kysely({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: database.url, max: 2 }) }),
  });
  const about = { name: "Acme", allowedKeys: [] };
  one = (await createTenant(store.db, about, new Date())).id;
  two = (await createTenant(store.db, about, new Date())).id;
  for (const tenantId of [one, two]) await row(store.db, tenantId, "dst_1").execute();
});
afterAll(async () => {
  await owner.destroy();
  await database.drop();
});

const row = (db: Store["db"], tenantId: TenantId, id: string) =>
  db.insertInto("dataset").values({ tenant_id: tenantId, id, meta_id: id, name: id, created_at: new Date() });

/** Asked before anybody's workspace is known; the web role has no right to them at all. */
const global = ["authorization_request", "claimed_account", "install", "person", "receipt", "session"];

describe("the schema", () => {
  test("is exactly the committed one", async () => {
    // After a new migration: vitest run test/server/store-schema -u
    await expect(await describeSchema(owner)).toMatchFileSnapshot("../../server/store/schema.sql");
  });

  test("is made once by processes that start together", async () => {
    const fresh = await testDatabase();
    const stores = await Promise.all([1, 2, 3].map(() => openStore(fresh.url, { log: silent })));
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from connection`.execute(
      stores[2]?.db ?? owner,
    );
    expect(rows).toEqual([{ n: 0 }]);
    await Promise.all(stores.map((each) => each.close()));
    await fresh.drop();
  });

  test("has the tenant first in every key, index and policy", async () => {
    const { rows } = await sql<{ table: string; column: string; kind: string }>`
      select c.relname as table, a.attname as column, case when i.indisunique then 'key' else 'index' end as kind
      from pg_index i join pg_class c on c.oid = i.indrelid
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where c.relnamespace = 'public'::regnamespace and c.relname not like 'kysely%' and c.relname <> 'tenant'
        and c.relname <> all(${sql.lit(`{${global.join(",")}}`)}::text[])`.execute(owner);
    expect(rows.length).toBeGreaterThan(15);
    // The questions that are asked across tenants: whose webhook is this, whose push, and which lanes, mails and slices of long work are due.
    const others = rows.filter(({ column }) => column !== "tenant_id").map(({ table, kind }) => `${kind} of ${table}`);
    expect(others.sort()).toEqual([
      "index of connection",
      "index of connection",
      "index of invitation",
      "index of lane",
      "index of mail",
      "index of member",
      "index of reconciliation",
      "index of task",
    ]);
  });

  test("T37: secures the rows of every table, for reading and for writing", async () => {
    const { rows } = await sql<{ name: string; safe: boolean }>`
      select c.relname as name, c.relrowsecurity and c.relforcerowsecurity and exists (
        select 1 from pg_policies p where p.tablename = c.relname and p.roles = '{stagewire_web}'
          and p.qual like '%app.tenant_id%' and p.with_check = p.qual) as safe
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname not like 'kysely%'`.execute(owner);
    expect(rows.length).toBeGreaterThan(16);
    expect(
      rows
        .filter(({ safe }) => !safe)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(global);
  });

  test("T37: keeps the web role wholly out of the tables that have no tenant to go by, secured as they are", async () => {
    const { rows } = await sql<{ name: string; secured: boolean; forced: boolean; may: boolean }>`
      select c.relname as name, c.relrowsecurity as secured, c.relforcerowsecurity as forced,
        has_any_column_privilege('stagewire_web', c.oid, 'select, insert, update, references')
          or has_table_privilege('stagewire_web', c.oid, 'delete, truncate, trigger') as may
      from pg_class c where c.relnamespace = 'public'::regnamespace
        and c.relname = any(${sql.lit(`{${[...global, "secret", "ring"].join(",")}}`)}::text[])`.execute(owner);
    expect(rows).toHaveLength(global.length + 2);
    expect(rows.filter(({ secured, forced, may }) => !secured || !forced || may)).toEqual([]);
  });

  test("T37: gives every policy both sides, what is seen and what is written, and nobody a way around them", async () => {
    const { rows } = await sql<{ name: string; policy: string; roles: string; using: string; check: string | null }>`
      select tablename as name, policyname as policy, roles::text, qual as using, with_check as check
      from pg_policies where schemaname = 'public' order by 1, 2`.execute(owner);
    expect(rows.length).toBeGreaterThan(40);
    // The audit log's owner may look for what is too old, and writes nothing.
    const oneSided = rows.filter(({ using, check }) => !using || using !== check).map(({ policy }) => policy);
    expect(oneSided).toEqual(["keeper_old"]);
    expect(rows.filter(({ roles }) => roles.includes("public"))).toEqual([]);
    const strong = await sql`select rolname from pg_roles where rolname like 'stagewire\_%' and
      (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`.execute(owner);
    expect(strong.rows).toEqual([]);
  });

  test("lets nobody but the owner near a partition: every way to its rows leads through the table's policies", async () => {
    const { rows } = await sql<{ name: string; rights: string | null }>`
      select c.relname as name, c.relacl::text as rights from pg_class c
      where c.relispartition and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`.execute(owner);
    expect(rows.length).toBeGreaterThan(16);
    expect(rows.filter(({ rights }) => rights !== null)).toEqual([]);
    for (const web of [true, false]) {
      const question = sql`select * from outbox_default`;
      const asked = web ? store.web(one, (trx) => question.execute(trx)) : question.execute(store.db);
      await expect(asked).rejects.toMatchObject({ code: "42501" });
    }
  });
});

describe("the web role", () => {
  test("sees its tenant's rows and no other's, whatever the query asks", async () => {
    const seen = await store.web(one, (trx) => trx.selectFrom("dataset").select("tenant_id").execute());
    expect(seen).toEqual([{ tenant_id: one }]);
    const asked = await store.web(one, (trx) =>
      trx.selectFrom("dataset").selectAll().where("tenant_id", "=", two).execute(),
    );
    expect(asked).toEqual([]);
  });

  test("changes its tenant's rows and no other's", async () => {
    await store.web(one, (trx) => trx.updateTable("dataset").set({ name: "changed" }).execute());
    const rows = await store.db.selectFrom("dataset").select(["tenant_id", "name"]).orderBy("name").execute();
    expect(rows).toEqual(
      [
        { tenant_id: one, name: "changed" },
        { tenant_id: two, name: "dst_1" },
      ].sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
    await expect(store.web(one, (trx) => row(trx, two, "dst_2").execute())).rejects.toMatchObject({ code: "42501" });
  });

  test("leaves nothing behind on its connection for the next transaction", async () => {
    for (let turn = 0; turn < 12; turn += 1) {
      const tenantId = turn % 2 ? one : two;
      const [seen, ...more] = await store.web(tenantId, (trx) => trx.selectFrom("tenant").select("id").execute());
      expect([seen?.id, more]).toEqual([tenantId, []]);
    }
    expect(await store.web("" as TenantId, (trx) => trx.selectFrom("tenant").select("id").execute())).toEqual([]);
  });

  test("reads neither secrets nor event keys nor what is global", async () => {
    const tables = ["secret", "ring", ...global].map((table) => `select * from ${table}`);
    for (const question of [...tables, "select event_key from tenant"])
      await expect(store.web(one, (trx) => sql.raw(question).execute(trx))).rejects.toMatchObject({ code: "42501" });
  });

  test("is refused when it could see everything", async () => {
    await expect(openStore(database.url, { log: silent, webUrl: database.url })).rejects.toMatchObject({
      code: "config_invalid",
    });
  });
});

describe("the workers' role", () => {
  test("sees every tenant and owns nothing", async () => {
    expect(await store.db.selectFrom("dataset").select("id").execute()).toHaveLength(2);
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from pg_class where relowner = 'stagewire_worker'::regrole`.execute(store.db);
    expect(rows).toEqual([{ n: 0 }]);
    await expect(sql`drop table ring`.execute(store.db)).rejects.toMatchObject({ code: "42501" });
  });
});

describe("the hand-written statements", () => {
  const folder = join(import.meta.dirname, "../../server/store/sql");
  const files = readdirSync(folder).map((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return { name, text: text.replaceAll(/--.*$/gm, "") };
  });

  test("name the tenant, except the one that looks for due lanes", () => {
    expect(files.length).toBeGreaterThan(15);
    const without = files.filter(
      ({ text }) => !/tenant_id = (\$1|[a-z]+\.tenant_id)|values \(\$1|select \$1/.test(text),
    );
    expect(without.map(({ name }) => name)).toEqual(["lane-candidates.sql"]);
  });

  test("keep to what every engine we want takes", () => {
    const forbidden = /\bnow\(\)|current_timestamp|advisory|listen |notify|for update|skip locked|nextval|;/i;
    expect(files.filter(({ text }) => forbidden.test(text)).map(({ name }) => name)).toEqual([]);
  });
});
