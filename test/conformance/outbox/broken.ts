import type { Kept, Lease } from "../../../core/outbox.ts";
import { type Broken, broken } from "./breaking.ts";
import { brokenAgain } from "./broken-again.ts";

/** Outboxes with the mistakes that are easily made. The suite must catch every one. */
export const brokenOutboxes: Readonly<Record<string, Broken>> = {
  ...brokenAgain,
  "writes without looking at the lease's token": broken(
    "voids everything that a worker writes after another has its lane",
    (outbox) => {
      const current = (lease: Lease): Lease => ({
        ...lease,
        token: outbox.lane(lease.tenantId, lease.kind, lease.id)?.token ?? 0,
      });
      return {
        keep: (lease, ...rest) => outbox.keep(current(lease), ...rest),
        advance: (lease, ...rest) => outbox.advance(current(lease), ...rest),
      };
    },
  ),
  "keeps the lane of a worker that died at the front": broken(
    "takes the lane of a worker that died behind those that waited longer",
    (outbox) => ({
      claim: async (kind, now, ...rest) => {
        const leases = await outbox.claim(kind, now, ...rest);
        for (const { tenantId, id } of leases)
          Object.assign(outbox.lane(tenantId, kind, id) ?? {}, { dueAt: new Date(0) });
        return leases;
      },
    }),
  ),
  "forgets at release what came in meanwhile": broken(
    "is due at once when an event comes in while it is worked on",
    (outbox) => ({
      release: async (lease, next, now) => {
        const lane = outbox.lane(lease.tenantId, lease.kind, lease.id);
        const before = lane?.nextSeq ?? 1;
        if (lane) lane.nextSeq = lane.cursorSeq + 1;
        return await outbox.release(lease, next, now).finally(() => lane && Object.assign(lane, { nextSeq: before }));
      },
    }),
  ),
  "deletes the rings it answered by record and not by number": broken(
    "keeps a record that rings again while it is looked at, and makes the lane due at once",
    (outbox) => ({
      keep: async (lease, kept, now) => {
        const { upTo } = await outbox.rings(lease.tenantId, lease.id as never, 1_000);
        return await outbox.keep(lease, kept.ringsUpTo === undefined ? kept : { ...kept, ringsUpTo: upTo }, now);
      },
    }),
  ),
  "moves the checkpoint before the events are kept": broken(
    "keeps nothing of a page in which a place is taken already",
    (outbox) => ({
      keep: async (lease, kept, now) => {
        await outbox.keep(lease, { ...kept, outcomes: [] }, now);
        return await outbox.keep(lease, withoutCheckpoint(kept), now);
      },
    }),
  ),
  "takes a stage entry a second time": broken(
    "keeps nothing of a page in which a place is taken already",
    (outbox) => ({
      keep: async (lease, kept, now) => {
        const fresh = [];
        for (const outcome of kept.outcomes) {
          const { record, stageId } = outcome.entry;
          const known = await outbox.known(lease.tenantId, lease.id as never, [record]);
          if (![...known.values()].flat().some((entry) => entry.stageId === stageId)) fresh.push(outcome);
        }
        return await outbox.keep(lease, { ...kept, outcomes: fresh }, now);
      },
    }),
  ),
  "lets the lane that was served last go first": broken("lets lanes that give way take turns", (outbox) => ({
    release: (lease, next, now) => outbox.release(lease, next.dueAt ? { ...next, dueAt: new Date(0) } : next, now),
  })),
  "hands a lane to everybody who asks": broken(
    "gives a lane to nobody else until its lease ends, then with a higher token",
    (outbox) => ({ claim: (kind, now, limit) => outbox.claim(kind, now, limit, 0) }),
  ),
  "lets new events hurry a paused lane": broken(
    "stands still while paused, loses nothing, and goes on when resumed",
    (outbox) => ({
      keep: async (lease, kept, now) => {
        const standing = await outbox.keep(lease, kept, now);
        const lane = kept.datasetId && outbox.lane(lease.tenantId, "send", kept.datasetId);
        if (lane) lane.dueAt = now;
        return standing;
      },
    }),
  ),
  "moves on before Meta has answered": broken(
    "hands out events in their order and goes on exactly where a sender died",
    (outbox) => ({
      read: async (lease, limit) => {
        const page = await outbox.read(lease, limit);
        await outbox.advance(lease, { cursor: page.at(-1)?.seq ?? 0 }, new Date());
        return page;
      },
    }),
  ),
  "forgets how often it failed": broken("remembers failed tries until a try succeeds", (outbox) => ({
    release: (lease, { attempts: _, ...next }, now) => outbox.release(lease, next, now),
  })),
};

function withoutCheckpoint({ checkpoint: _, ...kept }: Kept): Kept {
  return kept;
}
