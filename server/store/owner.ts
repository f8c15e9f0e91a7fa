import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";

/** Runs work as the owner of the tables, on a connection that is there for it alone. */
export type AsOwner = <T>(work: (db: Kysely<unknown>) => Promise<T>) => Promise<T>;

/**
 * The schema is changed by its owner: by migrations at the start, and where days become partitions. The roles that serve and
 * work own nothing, so that a hole in either opens no table; the owner's login is used for a moment and given back.
 */
export const asOwnerOf =
  (url: string): AsOwner =>
  async (work) => {
    const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 5_000 });
    pool.on("error", () => {}); // The work's own statement fails and says so.
    pool.on("connect", (client) => client.on("error", () => {})); // The same while it is lent, between two statements.
    try {
      return await work(new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) }));
    } finally {
      await pool.end();
    }
  };
