import type { Lease, Outbox } from "../../core/outbox.ts";
import type { MemoryOutbox } from "../memory-outbox.ts";
import type { Turn } from "./turn.ts";
import { createReadingWitness, type ReadingWitness } from "./witness-reading.ts";
import { createSendingWitness, largestSkewMs, type SendingWitness } from "./witness-sending.ts";
import type { World } from "./world.ts";

/** Sees every write at the moment it takes effect and every request at the moment it arrives. */
export interface Witness {
  readonly reading: ReadingWitness;
  readonly sending: SendingWitness;
  claim(...asked: Parameters<Outbox["claim"]>): ReturnType<Outbox["claim"]>;
  /** The store as this turn reaches it. */
  storeFor(turn: Turn): MemoryOutbox;
  /** What is not settled yet, if anything. */
  unsettled(): string | undefined;
  /** When everything is settled: whether the account of each dataset adds up. */
  sumUp(): void;
}

export function createWitness(world: World): Witness {
  const { store } = world;
  const reading = createReadingWitness(world);
  const sending = createSendingWitness(world);
  const holders = new Map<string, Lease>();
  const laneName = ({ tenantId, kind, id }: Pick<Lease, "tenantId" | "kind" | "id">): string =>
    `${tenantId} ${kind} ${id}`;

  const holds = (turn: Turn): void => {
    const holder = holders.get(laneName(turn.lease));
    if (holder && holder.token !== turn.lease.token)
      world.breaks("I6", `${turn.lease.id}: a write by one whose lease was over`);
  };
  return {
    reading,
    sending,
    async claim(kind, now, limit, leaseMs) {
      const paused = store.lanes().filter((lane) => lane.paused !== undefined);
      const leases = await store.claim(kind, now, limit, leaseMs);
      for (const lease of leases) {
        const holder = holders.get(laneName(lease));
        if (holder && holder.until.getTime() - largestSkewMs > now.getTime())
          world.breaks("I6", `${lease.id} was claimed ${holder.until.getTime() - now.getTime()} ms too early`);
        if (paused.some((lane) => laneName(lane) === laneName(lease)))
          world.breaks("I8", `${lease.id} was claimed although it is paused`);
        holders.set(laneName(lease), lease);
      }
      return leases;
    },
    storeFor: (turn) => ({
      ...store,
      async keep(lease, kept, now) {
        await store.keep(lease, kept, now);
        holds(turn);
        reading.kept(turn, kept, now);
      },
      async advance(lease, step, now) {
        const from = store.lane(lease.tenantId, "send", lease.id)?.cursorSeq ?? 0;
        await store.advance(lease, step, now);
        holds(turn);
        const to = store.lane(lease.tenantId, "send", lease.id)?.cursorSeq ?? 0;
        sending.advanced(turn, step, from, to, now);
      },
      async release(lease, next, now) {
        await store.release(lease, next, now);
        holds(turn);
        holders.delete(laneName(lease));
      },
    }),
    unsettled: () => {
      for (const { plan, crm } of world.connections.values()) {
        const missing = crm.rows.find(
          ({ record, stageId, enteredAt, searchableAt, rung }) =>
            (Number.isFinite(searchableAt) || rung) &&
            !crm.removed.has(record.id) &&
            !reading.knows(plan.id, record.id, stageId, enteredAt),
        );
        if (missing) return `${plan.id} ${missing.record.id} ${missing.stageId} was never read`;
        const lane = store.lane(plan.tenantId, "read", plan.id);
        if (lane && lane.nextSeq > lane.cursorSeq + 1) return `${plan.id} has rings that nobody has answered`;
      }
      for (const { plan, events } of world.datasets.values()) {
        const cursor = store.lane(plan.tenantId, "send", plan.id)?.cursorSeq ?? 0;
        if (cursor < events.length) return `${plan.id} stands at ${cursor} of ${events.length}`;
      }
      return undefined;
    },
    sumUp() {
      for (const { plan, events } of world.datasets.values()) {
        const dead = store.dead(plan.tenantId, plan.id).size;
        const accepted = events.filter((event) => event.notedAt !== undefined && !event.dead).length;
        if (accepted + dead !== events.length)
          world.breaks("I10", `${plan.id}: ${accepted} accepted and ${dead} given up of ${events.length}`);
      }
    },
  };
}
