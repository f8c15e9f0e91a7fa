import { spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync, truncateSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { program } from "./binaries.ts";
import type { Place } from "./place.ts";

const settings = {
  listen_addresses: "127.0.0.1",
  shared_buffers: "64MB",
  max_connections: "200",
  // Containers give little shared memory, and no query here is large enough to gain from either.
  max_parallel_workers_per_gather: "0",
  jit: "off",
  log_min_messages: "fatal",
  timezone: "UTC",
} as const;

export interface Launched {
  readonly pid: number;
  ended(): boolean;
  /** The end of what the server said: why it did not start. */
  words(): string;
}

/**
 * Starts postgres in a session of its own, its words in a file: it outlives this process, so that after a crash of ours the
 * next start finds it alive. A stale lock file must be gone.
 */
export function launch(place: Place, port: number): Launched {
  const words = openSync(place.logFile, "a", 0o600);
  if (fstatSync(words).size > 1_000_000) truncateSync(place.logFile);
  const before = fstatSync(words).size;
  const sockets = { unix_socket_directories: socketDirOf(place.cluster, port), unix_socket_permissions: "0700" };
  const flags = Object.entries({ ...settings, ...sockets }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(program(place.binaries, "postgres"), ["-D", place.cluster, "-p", String(port), ...flags], {
    ...place.account,
    cwd: place.cluster,
    detached: true,
    stdio: ["ignore", words, words],
  });
  closeSync(words);
  let failed = "";
  child.once("error", (error) => {
    failed = error.message;
  });
  child.unref();
  return {
    pid: child.pid ?? -1,
    ended: () => failed !== "" || child.exitCode !== null || child.signalCode !== null,
    words: () => failed || readFileSync(place.logFile, "utf8").slice(before).trim().slice(-1000),
  };
}

/** A statement over a socket costs a quarter less than over loopback. Its path has room for 107 bytes (`man 7 unix`). */
function socketDirOf(cluster: string, port: number): string {
  const path = join(cluster, `.s.PGSQL.${port}`);
  return process.platform !== "win32" && Buffer.byteLength(path) < 108 && !cluster.includes(",") ? cluster : "";
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
