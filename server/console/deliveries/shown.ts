import type { DeliveriesView, ListedDelivery } from "../../api/deliveries.ts";

export interface Shown {
  readonly rows: readonly ListedDelivery[];
  /** Rows that were in the view when it was read, and are not any more. */
  readonly movedOn: ReadonlySet<string>;
  /** Rows that came since; they wait until somebody wants to see them. */
  readonly fresh: number;
  /** There are more of them than could be counted. */
  readonly freshAndMore: boolean;
}

/**
 * The list as it was read, each row as it is now as far as that is known. Nothing is pushed along under the reader: what is
 * newer is only counted.
 */
export function shown(pages: readonly DeliveriesView[], newest: DeliveriesView | undefined): Shown {
  const read = [...new Map(pages.flatMap(({ deliveries }) => deliveries).map((row) => [row.id, row])).values()];
  const now = new Map(newest?.deliveries.map((row) => [row.id, row]));
  const [first, oldest] = [read[0], newest?.deliveries.at(-1)];
  const known = new Set(read.map(({ id }) => id));
  const came = (newest?.deliveries ?? []).filter(
    ({ id, keptAt }) => !known.has(id) && (!first || keptAt >= first.keptAt),
  );
  const back = newest?.searchedTo ?? oldest?.keptAt;
  const covered = ({ keptAt }: ListedDelivery): boolean =>
    newest !== undefined && (newest.next === undefined || (back !== undefined && keptAt > back));
  return {
    rows: read.map((row) => now.get(row.id) ?? row),
    movedOn: new Set(read.filter((row) => covered(row) && !now.has(row.id)).map(({ id }) => id)),
    fresh: came.length,
    freshAndMore: came.length > 0 && came.length === newest?.deliveries.length && newest.next !== undefined,
  };
}
