import { setTimeout as delay } from "node:timers/promises";
import { isFailure } from "../../core/errors.ts";
import { limits } from "../../core/meta/limits.ts";
import type { LaneReason, Lease, Outbox } from "../../core/outbox.ts";
import type { Clock, Log, Random } from "../../core/ports.ts";
import { nextTry } from "../../core/retry.ts";

export interface Lanes {
  /** Look now: something may have become due. */
  wake(): void;
  /** How many lanes are being worked on. */
  underWay(): number;
  /** Claims nothing more and waits for the work under way. */
  stop(): Promise<void>;
}

export interface LanesOptions {
  readonly kind: Lease["kind"];
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Lanes worked on at the same time. */
  readonly concurrency: number;
  /** Fewer of them for the moment: how many may be under way now. Absent: all. */
  readonly room?: () => number;
  readonly leaseMs: number;
  /** How often to look for due lanes when none are. */
  readonly lookEveryMs: number;
  /** Holds the lane longer while the work goes on. */
  readonly renew?: (lease: Lease, until: Date) => Promise<void>;
  /** Works on the lane and releases it; tells when it is due again. */
  readonly work: (lease: Lease) => Promise<Date | undefined>;
}

/**
 * The lease runner: claims due lanes and works on them, fair because the longest due comes first and every lane gives way
 * after its turn. A worker that dies holds its lanes only until their leases end.
 */
export function startLanes(options: LanesOptions): Lanes {
  const { kind, outbox, clock, log, concurrency, room, leaseMs, lookEveryMs } = options;
  const underWay = new Set<Promise<void>>();
  const stopped = new AbortController();
  let blind = false;
  /** There may be more that is due: nobody was free for it. */
  let more = false;
  let rouse = (): void => {};

  const loop = run();
  return {
    wake: () => rouse(),
    underWay: () => underWay.size,
    async stop() {
      stopped.abort();
      rouse();
      await loop;
      await Promise.all(underWay);
    },
  };

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      const asleep = sleep();
      const free = Math.min(concurrency, room?.() ?? concurrency) - underWay.size;
      const leases = free > 0 ? await claim(free) : [];
      for (const lease of leases) {
        const job: Promise<void> = work(options, lease, stopped.signal).then((dueAt) => {
          underWay.delete(job);
          if (more || (dueAt && dueAt <= clock.now())) rouse();
        });
        underWay.add(job);
      }
      more = leases.length >= free;
      await asleep;
    }
    rouse(); // no timer stays behind
  }

  async function claim(free: number): Promise<readonly Lease[]> {
    try {
      const leases = await outbox.claim(kind, clock.now(), free, leaseMs);
      if (blind) log.info("Looking for work again", { lane: kind });
      blind = false;
      return leases;
    } catch (error) {
      // Said once, however long it lasts.
      if (!blind) log.error(`Cannot look for work: ${describe(error)}`, { lane: kind });
      blind = true;
      return [];
    }
  }

  /** Until somebody wakes us or it is time to look again. */
  function sleep(): Promise<void> {
    rouse(); // ends the timer before
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, lookEveryMs);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

async function work(options: LanesOptions, lease: Lease, stopped: AbortSignal): Promise<Date | undefined> {
  const { log, work: job } = options;
  const renewal = keepRenewing(options, lease);
  try {
    return await job(lease);
  } catch (error) {
    const fields = { lane: lease.kind, [nameOf[lease.kind]]: lease.id };
    if (isFailure(error, "lease_lost")) {
      log.warn(error.message, fields);
      return undefined;
    }
    log.error(`Work on a lane failed: ${describe(error)}`, fields);
    return await giveBack(options, lease, isFailure(error) ? error.code : "unexpected", stopped).catch(
      (late: unknown) => {
        log.warn(`Could not give the lane back: ${describe(late)}`, fields); // the lease ends by itself
        return undefined;
      },
    );
  } finally {
    clearInterval(renewal);
  }
}
const nameOf = { read: "connection", send: "dataset", upkeep: "upkeep" } as const;

/** A database that restarts is back within seconds: sooner than the lease would end. */
const patienceMs = [0, 500, 1_000, 2_000, 4_000] as const;

async function giveBack(
  { outbox, clock, random }: LanesOptions,
  lease: Lease,
  why: LaneReason,
  stopped: AbortSignal,
): Promise<Date | undefined> {
  const attempts = lease.attempts + 1;
  let away: unknown;
  for (const waitMs of patienceMs) {
    if (waitMs > 0) await pause(waitMs, stopped);
    try {
      return await outbox.release(lease, { dueAt: nextTry(clock.now(), attempts, random), attempts, why }, clock.now());
    } catch (error) {
      away = error;
      if (stopped.aborted || !isFailure(error, "store_unavailable")) break;
    }
  }
  throw away;
}

/** Until then, or until the runner is stopped. */
async function pause(ms: number, stopped: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal: stopped }).catch(() => {}); // rejects only when stopped
}

/** A slow CRM or a large page takes longer than a lease: as long as we are at it nobody else begins. */
function keepRenewing({ renew, clock, leaseMs, log }: LanesOptions, lease: Lease): NodeJS.Timeout | undefined {
  if (!renew) return undefined;
  const giveUpAt = clock.now().getTime() + limits.longestWorkMs;
  const timer = setInterval(() => {
    const now = clock.now().getTime();
    if (now > giveUpAt) return clearInterval(timer);
    renew(lease, new Date(now + leaseMs)).catch((error: unknown) =>
      log.warn(`Could not hold a lane: ${describe(error)}`),
    );
  }, leaseMs / 3);
  return timer;
}

/** Our own failures tell their detail; of any other only its kind and place, since messages may quote data. */
function describe(error: unknown): string {
  if (isFailure(error)) return error.message;
  if (!(error instanceof Error)) return "unknown fault";
  const place = error.stack
    ?.split("\n")
    .find((line) => line.includes("file://"))
    ?.trim()
    .replace(/file:\/\/\S*?(core|connectors|server)\//, "$1/");
  return `${error.name} ${place ?? ""}`;
}
