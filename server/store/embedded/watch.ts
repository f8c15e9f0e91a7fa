import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "../../../core/errors.ts";
import type { Log } from "../../../core/ports.ts";
import { holders, readLock } from "./lock.ts";
import { patienceMs, type Server } from "./serve.ts";

const lookEveryMs = 1_000;

/** Starts a server that died on us again, on the same port: the pools find it by themselves. */
export function watchServer(first: number, log: Log, restart: () => Promise<Server>): { end(): Promise<void> } {
  let pid = first;
  let reviving: Promise<void> | undefined;
  const timer = setInterval(() => {
    if (reviving || alive(pid)) return;
    log.error("the embedded PostgreSQL ended unexpectedly; starting it again", { pid });
    reviving = restart()
      .then((server) => {
        pid = server.pid;
        log.info("the embedded PostgreSQL runs again", { pid });
      })
      .catch((error: Error) => log.error("the embedded PostgreSQL did not start", { detail: error.message }))
      .finally(() => {
        reviving = undefined;
      });
  }, lookEveryMs).unref();
  return {
    end: async () => {
      clearInterval(timer);
      await reviving;
    },
  };
}

/** Fast shutdown of whoever serves the data directory; returns when nobody works there any more. */
export async function stopServer(cluster: string): Promise<void> {
  const pid = readLock(cluster)?.pid;
  if (pid === undefined || !holders(cluster).includes(pid)) return;
  process.kill(pid, "SIGINT");
  for (const until = Date.now() + patienceMs; holders(cluster).length > 0; await pause(5))
    if (Date.now() > until) throw new Failure("store_unavailable", `PostgreSQL (process ${pid}) does not stop`);
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
