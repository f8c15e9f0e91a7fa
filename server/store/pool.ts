import type { PostgresPool } from "kysely";
import pg from "pg";
import type { Log } from "../../core/ports.ts";
import { translated } from "./unavailable.ts";

export interface Limits {
  readonly connections: number;
  readonly statementMs: number;
  readonly lockMs: number;
  /** Named statements are planned once per connection, never again for the values at hand: planning costs more than running. */
  readonly plansOnce?: boolean;
}

/**
 * Such plans are made while nothing is known yet of how large tables become: where a key leads to the rows, it is used. Where none
 * does, PostgreSQL before 18 thinks a plan so costly that it would compile it each time.
 */
const plannedOnce = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off";

const int8 = 20;
const date = 1082;

/**
 * A pool whose connections send statements without waiting for the answers before, whose numbers are numbers (ours stay below
 * 2^53) and whose days are text.
 */
export function makePool(url: string, limits: Limits, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    pipeline: true,
    max: limits.connections,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: limits.statementMs,
    lock_timeout: limits.lockMs,
    idle_in_transaction_session_timeout: 5_000,
    application_name: "stagewire",
    ...(limits.plansOnce && { options: plannedOnce }),
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === int8 ? Number : oid === date ? String : pg.types.getTypeParser(oid, format ?? "text"),
    },
  });
  pool.on("error", (error) => {
    if (!pool.ending) log.warn("a database connection was lost", { detail: error.message });
  });
  // While it is lent the pool does not listen; its query fails as well and says so to the caller.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** The pool as Kysely takes it, with failures of the catalogue. Its statements have names, so that they too are planned once. */
export function translatedPool(pool: pg.Pool): PostgresPool {
  const guarded = async <T>(result: Promise<T>): Promise<T> => {
    try {
      return await result;
    } catch (error) {
      throw translated(error);
    }
  };
  const names = statementNames();
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await guarded(pool.connect());
      let outdated = false;
      return Object.assign(Object.create(null), {
        query: (text: string, values: unknown[]) =>
          guarded(
            client.query({ ...names(text), text, values }).catch((error: unknown) => {
              outdated ||= isOutdated(error);
              throw error;
            }),
          ),
        release: (destroy?: boolean) => client.release(outdated || destroy),
      });
    },
  };
}

/** A newer version changed a table while its statement was planned here: a new connection plans it anew. */
const isOutdated = (error: unknown): boolean => (error as { code?: unknown }).code === "0A000";

/** A name for each text, the same in all connections; none for further ones once there are very many. */
function statementNames(most = 500): (text: string) => { readonly name?: string } {
  const names = new Map<string, string>();
  return (text) => {
    const name = names.get(text) ?? (names.size < most ? `k${names.size}` : undefined);
    if (name === undefined) return {};
    names.set(text, name);
    return { name };
  };
}
