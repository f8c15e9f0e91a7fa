import type { Outcome } from "./push.ts";

/** What became of one row of the file. */
export interface RowOutcome extends Outcome {
  readonly row: number;
  readonly id?: string;
}

const known = {
  duplicate_row: "The same change stands in an earlier row",
  pushed_before: "Pushed before, by an earlier run",
} as const;

export const duplicateRow = (row: number, id: string): RowOutcome => ({
  row,
  id,
  state: "not_sent",
  reason: "duplicate_row",
  title: known.duplicate_row,
});
export const pushedBefore = (row: number, id: string): RowOutcome => ({
  row,
  id,
  state: "not_sent",
  reason: "pushed_before",
  title: known.pushed_before,
});
export const unreadable = (row: number, code: string, message: string): RowOutcome => ({
  row,
  state: "not_sent",
  reason: code,
  title: message,
});

/** The account in lines: it adds up to the rows that were read. */
export function account(rows: readonly RowOutcome[]): readonly string[] {
  const of = (...states: readonly Outcome["state"][]): readonly RowOutcome[] =>
    rows.filter(({ state }) => states.includes(state));
  const parts = [
    ["accepted by Meta", of("accepted")],
    ["waiting", of("waiting", "pending")],
    ["refused by Meta", of("refused")],
    ["not sent", of("not_sent")],
  ] as const;
  const line = (name: string, count: number, indent: string): string =>
    `${indent}${name.padEnd(84 - indent.length)}${count.toLocaleString("en").padStart(9)}`;
  const lines = parts.flatMap(([name, list]) => [
    line(name, list.length, "  "),
    ...reasons(list).map(([why, count]) => line(why, count, "    ")),
  ]);
  const sum = parts.reduce((total, [, list]) => total + list.length, 0);
  return [
    line("rows read", rows.length, ""),
    ...lines,
    `  ${"".padEnd(82)}${"─────────".padStart(9)}`,
    line("sum", sum, "  "),
  ];
}

function reasons(rows: readonly RowOutcome[]): readonly (readonly [string, number])[] {
  const groups = Map.groupBy(
    rows.filter(({ reason }) => reason),
    ({ reason }) => reason,
  );
  return [...groups.values()]
    .flatMap(([first, ...others]) =>
      first
        ? [[`${clip(first.title ?? first.reason ?? "")} (first: row ${first.row})`, others.length + 1] as const]
        : [],
    )
    .sort((a, b) => b[1] - a[1]);
}

const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

/** One row in words. */
export const explained = ({ row, state, reason, title, id }: RowOutcome): string =>
  `row ${row}: ${state.replace("_", " ")}${reason ? ` (${reason}: ${title ?? ""})` : ""}${id ? `  id ${id}` : ""}`;
