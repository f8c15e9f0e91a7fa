import type { Kysely } from "kysely";
import type { TenantId } from "../../core/types.ts";
import { type ChangeCount, countChanges, dayTallies, type Span } from "../store/figures-changes.ts";
import type { Tables } from "../store/tables.ts";

const dayMs = 86_400_000;
/** An event lives seven days, and nothing older is sent again: what was read before that has come to its end. */
const settledMs = 8 * dayMs;
/** Workspaces. */
const room = 200;

type Counts = readonly ChangeCount[];
/** What was counted on a day, and the tally that the day had then. */
interface Day {
  readonly tally: string;
  readonly counts: Counts;
}

/**
 * Counts times, and remembers whole days of UTC on which everything has come to its end. One whose entries are decided anew
 * all the same has another tally from then on, and is counted again.
 */
export function settledDays() {
  /** The workspace that was looked at last is the last. */
  const remembered = new Map<TenantId, ReadonlyMap<number, Day>>();

  return async (
    db: Kysely<Tables>,
    tenantId: TenantId,
    spans: readonly Span[],
    now: Date,
  ): Promise<readonly Counts[]> => {
    const before = remembered.get(tenantId);
    const settled = spans.filter((span) => isSettled(span, now));
    const tallies = settled[0] ? await dayTallies(db, tenantId, settled[0].from) : undefined;
    const tallyOf = (span: Span) => (settled.includes(span) ? tallies?.get(dayOf(span)) : undefined);
    const known = (span: Span): Counts | undefined => {
      const day = before?.get(span.from.getTime());
      return day && day.tally === tallyOf(span) ? day.counts : undefined;
    };
    const asked = spans.filter((span) => !known(span));
    const answers = await countChanges(db, tenantId, asked);
    const counted = new Map(asked.map((span, n) => [span, answers[n] ?? []]));
    const found = spans.map((span) => known(span) ?? counted.get(span) ?? []);
    const days = settled.flatMap((span): [number, Day][] => {
      const tally = tallyOf(span);
      const counts = known(span) ?? counted.get(span) ?? [];
      return tally === undefined || counts.some(({ state }) => state === "waiting")
        ? []
        : [[span.from.getTime(), { tally, counts }]];
    });
    remembered.delete(tenantId);
    remembered.set(
      tenantId,
      new Map([...[...(before ?? [])].filter(([at]) => at > now.getTime() - 60 * dayMs), ...days]),
    );
    const [oldest] = remembered.keys();
    if (remembered.size > room && oldest !== undefined) remembered.delete(oldest);
    return found;
  };
}

const isSettled = ({ from, to }: Span, now: Date): boolean =>
  from.getTime() % dayMs === 0 && to.getTime() - from.getTime() === dayMs && to.getTime() <= now.getTime() - settledMs;
const dayOf = ({ from }: Span): string => from.toISOString().slice(0, 10);
