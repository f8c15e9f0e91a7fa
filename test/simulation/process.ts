import { type Breakers, createBreakers } from "../../core/breaker.ts";
import { isFailure } from "../../core/errors.ts";
import { limits } from "../../core/meta/limits.ts";
import type { Lease, Outbox } from "../../core/outbox.ts";
import type { Clock } from "../../core/ports.ts";
import { nextTry } from "../../core/retry.ts";
import type { Plant } from "./bug.ts";
import { type Dice, diceOf } from "./chance.ts";
import type { Faults } from "./faults.ts";
import type { Turn } from "./turn.ts";
import { wiresOf } from "./wires.ts";
import type { Witness } from "./witness.ts";
import { type Duties, dutiesOf } from "./work.ts";
import type { World } from "./world.ts";
import { type Actor, toStore, type YieldPoint } from "./yield-point.ts";

export interface Process extends Actor {
  /** Something may have become due. */
  rouse(): void;
}

export interface ProcessParts {
  readonly world: World;
  readonly witness: Witness;
  readonly yieldPoint: YieldPoint;
  readonly plant: Plant;
  readonly faults: Faults;
  died(): void;
  /** Something was written. */
  wrote(): void;
}

const kinds = ["read", "send", "upkeep"] as const;
/** How soon it looks again when there is no room for more. */
const noRoomMs = 2_000;
/** A database that restarts is back within seconds: sooner than the lease would end. */
const patienceMs = [0, 500, 1_000, 2_000, 4_000] as const;

/** One process of ours: claims lanes and works on them until it dies, as server/workers does. */
export function startProcess(name: string, skewMs: number, parts: ProcessParts): Process {
  const { world, witness, yieldPoint, plant } = parts;
  const { time, store, plan } = world;
  const clock: Clock = { now: () => new Date(time.now() + skewMs) };
  const plain = createBreakers(clock);
  const breakers: Breakers = plant.breakers?.(plain) ?? plain;
  const duties: Duties = dutiesOf(world, { clock, breakers, plant });
  const busy = { read: 0, send: 0, upkeep: 0 };
  const never = Number.POSITIVE_INFINITY;
  const looks = { read: never, send: never, upkeep: never };
  const dice = diceOf(plan.seed, name);
  let alive = true;

  const actor: Process = {
    name,
    get alive() {
      return alive;
    },
    die() {
      if (!alive) return;
      alive = false;
      parts.died();
    },
    rouse() {
      for (const kind of kinds) planLook(kind);
    },
  };
  return actor;

  /** When the first lane is due by this process's clock; looking earlier would find nothing. */
  function nextDue(kind: Lease["kind"]): number {
    let due = never;
    for (const lane of store.lanes())
      if (lane.kind === kind && lane.dueAt)
        due = Math.min(due, Math.max(lane.dueAt.getTime(), lane.leaseUntil?.getTime() ?? 0));
    return due - skewMs;
  }

  function planLook(kind: Lease["kind"], notBefore = 0): void {
    if (!alive || busy[kind] >= plan.lanesAtOnce) return;
    const due = Math.max(time.now(), nextDue(kind), notBefore) + dice.between(0, 800);
    if (due >= looks[kind]) return;
    looks[kind] = due;
    time.at(due, `${name} looks to ${kind}`, () => {
      if (!alive || looks[kind] !== due) return;
      looks[kind] = never;
      if (nextDue(kind) > time.now()) planLook(kind);
      else if (kind === "send" && breakers.room() <= busy.send) planLook(kind, time.now() + noRoomMs);
      else void look(kind);
    });
  }

  async function look(kind: Lease["kind"]): Promise<void> {
    busy[kind] += 1;
    const claims = { ...store, claim: witness.claim };
    const outbox = plant.outbox?.(claims, store) ?? claims;
    try {
      const leases = await yieldPoint(actor, `claim ${kind}`, toStore, () =>
        outbox.claim(kind, clock.now(), 1, limits.leaseMs),
      );
      for (const lease of leases) await work(lease);
    } catch (error) {
      if (!isFailure(error, "store_unavailable")) throw error; // the claim failed: what it leased comes due again
    }
    busy[kind] -= 1;
    planLook(kind);
  }

  async function work(lease: Lease): Promise<void> {
    const turn: Turn = {
      actor,
      lease,
      startedAt: lease.until.getTime() - limits.leaseMs - skewMs,
      lookedAt: time.now(),
      excused: false,
      ended: false,
      asked: { ids: [], at: 0 },
    };
    const wires = wiresOf(turn, { ...parts, clock });
    const outbox = plant.outbox?.(wires.outbox, store) ?? wires.outbox;
    const random = diceOf(plan.seed, `${lease.id} ${lease.token}`);
    try {
      await duties[lease.kind](turn, outbox, wires, random);
    } catch (error) {
      turn.excused = true;
      if (!isFailure(error)) world.breaks("I12", `${lease.id}: a worker threw ${error}`);
      if (!isFailure(error, "lease_lost")) await giveBack(lease, outbox, random);
    } finally {
      turn.ended = true;
    }
  }

  async function giveBack(lease: Lease, outbox: Outbox, { random }: Dice): Promise<void> {
    const attempts = lease.attempts + 1;
    for (const waitMs of patienceMs) {
      if (waitMs > 0) await new Promise<void>((resolve) => time.after(waitMs, `${name} waits`, resolve));
      if (!alive) return;
      try {
        const dueAt = nextTry(clock.now(), attempts, random);
        await outbox.release(lease, { dueAt, attempts, why: "store_unavailable" }, clock.now());
        return;
      } catch (error) {
        if (!isFailure(error, "store_unavailable")) return; // the lease ends by itself
      }
    }
  }
}
