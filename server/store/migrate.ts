import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { statements as tables } from "./migrations/0001-tables.ts";
import { statements as storage } from "./migrations/0002-storage.ts";
import { statements as rowSecurity } from "./migrations/0003-row-security.ts";
import { security as problemSecurity, statements as problems } from "./migrations/0004-problems.ts";
import { statements as delivery } from "./migrations/0005-delivery.ts";
import { statements as people, security as peopleSecurity } from "./migrations/0006-people.ts";
import { security as viewSecurity, statements as views } from "./migrations/0007-deliveries.ts";
import { security as taskSecurity, statements as tasks } from "./migrations/0008-tasks.ts";
import { statements as settings, security as settingsSecurity } from "./migrations/0010-settings.ts";
import { statements as mapping } from "./migrations/0011-mapping.ts";
import { statements as setup, security as setupSecurity } from "./migrations/0012-setup.ts";
import { statements as standstill } from "./migrations/0013-standstill.ts";

/** What the engine can do; a distributed one may lack some. */
export interface Capabilities {
  readonly storageOptions: boolean;
  /** Roles and row-level security. Without it the web pool is the owner's and only the queries keep tenants apart. */
  readonly rowSecurity: boolean;
  /** Tables in partitions by day, which are dropped whole. Without it what is too old is deleted row by row. */
  readonly partitions: boolean;
}

/**
 * Brings the database to the newest version, or to the one that is named; processes that start together wait for one another.
 * Run by the owner.
 */
export async function migrate(db: Kysely<unknown>, can: Capabilities, to?: string): Promise<void> {
  const migrations: Record<string, Migration> = {
    "0001-tables": migration(tables),
    "0002-storage": migration(can.storageOptions ? storage : []),
    "0003-row-security": migration(can.rowSecurity ? rowSecurity : []),
    "0004-problems": migration([...problems, ...(can.rowSecurity ? problemSecurity : [])]),
    "0005-delivery": migration(delivery(can)),
    "0006-people": migration([...people, ...(can.rowSecurity ? peopleSecurity : [])]),
    "0007-deliveries": migration([...views, ...(can.rowSecurity ? viewSecurity : [])]),
    "0008-tasks": migration([...tasks, ...(can.rowSecurity ? taskSecurity : [])]),
    "0010-settings": migration([...settings, ...(can.rowSecurity ? settingsSecurity : [])]),
    "0011-mapping": migration(mapping),
    "0012-setup": migration([...setup, ...(can.rowSecurity ? setupSecurity : [])]),
    "0013-standstill": migration(standstill),
  };
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = to === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(to);
  if (error) throw error;
}

/** One statement per call: distributed engines take no more. Forward only. */
const migration = (statements: readonly string[]): Migration => ({
  up: async (db: Kysely<unknown>) => {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
});
