import type { Kept, KnownEntry, Lease, Outbox, Outcome } from "../../../core/outbox.ts";
import type { Bug } from "../bug.ts";
import { mayPass } from "../expectation.ts";

const keeps = (name: string, change: (kept: Kept, lease: Lease) => Kept): Bug => ({
  name,
  plant: () => ({
    outbox: (inner) => ({ ...inner, keep: (lease, kept, now) => inner.keep(lease, change(kept, lease), now) }),
  }),
});
const outcomes = (name: string, change: (outcomes: readonly Outcome[]) => readonly Outcome[]): Bug =>
  keeps(name, (kept) => ({ ...kept, outcomes: change(kept.outcomes) }));
const knows = (name: string, change: (entry: KnownEntry) => KnownEntry): Bug => ({
  name,
  plant: () => ({
    outbox: (inner) => ({
      ...inner,
      known: async (...asked) =>
        new Map([...(await inner.known(...asked))].map(([record, entries]) => [record, entries.map(change)])),
    }),
  }),
});

/** Bugs of second looks: what was not sent under a rule that passes. */
export const lookingAgainBugs: readonly Bug[] = [
  outcomes("what is decided anew is not written down", (all) => all.filter(({ instead }) => instead === undefined)),
  outcomes("what is decided anew goes behind what is new", (all) => [
    ...all.filter(({ instead }) => instead === undefined),
    ...all.filter(({ instead }) => instead !== undefined),
  ]),
  knows("nobody looks a second time", (entry) =>
    mayPass.has(entry.outcome) ? { ...entry, outcome: "entered_again" } : entry,
  ),
  knows("every reason may pass", (entry) =>
    entry.outcome === "entered_again" || entry.outcome === "no_consent" ? { ...entry, outcome: "not_live" } : entry,
  ),
  {
    name: "the ledger keeps the first reason of what is sent later",
    plant: () => {
      const first = new Map<string, Map<string, KnownEntry["outcome"]>>();
      const keyOf = ({ record }: Pick<KnownEntry, "record">, place: number): string => `${record.id} ${place}`;
      return {
        outbox: (inner): Outbox => ({
          ...inner,
          async known(tenantId, connectionId, records) {
            const reasons = first.get(connectionId);
            const known = await inner.known(tenantId, connectionId, records);
            const asFirst = (entry: KnownEntry): KnownEntry => ({
              ...entry,
              outcome: reasons?.get(keyOf(entry, entry.place)) ?? entry.outcome,
            });
            return new Map([...known].map(([record, entries]) => [record, entries.map(asFirst)]));
          },
          async keep(lease, kept, now) {
            const reasons = first.get(lease.id) ?? new Map<string, KnownEntry["outcome"]>();
            first.set(lease.id, reasons);
            // The store finds the row whatever it says by now.
            const found = (outcome: Outcome): Outcome =>
              reasons.has(keyOf(outcome.entry, outcome.place)) ? { ...outcome, instead: "event" as never } : outcome;
            const standing = await inner.keep(lease, { ...kept, outcomes: kept.outcomes.map(found) }, now);
            for (const { entry, place, instead } of kept.outcomes)
              if (instead !== undefined) reasons.set(keyOf(entry, place), instead);
            return standing;
          },
        }),
      };
    },
  },
  outcomes("an entry gets the place of the one before it", (all) =>
    all.map((outcome) =>
      outcome.instead === undefined && outcome.place > 1 ? { ...outcome, place: outcome.place - 1 } : outcome,
    ),
  ),
  outcomes("places are numbered through all records of a page", (all) =>
    all.map((outcome, n) => (outcome.instead === undefined ? { ...outcome, place: outcome.place + n } : outcome)),
  ),
  {
    name: "that a record has nobody is remembered",
    plant: () => {
      const alone = new Set<string>();
      return {
        connector: (connector) => ({
          ...connector,
          async leads(access, records) {
            const asked = records.filter(({ id }) => !alone.has(`${access.connectionId} ${id}`));
            const found = await connector.leads(access, asked);
            for (const { object, id } of asked)
              if (!found.has(`${object}:${id}`)) alone.add(`${access.connectionId} ${id}`);
            return found;
          },
        }),
      };
    },
  },
];
