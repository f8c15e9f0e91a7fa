import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import type { Log } from "../core/ports.ts";
import { startEmbedded } from "../server/store/embedded/start.ts";
import { openStore, type Store, type StoreOptions } from "../server/store/open.ts";
import type {} from "./postgres-setup.ts";

export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

export interface TestDatabase {
  /** The owner's address of an empty database of its own. */
  readonly url: string;
  /** Migrated and opened; closed with the database. */
  open(options?: Partial<StoreOptions>): Promise<Store>;
  drop(): Promise<void>;
}

/**
 * A real PostgreSQL: the server at TEST_DATABASE_URL (its owner's address, with a password), else the run's embedded one, else
 * (without the global setup) one of this file's own.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = await testServer();
  const name = `test_${randomBytes(8).toString("hex")}`;
  await asOwner(server.url, `create database ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const stores: Store[] = [];
  return {
    url: url.href,
    open: async (options) => {
      const store = await openStore(url.href, { log: silent, connections: 5, ...options });
      stores.push(store);
      return store;
    },
    drop: async () => {
      await Promise.all(stores.map((store) => store.close()));
      // Who is just leaving is waited for by PostgreSQL (5 s): thrown out, they would end the test with an error that nobody awaits.
      await asOwner(server.url, `drop database ${name}`).catch((error: { code?: string }) => {
        if (error.code !== "55006") throw error;
        return asOwner(server.url, `drop database ${name} with (force)`);
      });
      await server.stop();
    },
  };
}

async function testServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const shared = inject("postgresDir");
  if (shared) {
    const { url, leave } = await startEmbedded({ dataDir: shared, log: silent });
    return { url, stop: leave };
  }
  const dir = await temporaryFolder();
  const own = await startEmbedded({ dataDir: dir, log: silent });
  return {
    url: own.url,
    stop: async () => {
      await own.stop();
      await rm(dir, { recursive: true });
    },
  };
}

/** A folder that PostgreSQL's account can enter too when the tests run as root. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "stagewire-test-"));
  await chmod(dir, 0o711);
  return dir;
}

async function asOwner(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
