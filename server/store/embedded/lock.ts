import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** What a running server wrote about itself into `postmaster.pid`. */
export interface LockFile {
  readonly pid: number;
  readonly port: number;
  /** Folder of its Unix socket; none where the path would be too long. */
  readonly socketDir?: string;
  /** Line 8. Stays `ready` while a crashed server recovers, so it proves nothing by itself. */
  readonly ready: boolean;
}

export const lockPath = (cluster: string): string => join(cluster, "postmaster.pid");

export function readLock(cluster: string): LockFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(lockPath(cluster), "utf8").split("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const socketDir = lines[4]?.trim();
  return {
    pid: Number(lines[0]),
    port: Number(lines[3]),
    ...(socketDir && { socketDir }),
    ready: lines[7]?.trim() === "ready",
  };
}

/**
 * The living processes that work in this data directory: postgres and its backends change into it. Signal 0 is no proof, it
 * also reaches zombies and strangers that got a dead server's number.
 */
export function holders(cluster: string): readonly number[] {
  if (process.platform !== "linux") return holderByList(cluster);
  const folder = realpathSync(cluster);
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && worksIn(pid, folder));
}

function worksIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder && !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // Ended meanwhile, or of another user: not ours.
    return false;
  }
}

/** Where there is no /proc: the process that the lock file names, if it lives and is a postgres. */
function holderByList(cluster: string): readonly number[] {
  const lock = readLock(cluster);
  if (!lock) return [];
  const [command, args] =
    process.platform === "win32"
      ? (["tasklist", ["/FI", `PID eq ${lock.pid}`, "/NH"]] as const)
      : (["ps", ["-o", "stat=,comm=", "-p", String(lock.pid)]] as const);
  const listed = spawnSync(command, args, { encoding: "utf8" }).stdout.trim();
  return /postgres/.test(listed) && !/^Z/.test(listed) ? [lock.pid] : [];
}
