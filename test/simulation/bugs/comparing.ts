import type { Audit } from "../../../core/audit.ts";
import type { Kept } from "../../../core/outbox.ts";
import type { Bug } from "../bug.ts";

/** What a page is kept with: the reading position and the comparison in it. */
interface Position {
  readonly at?: unknown;
  readonly polledAt?: string;
  readonly audit?: Audit;
}
const positionOf = ({ checkpoint }: Kept): Position => (checkpoint ?? {}) as Position;

const keeps = (name: string, change: (kept: Kept, position: Position) => Kept): Bug => ({
  name,
  plant: () => ({
    outbox: (inner) => ({
      ...inner,
      keep: (lease, kept, now) => inner.keep(lease, kept.checkpoint ? change(kept, positionOf(kept)) : kept, now),
    }),
  }),
});
const audits = (name: string, change: (audit: Audit) => Audit): Bug =>
  keeps(name, (kept, position) =>
    position.audit ? { ...kept, checkpoint: { ...position, audit: change(position.audit) } } : kept,
  );
const days = (name: string, change: (n: { seen: number; missed: number }) => { seen?: number; missed?: number }): Bug =>
  keeps(name, (kept) =>
    kept.reconciled ? { ...kept, reconciled: kept.reconciled.map((day) => ({ ...day, ...change(day) })) } : kept,
  );
/** A page of a comparison, not of the changes. */
const isOfComparison = ({ audit }: Position, kept: Kept): boolean =>
  audit?.run?.at !== undefined || kept.reconciled !== undefined;

/** Bugs of comparing with the CRM. */
export const comparingBugs: readonly Bug[] = [
  keeps("a comparison moves the place from which changes are read", (kept, position) =>
    position.audit?.run?.at && position.polledAt
      ? { ...kept, checkpoint: { ...position, at: { v: 1, upTo: Date.parse(position.polledAt) + 120_000 } } }
      : kept,
  ),
  audits("a comparison begins at its first page each time", ({ run, ...audit }) => {
    if (!run) return audit;
    const { at: _, ...begun } = run;
    return { ...audit, run: begun };
  }),
  keeps("a page of changes forgets the comparisons", (kept, position) => {
    const { audit, ...rest } = position;
    return audit && !isOfComparison(position, kept) ? { ...kept, checkpoint: rest } : kept;
  }),
  audits("a comparison that has begun never ends", (audit) =>
    audit.run ? audit : { ...audit, lightDue: new Date(0).toISOString() },
  ),
  keeps("what a comparison finds missing is counted and not kept", (kept, position) =>
    isOfComparison(position, kept) ? { ...kept, outcomes: [] } : kept,
  ),
  days("what was missed is not told", () => ({ missed: 0 })),
  days("what overlapping pages hold is counted once more", ({ seen }) => ({ seen: 2 * seen })),
  {
    name: "the CRM's history is asked for its last hour only",
    plant: () => ({
      connector: (connector) => ({
        ...connector,
        history: (access, range, resume) =>
          connector.history(access, { ...range, from: new Date(Math.max(+range.from, +range.to - 3_600_000)) }, resume),
      }),
    }),
  },
  {
    name: "the last page of the CRM's history is left out",
    plant: () => ({
      connector: (connector) => ({
        ...connector,
        async *history(access, range, resume) {
          for await (const page of connector.history(access, range, resume))
            yield page.caughtUp ? { ...page, observations: [] } : page;
        },
      }),
    }),
  },
];
