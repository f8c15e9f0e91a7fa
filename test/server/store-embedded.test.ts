import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import { reachable } from "../../server/store/embedded/account.ts";
import { copyBinaries, findBinaries, program } from "../../server/store/embedded/binaries.ts";
import { prepareCluster } from "../../server/store/embedded/cluster.ts";
import { choosePlace } from "../../server/store/embedded/place.ts";
import { serve } from "../../server/store/embedded/serve.ts";
import { type Embedded, startEmbedded } from "../../server/store/embedded/start.ts";
import { openStore } from "../../server/store/open.ts";
import { silent, temporaryFolder } from "../postgres.ts";

let dir: string;
let started: Embedded[];
const start = async (dataDir = dir) => {
  const server = await startEmbedded({ dataDir, log: silent });
  started.push(server);
  return server;
};
const pidFile = () => join(dir, "postgres/postmaster.pid");
const ask = async (url: string, question: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(question)).rows[0];
  } finally {
    await client.end();
  }
};

beforeEach(async () => {
  dir = await temporaryFolder();
  started = [];
});
afterEach(async () => {
  for (const server of started) await server.stop();
  await rm(dir, { recursive: true });
});

describe("the embedded PostgreSQL", () => {
  test("starts on the loopback address, keeps what it is given, and is adopted while it runs", async () => {
    const first = await start();
    expect(first.adopted).toBe(false);
    await ask(first.url, "create table kept (n int)");
    const second = await start();
    expect([second.adopted, second.url]).toEqual([true, first.url]);
    await second.stop();
    await expect(ask(first.url, "select 1")).rejects.toMatchObject({ code: "ENOENT" });
    const third = await start();
    expect(third.adopted).toBe(false);
    expect(await ask(third.url, "select count(*)::int as n from kept")).toEqual({ n: 0 });
    const settings = "select current_setting('listen_addresses') as at, current_setting('fsync') as fsync";
    expect(await ask(third.url, settings)).toEqual({ at: "127.0.0.1", fsync: "on" });
  });

  test("lets nobody in without the password, which only we can read", async () => {
    const { url } = await start();
    expect(statSync(join(dir, "postgres-password")).mode & 0o777).toBe(0o600);
    const open = new URL(url);
    open.password = "guessed";
    await expect(ask(open.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
  });

  test("starts over a stale lock file whose process number belongs to somebody else by now", async () => {
    await (await start()).stop();
    writeFileSync(pidFile(), `${process.pid}\n${dir}/postgres\n0\n5432\n\n127.0.0.1\n\nready   \n`);
    expect((await start()).adopted).toBe(false);
  });

  test("starts again over what a cut-short initdb left", async () => {
    mkdirSync(join(dir, `postgres-draft-${process.pid}`));
    writeFileSync(join(dir, `postgres-draft-${process.pid}/PG_VERSION`), "18\n");
    writeFileSync(join(dir, "postgres-password"), "");
    const { url } = await start();
    expect(new URL(url).password.length).toBeGreaterThan(20);
  });

  test("is started once when several processes ask at the same moment", async () => {
    await (await start()).stop();
    const servers = await Promise.all([start(), start(), start()]);
    expect(new Set(servers.map(({ url }) => url)).size).toBe(1);
    expect(servers.filter(({ adopted }) => !adopted).length).toBeLessThanOrEqual(1);
  });

  test("outlives the process that started it", async () => {
    const writer = spawn(process.execPath, [join(import.meta.dirname, "store-kill-writer.ts"), dir, "0"]);
    await once(writer.stdout, "data");
    writer.kill("SIGKILL");
    await once(writer, "exit");
    expect((await start()).adopted).toBe(true);
  });

  test("is started again, on the same port, when it dies", async () => {
    const revived = Promise.withResolvers<void>();
    const log = { ...silent, info: () => revived.resolve() };
    const server = await startEmbedded({ dataDir: dir, log });
    started.push(server);
    const [pid] = readFileSync(pidFile(), "utf8").split("\n");
    process.kill(Number(pid), "SIGKILL");
    await revived.promise;
    expect(await ask(server.url, "select 1 as n")).toEqual({ n: 1 });
  });

  test("leaves a store that is open usable: it fails by name while the server is gone, and goes on when it is back", async () => {
    const server = await start();
    await server.leave();
    const store = await openStore(server.url, { log: silent });
    const ask = () => [
      store.outbox.claim("read", new Date(), 1, 1_000),
      store.outbox.ring("ten_1" as TenantId, "con_1" as ConnectionId, "all", new Date()),
      store.db.selectFrom("tenant").select("id").execute(),
      store.web("ten_1" as TenantId, (trx) => trx.selectFrom("tenant").select("id").execute()),
    ];
    const codes = async () =>
      (await Promise.allSettled(ask())).map((result) => (result.status === "rejected" ? result.reason.code : "fine"));
    expect(await codes()).toEqual(["fine", "not_found", "fine", "fine"]);
    await server.stop();
    expect(await codes()).toEqual(Array.from({ length: 4 }, () => "store_unavailable"));
    const place = choosePlace(dir, silent);
    await serve(place, prepareCluster(place), Number(new URL(server.url).port));
    expect(await codes()).toEqual(["fine", "not_found", "fine", "fine"]);
    await store.close();
  });

  test("says what is missing when the password file is gone, and touches nothing", async () => {
    await (await start()).stop();
    rmSync(join(dir, "postgres-password"));
    await expect(startEmbedded({ dataDir: dir, log: silent })).rejects.toMatchObject({ code: "config_invalid" });
    expect(existsSync(join(dir, "postgres/PG_VERSION"))).toBe(true);
    expect(existsSync(join(dir, "postgres-password"))).toBe(false);
    started = [];
  });

  test("says why it could not start", async () => {
    await (await start()).stop();
    writeFileSync(join(dir, "postgres/PG_VERSION"), "9.1\n");
    await expect(startEmbedded({ dataDir: dir, log: silent })).rejects.toThrow(/did not start: .*version/s);
    started = [];
  });
});

test("a copy of the programs runs by itself", () => {
  const copy = copyBinaries(findBinaries(), join(dir, "programs"));
  const { stdout } = spawnSync(program(copy, "postgres"), ["--version"], { encoding: "utf8" });
  expect(stdout).toMatch(/PostgreSQL\) 18\./);
});

describe.runIf(process.getuid?.() === 0)("as root", () => {
  test("PostgreSQL runs under another account", async () => {
    await start();
    expect(statSync(join(dir, "postgres")).uid).not.toBe(0);
  });

  test("data in a folder that the account cannot enter lives in the system's state folder", async () => {
    const hidden = join(dir, "home");
    mkdirSync(hidden, { mode: 0o700 });
    const told: string[] = [];
    const log = { ...silent, warn: (_: string, fields?: { detail?: unknown }) => told.push(String(fields?.detail)) };
    const server = await startEmbedded({ dataDir: join(hidden, "data"), log });
    started.push(server);
    const [elsewhere = ""] = told;
    expect(await ask(server.url, "select 1 as n")).toEqual({ n: 1 });
    await server.stop();
    expect(existsSync(join(elsewhere, "postgres/PG_VERSION"))).toBe(true);
    await rm(elsewhere, { recursive: true });
  });

  test("a folder is reachable only when every folder above it lets the account pass", () => {
    const account = { uid: 65_534, gid: 65_534 };
    mkdirSync(join(dir, "a/b"), { recursive: true });
    chmodSync(join(dir, "a"), 0o755);
    expect(reachable(join(dir, "a/b"), account)).toBe(true);
    chmodSync(join(dir, "a"), 0o700);
    expect(reachable(join(dir, "a/b"), account)).toBe(false);
    expect(reachable(join(dir, "a/b"), undefined)).toBe(true);
  });
});
