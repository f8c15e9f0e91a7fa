import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import type pg from "pg";
import { Failure } from "../../core/errors.ts";
import type { Outbox } from "../../core/outbox.ts";
import type { Log } from "../../core/ports.ts";
import type { TenantId } from "../../core/types.ts";
import { type ErasedAmong, erasedReader } from "./erased.ts";
import { type Capabilities, migrate } from "./migrate.ts";
import { createOutbox, type OutboxOptions } from "./outbox.ts";
import { asOwnerOf } from "./owner.ts";
import { makePartitions, type PartitionedStore } from "./partitions.ts";
import { makePool, translatedPool } from "./pool.ts";
import { login, webRole, workerRole } from "./roles.ts";
import { type FindSettings, settingsReader } from "./settings.ts";
import type { Tables } from "./tables.ts";
import { translated } from "./unavailable.ts";

export interface Store extends PartitionedStore {
  readonly outbox: Outbox;
  /** What a connection is read by, and who of its people was erased: asked at every poll, so together for many. */
  readonly settings: FindSettings;
  readonly erasedAmong: ErasedAmong;
  /** The workers' role: sees every tenant, so every query names its own. */
  readonly db: Kysely<Tables>;
  /** The pool below `db`, for hand-written statements. */
  readonly pool: pg.Pool;
  /** The web role in one transaction that sees this tenant and no other. The only way to it. */
  web<T>(tenantId: TenantId, work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface StoreOptions extends OutboxOptions {
  readonly log: Log;
  /** Logins that the operator made, members of `stagewire_worker` and `stagewire_web`; absent: made and named by us. */
  readonly workerUrl?: string;
  readonly webUrl?: string;
  readonly capabilities?: Partial<Capabilities>;
  /** Connections of the workers' pool. */
  readonly connections?: number;
  /** The day whose partitions are to be there; absent: today. */
  readonly now?: Date;
}

/** Migrates the database at `url` (its owner's) and opens it. Throws `store_unavailable` or `config_invalid`. */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  const { log } = options;
  const can: Capabilities = { storageOptions: true, rowSecurity: true, partitions: true, ...options.capabilities };
  const asOwner = asOwnerOf(url);
  let [workerUrl, webUrl] = [url, url];
  try {
    if (can.rowSecurity) {
      workerUrl = await login(url, workerRole, options.workerUrl);
      webUrl = await login(url, webRole, options.webUrl);
    } else log.warn("row-level security is off: only the queries keep tenants apart");
    await asOwner(async (owner) => {
      await migrate(owner, can);
      if (can.partitions) await makePartitions(owner, options.now ?? new Date());
    });
  } catch (error) {
    throw translated(error);
  }
  const working = { connections: options.connections ?? 10, statementMs: 30_000, lockMs: 2_000, plansOnce: true };
  const pool = makePool(workerUrl, working, log);
  const webPool = makePool(webUrl, { connections: 10, statementMs: 5_000, lockMs: 2_000 }, log);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: translatedPool(pool) }) });
  const webDb = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: translatedPool(webPool) }) });
  const close = async () => {
    await Promise.all([pool.end(), webPool.end()]);
  };
  if (can.rowSecurity) await refuseStrongRole(webDb).catch((error) => close().then(() => Promise.reject(error)));
  return {
    outbox: createOutbox(pool, options),
    settings: settingsReader(db),
    erasedAmong: erasedReader(db),
    db,
    pool,
    partitions: can.partitions,
    asOwner,
    web: (tenantId, work) =>
      webDb.transaction().execute(async (trx) => {
        await sql`select set_config('app.tenant_id', ${tenantId}, true)`.execute(trx);
        return work(trx);
      }),
    close,
  };
}

/** A role that skips row security would show one customer's rows to another. */
async function refuseStrongRole(webDb: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ strong: boolean }>`
    select rolsuper or rolbypassrls as strong from pg_roles where rolname = current_user`.execute(webDb);
  if (rows[0]?.strong !== false)
    throw new Failure("config_invalid", "the web login is a superuser or bypasses row-level security");
}
