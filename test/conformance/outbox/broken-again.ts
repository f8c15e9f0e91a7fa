import { recordKey } from "../../../core/connector.ts";
import type { Outcome } from "../../../core/outbox.ts";
import type { DatasetId, TenantId } from "../../../core/types.ts";
import type { MemoryOutbox } from "../../memory-outbox.ts";
import { type Broken, broken } from "./breaking.ts";

const toldUnsure =
  "tells whoever claims the lane what may have been taken already: since the first such request, up to its last event";

/** What goes wrong where something is tried again, doubted or decided anew. */
export const brokenAgain: Readonly<Record<string, Broken>> = {
  "loses the event that it sets aside": broken(
    "puts an event that is set aside at the end of its lane, as it was, and the ledger follows it there",
    (outbox) => ({ advance: (lease, { aside: _, ...step }, now) => outbox.advance(lease, step, now) }),
  ),
  "forgets that nobody answered for an event once it is set aside": broken(
    "tells of each event since when it may have been taken already, also once it was set aside, but not once an operator sent it again",
    (outbox) => ({
      read: async (...asked) =>
        (await outbox.read(...asked)).map(({ unsureSince, ...delivery }) =>
          delivery.asides > 0 || !unsureSince ? delivery : { ...delivery, unsureSince },
        ),
    }),
  ),
  "sets an event aside as often as it is told": broken(
    "sets an event aside once, however often it is told, and nothing for a sender that lost its lease",
    (outbox) => ({
      advance: async (lease, step, now) => {
        forgetNumbers(outbox, lease.tenantId, lease.id);
        return await outbox.advance(lease, step, now);
      },
    }),
  ),
  "gives an event another try as often as it is asked": broken(
    "gives no event a second try under the same number, however often it is asked",
    (outbox) => ({
      redrive: async (tenantId, datasetId, ...rest) => {
        forgetNumbers(outbox, tenantId, datasetId);
        return await outbox.redrive(tenantId, datasetId, ...rest);
      },
    }),
  ),
  "tries again what is past its deadline": broken(
    "leaves out what was not given up, what nobody knows, and what is past its deadline",
    (outbox) => ({
      redrive: (tenantId, datasetId, events) => outbox.redrive(tenantId, datasetId, events, new Date(0)),
    }),
  ),
  "gives another try without what was mended": broken(
    "gives an event that was given up another try at the end of its lane, as it was or with another payload",
    (outbox) => ({
      redrive: (tenantId, datasetId, events, now) =>
        outbox.redrive(
          tenantId,
          datasetId,
          events.map(({ seq }) => ({ seq })),
          now,
        ),
    }),
  ),
  "forgets what was not answered": broken(toldUnsure, (outbox) => ({
    claim: async (...asked) => (await outbox.claim(...asked)).map(({ unsure: _, ...lease }) => lease),
  })),
  "takes the last request that was not answered for the first": broken(toldUnsure, (outbox) => ({
    advance: async (lease, step, now) => {
      const lane = outbox.lane(lease.tenantId, "send", lease.id);
      if (lane && step.unsure) lane.unsure = undefined;
      return await outbox.advance(lease, step, now);
    },
  })),
  "doubts for ever what was not answered once": broken(
    "forgets what may have been taken once the cursor has passed it",
    (outbox) => ({
      advance: async (lease, step, now) => {
        const lane = outbox.lane(lease.tenantId, "send", lease.id);
        const before = lane?.unsure;
        const told = await outbox.advance(lease, step, now);
        if (lane) lane.unsure ??= before;
        return told;
      },
    }),
  ),
  "does not tell a sender that its lane was paused": broken(
    "tells a sender in the middle of its work that the lane was paused",
    (outbox) => ({
      advance: async (...step) => {
        await outbox.advance(...step);
        return { paused: false };
      },
    }),
  ),
  "does not tell a reader that its lane was paused": broken(
    "tells a reader in the middle of its work that the lane was paused",
    (outbox) => ({
      keep: async (lease, kept, now) => {
        await outbox.keep(lease, kept, now);
        return { paused: false };
      },
    }),
  ),
  "decides a row anew whatever it says": broken(
    "keeps nothing of a page with a row that was decided otherwise meanwhile",
    (outbox) => ({
      keep: async (lease, kept, now) => {
        const rows = outbox.ledger(lease.tenantId, lease.id as never);
        const outcomes = kept.outcomes.map((outcome) => {
          const row = rows.find((other) => isSamePlace(other, outcome));
          return outcome.instead && row?.outcome === "skip" ? { ...outcome, instead: row.reason } : outcome;
        });
        return await outbox.keep(
          lease,
          { ...kept, outcomes: outcomes.filter(({ entry }) => entry.record.id !== "3") },
          now,
        );
      },
    }),
  ),
  "adds a row where one is to be decided anew": broken(
    "decides a row anew in its place: it becomes one event and is counted once",
    (outbox) => ({
      keep: async (lease, kept, now) => {
        const outcomes = kept.outcomes.map(({ instead, ...outcome }) =>
          instead ? { ...outcome, place: outcome.place + 1 } : outcome,
        );
        return await outbox.keep(lease, { ...kept, outcomes }, now);
      },
    }),
  ),
  "counts a row twice that is decided anew": broken(
    "decides a row anew in its place: it becomes one event and is counted once",
    (outbox) => ({
      keep: async (lease, kept, now) => {
        const standing = await outbox.keep(lease, kept, now);
        const tallies = outbox.tallies(lease.tenantId, lease.id as never) as Map<string, number>;
        for (const { instead } of kept.outcomes) if (instead) tallies.set(instead, (tallies.get(instead) ?? 0) + 1);
        return standing;
      },
    }),
  ),
  "finds another place for an entry whose place is taken": broken(
    "keeps two entries of one record only under different places",
    (outbox) => ({
      keep: async (lease, kept, now) => {
        const rows = outbox.ledger(lease.tenantId, lease.id as never);
        const outcomes = kept.outcomes.map((outcome) =>
          rows.some((row) => isSamePlace(row, outcome)) ? { ...outcome, place: outcome.place + 1 } : outcome,
        );
        return await outbox.keep(lease, { ...kept, outcomes }, now);
      },
    }),
  ),
  "does not know when an event came": broken("keeps entries, events and the checkpoint together", (outbox) => ({
    read: async (...asked) => (await outbox.read(...asked)).map((event) => ({ ...event, keptAt: event.eventTime })),
  })),
  "forgets which days were compared": broken(
    "notes the days that were compared: as the CRM has them now, with all that was ever found late",
    (outbox) => ({
      keep: (lease, { reconciled: _, ...kept }, now) => outbox.keep(lease, kept, now),
    }),
  ),
};

/** As if no event had ever had another number. */
function forgetNumbers(outbox: MemoryOutbox, tenantId: TenantId, datasetId: string): void {
  for (const event of outbox.events(tenantId, datasetId as DatasetId)) Object.assign(event, { againOf: undefined });
}

const isSamePlace = (one: Outcome, other: Outcome): boolean =>
  recordKey(one.entry.record) === recordKey(other.entry.record) && one.place === other.place;
