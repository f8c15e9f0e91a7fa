import { readFileSync } from "node:fs";
import { join } from "node:path";
import { holders, readLock } from "../../server/store/embedded/lock.ts";
import { address } from "../../server/store/embedded/serve.ts";

/** Kills by number, if it is still there. */
export function killProcess(pid: number | undefined, signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0) && !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false; // no such process any more
  }
};

export const clusterOf = (dataDir: string): string => join(dataDir, "postgres");

/** The process that the embedded PostgreSQL of this data folder names as its first, if it is one that lives. */
export function databasePid(dataDir: string): number | undefined {
  const pid = readLock(clusterOf(dataDir))?.pid;
  return pid !== undefined && databaseProcesses(dataDir).includes(pid) ? pid : undefined;
}

/** The embedded PostgreSQL and its backends. */
export function databaseProcesses(dataDir: string): readonly number[] {
  try {
    return holders(clusterOf(dataDir));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return []; // it was never made
    throw error;
  }
}

/** The owner's address, while it runs. */
export function databaseUrl(dataDir: string): string | undefined {
  const lock = readLock(clusterOf(dataDir));
  return lock && address(lock, readFileSync(join(dataDir, "postgres-password"), "utf8"));
}
