import type { Access } from "../../core/connector.ts";
import { deliver } from "../../core/deliver.ts";
import { Failure, isFailure } from "../../core/errors.ts";
import { ingest } from "../../core/ingest.ts";
import { indexMapping } from "../../core/mapping.ts";
import { limits } from "../../core/meta/limits.ts";
import type { Lease, Outbox } from "../../core/outbox.ts";
import type { Log } from "../../core/ports.ts";
import { nextTry } from "../../core/retry.ts";
import type { ConnectionId, DatasetId } from "../../core/types.ts";
import type { Plant } from "./bug.ts";
import { type Dice, diceOf } from "./chance.ts";
import type { Faults } from "./faults.ts";
import { connectorFor } from "./model-crm.ts";
import type { Turn } from "./turn.ts";
import { type Wires, wiresOf } from "./wires.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";
import { type Actor, toStore, type YieldPoint } from "./yield-point.ts";

export interface Process extends Actor {
  /** Something may have become due. */
  rouse(): void;
}

const kinds = ["read", "send"] as const;
/** Lanes of one kind that a process works on at once. */
const concurrency = 2;
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** One process of ours: claims lanes and works on them until it dies, as server/workers does. */
export function startProcess(
  name: string,
  skewMs: number,
  parts: {
    world: World;
    witness: Witness;
    yieldPoint: YieldPoint;
    plant: Plant;
    died: () => void;
    wrote: () => void;
    faults: Faults;
  },
): Process {
  const { world, witness, yieldPoint, plant, wrote } = parts;
  const { time, store, plan } = world;
  const clock = { now: () => new Date(time.now() + skewMs) };
  const busy = { read: 0, send: 0 };
  const looks = { read: Number.POSITIVE_INFINITY, send: Number.POSITIVE_INFINITY };
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
    let due = Number.POSITIVE_INFINITY;
    for (const lane of store.lanes())
      if (lane.kind === kind && lane.dueAt)
        due = Math.min(due, Math.max(lane.dueAt.getTime(), lane.leaseUntil?.getTime() ?? 0));
    return due - skewMs;
  }

  function planLook(kind: Lease["kind"]): void {
    if (!alive || busy[kind] >= concurrency) return;
    const due = Math.max(time.now(), nextDue(kind)) + dice.between(0, 800);
    if (due >= looks[kind]) return;
    looks[kind] = due;
    time.at(due, `${name} looks to ${kind}`, () => {
      if (!alive || looks[kind] !== due) return;
      looks[kind] = Number.POSITIVE_INFINITY;
      if (nextDue(kind) > time.now()) planLook(kind);
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
    };
    const wires = wiresOf(turn, { yieldPoint, witness, world, clock, faults: parts.faults, wrote });
    const outbox = plant.outbox?.(wires.outbox, store) ?? wires.outbox;
    const random = diceOf(plan.seed, `${lease.id} ${lease.token}`);
    try {
      await (lease.kind === "read" ? read(turn, outbox, wires, random) : send(turn, outbox, wires, random));
    } catch (error) {
      turn.excused = true;
      if (!isFailure(error)) world.breaks("I12", `${lease.id}: a worker threw ${error}`);
      if (isFailure(error, "lease_lost", "store_unavailable")) return;
      const attempts = lease.attempts + 1;
      const next = { dueAt: nextTry(clock.now(), attempts, random.random), attempts };
      await outbox.release(lease, next, clock.now()).catch(() => {}); // the lease ends by itself
    } finally {
      turn.ended = true;
    }
  }

  async function read({ lease }: Turn, outbox: Outbox, wires: Wires, { random }: Dice): Promise<void> {
    const site = world.connections.get(lease.id as ConnectionId);
    const tenant = plan.tenants.find(({ id }) => id === lease.tenantId);
    if (!site || !tenant) throw new Failure("not_found", lease.id);
    const made = await wires.load(() => {
      const sendFrom = site.sendFrom.now();
      return {
        connection: {
          tenantId: lease.tenantId,
          id: site.plan.id,
          connector: "model",
          accountId: site.plan.id,
          name: "",
          config: {},
          datasetId: site.plan.datasetId,
          ...(sendFrom !== undefined && { sendFrom: new Date(sendFrom) }),
        },
        mapping: site.mapping.now(),
      };
    });
    const connector = connectorFor(site.crm, wires.askCrm(site.crm));
    const source = {
      connector: plant.connector?.(connector, site.crm) ?? connector,
      access: { clock } as Access<unknown>,
      connection: made.connection,
      setting: {
        tenant: { eventKey: tenant.eventKey, allowedKeys: ["em"] as const },
        connection: made.connection,
        leadEventSource: "Model CRM",
        mapping: indexMapping(made.mapping),
      },
      pollEveryMs: site.plan.pollEveryMs,
    };
    await ingest(lease, plant.source?.(source) ?? source, { outbox, clock, random, log: silent });
  }

  async function send({ lease }: Turn, outbox: Outbox, wires: Wires, { random }: Dice): Promise<void> {
    const site = world.datasets.get(lease.id as DatasetId);
    if (!site) throw new Failure("not_found", lease.id);
    const made = await wires.load(() => ({ metaId: site.plan.metaId, token: site.token }));
    const destination = plant.destination?.(made) ?? made;
    await deliver(lease, destination, {
      outbox,
      send: plant.send?.(wires.send) ?? wires.send,
      clock,
      random,
      log: silent,
    });
  }
}
