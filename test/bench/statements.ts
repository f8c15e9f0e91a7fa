import type { Database } from "./server.ts";

/** Settings of a server whose statements can be counted. */
export const countingStatements = {
  shared_preload_libraries: "'pg_stat_statements'",
  "pg_stat_statements.track_planning": "on",
} as const;

export interface Asked {
  readonly statement: string;
  readonly calls: number;
  /** Planned and carried out. */
  readonly us: number;
}
export interface Statements {
  reset(): Promise<void>;
  /** What this database was asked since, the costliest first; not what the bench itself asks. */
  costliest(): Promise<readonly Asked[]>;
}

export async function countStatements({ owner }: Database): Promise<Statements> {
  await owner("create extension pg_stat_statements");
  return {
    reset: async () => void (await owner("select pg_stat_statements_reset()")),
    async costliest() {
      const rows = await owner(`select regexp_replace(query, '(--[^\\n]*|[[:space:]])+', ' ', 'g') as statement,
          calls::float8 as calls, ((total_exec_time + total_plan_time) * 1000)::float8 as us
        from pg_stat_statements join pg_database d on d.oid = dbid and d.datname = current_database()
        join pg_roles r on r.oid = userid and r.rolname <> current_user order by us desc`);
      return rows.map(({ statement, calls, us }) => ({
        statement: String(statement).trim(),
        calls: Number(calls),
        us: Number(us),
      }));
    },
  };
}
