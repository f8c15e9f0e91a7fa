import { rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { Failure } from "../../../core/errors.ts";
import { owner } from "./cluster.ts";
import { freePort, type Launched, launch } from "./launch.ts";
import { holders, type LockFile, lockPath, readLock } from "./lock.ts";
import type { Place } from "./place.ts";

export interface Server extends Where {
  readonly pid: number;
  readonly adopted: boolean;
}

/** Where a server is reached: over its socket, where it has one. */
type Where = Pick<LockFile, "port" | "socketDir">;

/** How long a server may take to start, to recover or to stop. */
export const patienceMs = 60_000;
/** A port that was free can be taken before the server has it. */
const launches = 3;

/**
 * Looks who works in the data directory until a server answers. Nobody: start one. The process that the lock file names:
 * adopt it once it takes connections (it may still recover). Others: a dead server's backends on their way out, look again.
 */
export async function serve(place: Place, password: string, port?: number): Promise<Server> {
  const until = Date.now() + patienceMs;
  let own: Launched | undefined;
  for (let started = 0; Date.now() < until; await pause(10)) {
    // The lock first: whoever wrote it worked here already, so that one missing among the holders is dead.
    const lock = readLock(place.cluster);
    const here = holders(place.cluster);
    if (lock?.ready && here.includes(lock.pid) && (await answers(lock, password)))
      return { ...lock, adopted: lock.pid !== own?.pid };
    if (here.length > 0 || (own && !own.ended())) continue;
    if (own && started === launches) throw new Failure("store_unavailable", `PostgreSQL did not start: ${own.words()}`);
    const target = port ?? (await freePort());
    if (readLock(place.cluster)?.pid !== lock?.pid) continue; // Another process was faster.
    rmSync(lockPath(place.cluster), { force: true });
    own = launch(place, target);
    started += 1;
  }
  const who = holders(place.cluster).join(", ");
  throw new Failure("store_unavailable", `${place.cluster} is held by process ${who}, which takes no connections`);
}

export const address = ({ port, socketDir }: Where, password: string): string =>
  `postgres://${owner}:${password}@127.0.0.1:${port}/postgres${socketDir ? `?host=${encodeURIComponent(socketDir)}` : ""}`;

/** False while it starts, recovers or shuts down. */
async function answers(where: Where, password: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: address(where, password), connectionTimeoutMillis: 2_000 });
  client.on("error", () => {}); // A server that goes away while we look is no answer, and connect() says so too.
  try {
    await client.connect();
    return true;
  } catch (cause) {
    if ((cause as { code?: string }).code !== "28P01") return false;
    throw new Failure("config_invalid", "PostgreSQL refuses the password in postgres-password: restore that file", {
      cause,
    });
  } finally {
    await client.end().catch(() => {}); // Nothing is lost with a connection that only asked.
  }
}
