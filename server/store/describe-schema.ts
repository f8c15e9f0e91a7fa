import { type Kysely, sql } from "kysely";

/**
 * The schema as text, the same on every run and every version of PostgreSQL: tables with columns and keys, indexes, storage
 * options, row security and rights. Committed as schema.sql, so that a change of a migration shows as a change of the schema.
 */
export async function describeSchema(db: Kysely<unknown>): Promise<string> {
  const tables = await sql<Table>`
    select c.oid::int, c.relname as name, c.relrowsecurity as secured, c.relforcerowsecurity as forced,
      array_to_string(c.reloptions, ', ') as options, pg_get_partkeydef(c.oid) as partitioned
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname not like 'kysely\\_%'
    order by c.relname`.execute(db);
  const described = await Promise.all(tables.rows.map((table) => describeTable(db, table)));
  return `-- Rendered from the migrated database; see test/server/store-schema.test.ts.\n\n${described.join("\n")}`;
}

interface Table {
  readonly oid: number;
  readonly name: string;
  readonly secured: boolean;
  readonly forced: boolean;
  readonly options: string | null;
  /** What its partitions are told by; they themselves come and go by day and are not described. */
  readonly partitioned: string | null;
}

async function describeTable(db: Kysely<unknown>, table: Table): Promise<string> {
  const { oid, name, secured, forced, options, partitioned } = table;
  const columns = await lines(
    db,
    sql`select format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' end, ' default ' || pg_get_expr(d.adbin, d.adrelid)) as line
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped order by a.attnum`,
  );
  // Since PostgreSQL 18 a column's "not null" is listed as a constraint as well.
  const constraints = await lines(
    db,
    sql`select format('  constraint %I %s', conname, pg_get_constraintdef(oid)) as line
      from pg_constraint where conrelid = ${oid} and contype <> 'n' order by contype desc, conname`,
  );
  const indexes = await lines(
    db,
    sql`select pg_get_indexdef(indexrelid) || ';' as line from pg_index
      where indrelid = ${oid} and indexrelid not in (select conindid from pg_constraint where conindid <> 0)
      order by indexrelid::regclass::text`,
  );
  const policies = await lines(
    db,
    sql`select format('create policy %I on %I to %s using %s with check %s;', policyname, tablename,
        array_to_string(roles, ', '), qual, with_check) as line
      from pg_policies where schemaname = 'public' and tablename = ${name} order by policyname`,
  );
  const rights = await lines(
    db,
    sql`select format('grant %s on %I to %I;', string_agg(lower(privilege_type), ', ' order by privilege_type),
        ${name}::text, grantee) as line
      from information_schema.role_table_grants
      where table_schema = 'public' and table_name = ${name} and grantee like 'stagewire\\_%'
      group by grantee order by grantee`,
  );
  const columnRights = await lines(
    db,
    sql`select format('grant %s (%s) on %I to %I;', lower(c.privilege_type), string_agg(c.column_name, ', ' order by
        c.column_name), ${name}::text, c.grantee) as line
      from information_schema.column_privileges c
      where c.table_schema = 'public' and c.table_name = ${name} and c.grantee like 'stagewire\\_%' and not exists (
        select 1 from information_schema.role_table_grants t where t.table_schema = c.table_schema
          and t.table_name = c.table_name and t.grantee = c.grantee and t.privilege_type = c.privilege_type)
      group by c.grantee, c.privilege_type order by c.grantee, c.privilege_type`,
  );
  const security = [
    ...(secured ? [`alter table ${name} enable row level security;`] : []),
    ...(forced ? [`alter table ${name} force row level security;`] : []),
  ];
  const head = `create table ${name} (\n${[...columns, ...constraints].join(",\n")}\n)${partitioned ? ` partition by ${partitioned.toLowerCase()}` : ""}${options ? ` with (${options})` : ""};`;
  return `${[head, ...indexes, ...security, ...policies, ...rights, ...columnRights].join("\n")}\n`;
}

async function lines(db: Kysely<unknown>, query: ReturnType<typeof sql>): Promise<readonly string[]> {
  const { rows } = await query.execute(db);
  return rows.map((row) => (row as { line: string }).line);
}
