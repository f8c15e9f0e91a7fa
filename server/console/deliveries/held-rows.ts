import { useState } from "react";

/**
 * While held, rows that were not there wait, so that nothing moves under the reader; rows that were there keep up to date.
 * `waiting` counts the new ones, `show` lets those in and holds on.
 */
export function useHeldRows<Row extends { id: string }>(rows: readonly Row[], held: boolean) {
  const [shown, setShown] = useState<ReadonlySet<string>>();
  const take = () => setShown(new Set(rows.map((row) => row.id)));
  // State that follows a prop is set while rendering, so that no frame shows the list moved.
  if (held && !shown) take();
  if (!held && shown) setShown(undefined);

  const visible = shown ? rows.filter((row) => shown.has(row.id)) : rows;
  return { visible, waiting: rows.length - visible.length, show: take };
}
