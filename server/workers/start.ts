import type { Breakers } from "../../core/breaker.ts";
import { limits } from "../../core/meta/limits.ts";
import type { Lease } from "../../core/outbox.ts";
import type { Config } from "../config.ts";
import { renewLease } from "../store/lanes.ts";
import { type Lanes, startLanes } from "./lanes.ts";
import { type ReadingParts, reading } from "./reading.ts";
import { type SendingParts, sending } from "./sending.ts";
import { type Chores, openChores, upkeep } from "./upkeep.ts";

export interface WorkersParts extends SendingParts, Omit<ReadingParts, "wakeSender" | "store"> {
  readonly roles: Config["ROLES"];
  readonly breakers: Breakers;
  readonly chores: Chores;
}

export interface Workers {
  /** A lane of this kind has become due: look now. */
  wake(kind: Lease["kind"]): void;
  /** How many lanes of each kind are being worked on here. */
  underWay(): Readonly<Partial<Record<Lease["kind"], number>>>;
  /** Claims nothing more and waits for the work under way. */
  stop(): Promise<void>;
}

const lookEveryMs = 250;

/** One lease runner for each kind of lane that this process's roles name. */
export async function startWorkers({ roles, chores, ...parts }: WorkersParts): Promise<Workers> {
  const { store, outbox, clock, random, log, breakers } = parts;
  const runner = {
    outbox,
    clock,
    random,
    log,
    lookEveryMs,
    leaseMs: limits.leaseMs,
    renew: (lease: Lease, until: Date) => renewLease(store.db, lease, until),
  };
  const lanes: Partial<Record<Lease["kind"], Lanes>> = {};
  const wake: Workers["wake"] = (kind) => lanes[kind]?.wake();
  if (roles.includes("deliver"))
    lanes.send = startLanes({
      ...runner,
      kind: "send",
      concurrency: limits.sendingLanes,
      room: breakers.room,
      work: sending(parts),
    });
  if (roles.includes("ingest"))
    lanes.read = startLanes({
      ...runner,
      kind: "read",
      concurrency: limits.readingLanes,
      work: reading({ ...parts, wakeSender: () => wake("send") }),
    });
  if (roles.includes("upkeep")) {
    await openChores(store, chores, clock.now());
    lanes.upkeep = startLanes({
      ...runner,
      kind: "upkeep",
      concurrency: 2,
      lookEveryMs: 1_000,
      work: upkeep(chores, runner),
    });
  }
  return {
    wake,
    underWay: () => Object.fromEntries(Object.entries(lanes).map(([kind, each]) => [kind, each.underWay()])),
    async stop() {
      await Promise.all(Object.values(lanes).map((each) => each.stop()));
    },
  };
}
