import { recordKey } from "../../../core/connector.ts";
import { isFailure } from "../../../core/errors.ts";
import type { Kept, KnownEntry, Lease, Outbox, Standing } from "../../../core/outbox.ts";
import type { StageEntry } from "../../../core/types.ts";
import type { MemoryOutbox } from "../../memory-outbox.ts";
import type { Bug } from "../bug.ts";

const outbox = (name: string, wrap: (outbox: Outbox, store: MemoryOutbox) => Partial<Outbox>): Bug => ({
  name,
  plant: () => ({ outbox: (inner, store) => ({ ...inner, ...wrap(inner, store) }) }),
});
const keeps = (name: string, keep: (outbox: Outbox, lease: Lease, kept: Kept, now: Date) => Promise<Standing>): Bug =>
  outbox(name, (inner) => ({ keep: (lease, kept, now) => keep(inner, lease, kept, now) }));
const laneOf = (store: MemoryOutbox, { tenantId, kind, id }: Lease) => store.lane(tenantId, kind, id);

/** Bugs of the store: transactions, leases, lanes, rings. */
export const storingBugs: readonly Bug[] = [
  keeps("the checkpoint is saved before the data", async (inner, lease, { checkpoint, ...data }, now) => {
    if (checkpoint !== undefined)
      await inner.keep(lease, { outcomes: [], mappingVersion: data.mappingVersion, checkpoint }, now);
    return await inner.keep(lease, data, now);
  }),
  keeps("what is older than the record's latest entry is thrown away", async (inner, lease, kept, now) => {
    const known = await inner.known(
      lease.tenantId,
      lease.id as never,
      kept.outcomes.map(({ entry }) => entry.record),
    );
    const isNews = ({ record, enteredAt }: StageEntry): boolean =>
      (known.get(recordKey(record)) ?? []).every((entry) => entry.enteredAt <= enteredAt);
    return await inner.keep(lease, { ...kept, outcomes: kept.outcomes.filter(({ entry }) => isNews(entry)) }, now);
  }),
  keeps("reasons are not written down", (inner, lease, kept, now) =>
    inner.keep(lease, { ...kept, outcomes: kept.outcomes.filter(({ outcome }) => outcome === "send") }, now),
  ),
  keeps("the events of a page are written latest first", (inner, lease, kept, now) =>
    inner.keep(lease, { ...kept, outcomes: kept.outcomes.toReversed() }, now),
  ),
  keeps("rings are deleted up to the newest", (inner, lease, kept, now) =>
    inner.keep(lease, { ...kept, ...(kept.ringsUpTo !== undefined && { ringsUpTo: Number.MAX_SAFE_INTEGER }) }, now),
  ),
  {
    name: "rings are deleted before they are answered",
    plant: () => {
      const leases = new Map<string, Lease>();
      return {
        outbox: (inner) => ({
          ...inner,
          async claim(...asked) {
            const claimed = await inner.claim(...asked);
            for (const lease of claimed) leases.set(lease.id, lease);
            return claimed;
          },
          async rings(tenantId, connectionId, limit) {
            const rung = await inner.rings(tenantId, connectionId, limit);
            const lease = leases.get(connectionId);
            if (lease && rung.records.length > 0 && !rung.all)
              await inner.keep(lease, { outcomes: [], mappingVersion: 1, ringsUpTo: rung.upTo }, lease.until);
            return rung;
          },
        }),
      };
    },
  },
  {
    name: "checkpoints are remembered by tenant and not by connection",
    plant: () => {
      const remembered = new Map<string, unknown>();
      return {
        outbox: (inner) => ({
          ...inner,
          async checkpoint(tenantId, connectionId) {
            return remembered.get(tenantId) ?? (await inner.checkpoint(tenantId, connectionId));
          },
          async keep(lease, kept, now) {
            const standing = await inner.keep(lease, kept, now);
            if (kept.checkpoint !== undefined) remembered.set(lease.tenantId, kept.checkpoint);
            return standing;
          },
        }),
      };
    },
  },
  {
    name: "the ledger is remembered and not asked again",
    plant: () => {
      const remembered = new Map<string, readonly KnownEntry[]>();
      return {
        outbox: (inner) => ({
          ...inner,
          async known(tenantId, connectionId, records) {
            const key = (name: string): string => `${connectionId} ${name}`;
            const fresh = await inner.known(tenantId, connectionId, records);
            for (const record of records.map(recordKey))
              if (!remembered.has(key(record))) remembered.set(key(record), fresh.get(record) ?? []);
            return new Map(records.map(recordKey).map((record) => [record, remembered.get(key(record)) ?? []]));
          },
        }),
      };
    },
  },
  outbox("a write is not checked against the lease", (inner, store) => {
    const forced = (lease: Lease): Lease => ({ ...lease, token: laneOf(store, lease)?.token ?? lease.token });
    return {
      keep: (lease, kept, now) => inner.keep(forced(lease), kept, now),
      advance: (lease, step, now) => inner.advance(forced(lease), step, now),
      release: (lease, next, now) => inner.release(forced(lease), next, now),
    };
  }),
  outbox("a lease is stored shorter than it is told", (inner, store) => ({
    async claim(kind, now, limit, leaseMs) {
      const leases = await inner.claim(kind, now, limit, leaseMs);
      for (const lease of leases) {
        const lane = laneOf(store, lease);
        if (lane) lane.leaseUntil = new Date(now.getTime() + 1_000);
      }
      return leases;
    },
  })),
  outbox("a release forgets what came in meanwhile", (inner, store) => ({
    async release(lease, next, now) {
      await inner.release(lease, next, now);
      const lane = laneOf(store, lease);
      if (lane && !lane.paused) lane.dueAt = next.dueAt;
      return lane?.dueAt;
    },
  })),
  outbox("a release makes a paused lane due", (inner, store) => ({
    async release(lease, next, now) {
      const paused = laneOf(store, lease)?.paused;
      await inner.release(lease, next, now);
      const lane = laneOf(store, lease);
      if (lane && paused) Object.assign(lane, { paused: undefined, dueAt: now });
      return lane?.dueAt;
    },
  })),
  outbox("a write that failed is taken for done", (inner) => ({
    async advance(lease, step, now) {
      return await inner.advance(lease, step, now).catch((error: unknown) => {
        if (!isFailure(error, "store_unavailable")) throw error;
        return { paused: false };
      });
    },
  })),
  outbox("after three failures it waits a day", (inner) => ({
    release: (lease, next, now) =>
      inner.release(
        lease,
        (next.attempts ?? 0) >= 3 && next.dueAt ? { ...next, dueAt: new Date(now.getTime() + 86_400_000) } : next,
        now,
      ),
  })),
];
