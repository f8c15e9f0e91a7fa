import type { Lease, Outbox } from "../../core/outbox.ts";
import type { MemoryOutbox } from "../memory-outbox.ts";
import { isTaken } from "./causes.ts";
import { createModelLedger } from "./model-ledger.ts";
import { minute } from "./plan.ts";
import { redriven } from "./redriven.ts";
import type { Turn } from "./turn.ts";
import { createLogWitness, idOf, siteOf } from "./witness-log.ts";
import { createPositionWitness } from "./witness-position.ts";
import { createReadingWitness } from "./witness-reading.ts";
import { createSendingWitness, largestSkewMs, type SendingWitness } from "./witness-sending.ts";
import type { DatasetSite, World } from "./world.ts";

/** Sees every write at the moment it takes effect and every request at the moment it arrives. */
export interface Witness {
  readonly sending: SendingWitness;
  claim(...asked: Parameters<Outbox["claim"]>): ReturnType<Outbox["claim"]>;
  /** The store as this turn reaches it. */
  storeFor(turn: Turn): MemoryOutbox;
  /** The store as an operator reaches it. */
  readonly operators: MemoryOutbox;
  /** Somebody went live: the lease is over, and the account is read from its beginning. */
  readAnew(lease: Lease): void;
  /** What is not settled yet, if anything; `patient`: only a comparison with the CRM can settle it. */
  unsettled(): { readonly what: string; readonly patient: boolean } | undefined;
  /** When everything is settled: whether the account of each dataset adds up. */
  sumUp(): void;
}

export function createWitness(world: World): Witness {
  const { store } = world;
  const ledger = createModelLedger();
  const log = createLogWitness(world);
  const position = createPositionWitness(world, ledger);
  const reading = createReadingWitness(world, ledger);
  const sending = createSendingWitness(world, log);
  const holders = new Map<string, Lease>();
  const laneName = ({ tenantId, kind, id }: Pick<Lease, "tenantId" | "kind" | "id">): string =>
    `${tenantId} ${kind} ${id}`;

  const holds = (turn: Turn): void => {
    const holder = holders.get(laneName(turn.lease));
    if (holder && holder.token !== turn.lease.token)
      world.breaks("I6", `${turn.lease.id}: a write by one whose lease was over`);
  };
  return {
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
        const { ambush } = (kind === "send" && siteOf(world, lease.id)) || {};
        if (ambush?.amid === "claim")
          world.time.after(now.getTime() % 40, `${lease.id} is paused amid a claim`, ambush.strike);
      }
      return leases;
    },
    storeFor(turn) {
      /** The number up to which this turn was told of rings. */
      let told = 0;
      return {
        ...store,
        async rings(...asked) {
          const rung = await store.rings(...asked);
          told = rung.upTo;
          return rung;
        },
        async keep(lease, kept, now) {
          if ((kept.ringsUpTo ?? 0) > told)
            world.breaks("I6", `${lease.id}: rings are answered that nobody has looked at`);
          const lane = store.lane(lease.tenantId, "send", kept.datasetId ?? "");
          const wasIdle = lane !== undefined && lane.dueAt === undefined;
          const standing = await store.keep(lease, kept, now);
          if (wasIdle && lane.dueAt) lane.dueAt = new Date(lane.dueAt.getTime() + world.plan.lingerMs);
          holds(turn);
          const first = position.isFirst(turn, kept);
          const site = [...world.connections.values()].find(({ plan }) => plan.id === lease.id);
          const dataset = siteOf(world, kept.datasetId ?? site?.plan.datasetId ?? "");
          const count = kept.outcomes.filter(({ outcome }) => outcome === "send").length;
          if (site && dataset) log.follow(dataset, { kept: site, count });
          reading.kept(turn, kept, now, first);
          position.kept(turn, kept);
          return standing;
        },
        async advance(lease, step, now) {
          const from = store.lane(lease.tenantId, "send", lease.id)?.cursorSeq ?? 0;
          const advanced = await store.advance(lease, step, now);
          holds(turn);
          const to = store.lane(lease.tenantId, "send", lease.id)?.cursorSeq ?? 0;
          sending.advanced(turn, step, from, to, now);
          return advanced;
        },
        async release(lease, next, now) {
          const dueAt = await store.release(lease, next, now);
          holds(turn);
          holders.delete(laneName(lease));
          return dueAt;
        },
      };
    },
    operators: {
      ...store,
      async redrive(tenantId, datasetId, asked, now) {
        const taken = await store.redrive(tenantId, datasetId, asked, now);
        redriven(world, log, datasetId, asked, taken);
        return taken;
      },
    },
    readAnew(lease) {
      holders.delete(laneName(lease));
      position.forget(lease.id);
    },
    unsettled() {
      for (const site of world.connections.values()) {
        const unread = position.waits(site);
        if (unread) return unread;
        const { id, tenantId } = site.plan;
        const lane = store.lane(tenantId, "read", id);
        if (lane && lane.nextSeq > lane.cursorSeq + 1) return soon(`${id} has rings that nobody has answered`);
      }
      for (const { plan, slots } of world.datasets.values()) {
        const waiting = slots.slice(store.lane(plan.tenantId, "send", plan.id)?.cursorSeq ?? 0);
        const [first] = waiting;
        // While Meta takes nobody else, it may be Meta that is down.
        const stumbles = waiting.some(({ event }) => world.judge(event) === "stumbled_over");
        const other = stumbles ? waiting.find((slot) => isTaken(world, slot)) : first;
        if (other) return soon(`${plan.id} stands before ${other.seq} of ${slots.length}`);
      }
      if ((world.chores.at(-1) ?? 0) < world.time.now() - world.plan.choreEveryMs - 2 * minute)
        return soon("no housekeeping");
      for (const site of world.connections.values()) {
        const waits = reading.waits(site);
        if (waits) return { what: waits, patient: true };
      }
      return undefined;
    },
    sumUp() {
      for (const site of world.datasets.values()) sumUp(site);
      for (const { plan } of world.connections.values())
        for (const row of store.ledger(plan.tenantId, plan.id)) {
          const at = row.outcome === "send" ? log.slotOf(idOf(row.payload))?.seq : undefined;
          if (row.seq !== at) world.breaks("I10", `${plan.id}: the ledger seeks ${at} at ${row.seq}`);
        }
    },
  };

  function sumUp(site: DatasetSite): void {
    const { plan, slots } = site;
    log.follow(site, { again: [], aside: false });
    const ends = slots.filter((slot) => slot === slot.event.slots.at(-1));
    const accepted = ends.filter(({ settled }) => settled === "accepted").length;
    const waiting = ends.filter(({ settled }) => settled === undefined).length;
    const given = slots.filter(({ settled }) => settled !== undefined && settled !== "accepted" && settled !== "aside");
    const dead = store.dead(plan.tenantId, plan.id);
    if (dead.size !== given.length || given.some(({ seq, settled }) => dead.get(seq)?.reason !== settled))
      world.breaks("I10", `${plan.id}: ${dead.size} written down as given up, ${given.length} were`);
    const lost = ends.length - accepted - waiting - ends.filter((slot) => given.includes(slot)).length;
    if (lost !== 0) world.breaks("I10", `${plan.id}: ${lost} of ${ends.length} events are neither here nor there`);
  }
}

const soon = (what: string): { readonly what: string; readonly patient: boolean } => ({ what, patient: false });
