import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { Log } from "../../core/ports.ts";
import { holders, readLock } from "../../server/store/embedded/lock.ts";
import { startEmbedded } from "../../server/store/embedded/start.ts";
import { openStore, type Store, type StoreOptions } from "../../server/store/open.ts";

export const quiet: Log = { info: () => {}, warn: () => {}, error: (message) => console.error(message) };

/** A PostgreSQL server for a while. */
export interface Server {
  /** Its owner's address. */
  readonly url: string;
  /** CPU time of all its processes so far, in microseconds; undefined where that cannot be seen. */
  cpuUs(): number | undefined;
  stop(): Promise<void>;
}

/** What must not be left behind, whatever happens to the bench. */
const running = new Set<Server>();
export const stopServers = (): Promise<unknown> => Promise.all([...running].map((server) => server.stop()));

/**
 * The embedded PostgreSQL, in a temporary folder. `preload`: a library that its processes load first; `settings`: others than
 * the product's.
 */
export async function embeddedServer(
  how: { readonly preload?: string; readonly settings?: Readonly<Record<string, string>> } = {},
): Promise<Server> {
  const dataDir = temporaryFolder();
  if (how.settings) await withSettings(dataDir, how.settings);
  if (how.preload) process.env.LD_PRELOAD = how.preload;
  const embedded = await startEmbedded({ dataDir, log: quiet }).finally(() => delete process.env.LD_PRELOAD);
  const server: Server = {
    url: embedded.url,
    cpuUs: () => cpuOf(join(dataDir, "postgres")),
    async stop() {
      running.delete(server);
      await embedded.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  running.add(server);
  return server;
}

/** Settings that need a start: made once, and the server is left for the next start to find them. */
async function withSettings(dataDir: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const { url, stop } = await startEmbedded({ dataDir, log: quiet });
  for (const [name, value] of Object.entries(settings)) await once(url, `alter system set ${name} = ${value}`);
  await stop();
}

/** Somebody else's server: only databases of our own are made there, and dropped again. */
export const givenServer = (url: string): Server => ({ url, cpuUs: () => undefined, stop: async () => {} });

/** Of a store, as the server has them. */
export const connections = 16;
export const lingerMs = 100;

export interface Database {
  readonly url: string;
  readonly store: Store;
  /** A statement as the owner, without a time limit: for set-ups. */
  owner(statement: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** An empty database of its own on this server, migrated and opened. */
export async function freshDatabase(server: Server, options: Partial<StoreOptions> = {}): Promise<Database> {
  const name = `stagewire_bench_${randomBytes(6).toString("hex")}`;
  await once(server.url, `create database ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const store = await openStore(url.href, { log: quiet, connections, ...options });
  const owner = new pg.Client({ connectionString: url.href });
  owner.on("error", () => {}); // The statement under way fails and says so.
  await owner.connect();
  return {
    url: url.href,
    store,
    owner: async (statement, values = []) => (await owner.query(statement, [...values])).rows,
    async drop() {
      await store.close();
      await owner.end();
      await once(server.url, `drop database ${name} with (force)`);
    },
  };
}

/**
 * Many rows like the one row of `table` that `where` finds, or like all of them. `columns`: what is different, as SQL over `n`,
 * the number of the copy from 1. Whatever else the table has is copied, so that set-ups outlive migrations.
 */
export async function multiply(
  { owner }: Database,
  table: string,
  where: string,
  copies: string,
  columns: Readonly<Record<string, string>>,
  likes: 1 | "all" = 1,
): Promise<void> {
  const all = await owner("select column_name as name from information_schema.columns where table_name = $1", [table]);
  const names = all.map(({ name }) => String(name));
  const values = names.map((name) => columns[name] ?? `like_this.${name}`);
  await owner(`insert into ${table} (${names.join(", ")})
    select ${values.join(", ")} from (select * from ${table} where ${where} limit ${likes}) like_this, ${copies}`);
}

/** One that PostgreSQL's account can enter too when we run as root. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "stagewire-bench-"));
  chmodSync(dir, 0o711);
  return dir;
}

async function once(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

const microsecondsPerTick = 10_000;

/** proc(5): of /proc/<pid>/stat, fields 14 to 17 are own and waited-for children's ticks; the postmaster waits for backends. */
function cpuOf(cluster: string): number | undefined {
  if (process.platform !== "linux") return undefined;
  const postmaster = readLock(cluster)?.pid;
  let ticks = 0;
  for (const pid of holders(cluster)) {
    const fields = statOf(pid);
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
    if (pid === postmaster) ticks += Number(fields[13] ?? 0) + Number(fields[14] ?? 0);
  }
  return ticks * microsecondsPerTick;
}

/** The fields after the name. */
function statOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  } catch {
    return []; // ended since it was listed: its ticks are with the postmaster
  }
}
