import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { statements as tables } from "./migrations/0001-tables.ts";
import { statements as storage } from "./migrations/0002-storage.ts";
import { statements as rowSecurity } from "./migrations/0003-row-security.ts";

/** What the engine can do; a distributed one may lack some. */
export interface Capabilities {
  readonly storageOptions: boolean;
  /** Roles and row-level security. Without it the web pool is the owner's and only the queries keep tenants apart. */
  readonly rowSecurity: boolean;
}

/** Brings the database to the newest version; processes that start together wait for one another. Run by the owner. */
export async function migrate(db: Kysely<unknown>, can: Capabilities): Promise<void> {
  const migrations: Record<string, Migration> = {
    "0001-tables": migration(tables),
    "0002-storage": migration(can.storageOptions ? storage : []),
    "0003-row-security": migration(can.rowSecurity ? rowSecurity : []),
  };
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest();
  if (error) throw error;
}

/** One statement per call: distributed engines take no more. Forward only. */
const migration = (statements: readonly string[]): Migration => ({
  up: async (db: Kysely<unknown>) => {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
});
