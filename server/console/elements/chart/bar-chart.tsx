import "uplot/dist/uPlot.min.css";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import { useSay } from "../saying.tsx";
import classes from "./chart.module.css";
import { onSchemeChange } from "./chart-colors.ts";
import { type Column, type ColumnsLook, columnsOptions, stacked } from "./columns.ts";

interface Props {
  /** What it shows and how it is moved through, for screen readers. */
  label: string;
  columns: readonly Column[];
  look: ColumnsLook;
  /** What stands beside the column that is pointed at, and what is said of it to a screen reader. */
  tell: (column: Column) => ReactNode;
  say: (column: Column) => string;
}

/** Stacked columns over time. Drawn on a canvas as wide as its place, which a table behind it says in full. */
export function BarChart({ label, columns, look, tell, say }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const heard = useSay();
  const [pointed, setPointed] = useState<{ index: number; left: number }>();
  // A chart is made anew where its columns are others; new counts of the same ones are only put in.
  const shape = `${columns[0]?.at} ${columns.length} ${look.hatchedUntil}`;
  const latest = useRef({ columns, look });
  latest.current = { columns, look };

  // biome-ignore lint/correctness/useExhaustiveDependencies: what else it is made of is as it was while the shape is
  useEffect(() => {
    const box = place.current;
    if (!box) return;
    const size = () => ({ width: box.clientWidth, height: box.clientHeight });
    const { columns, look } = latest.current;
    const point = (index: number | undefined, left: number) =>
      setPointed(index === undefined || left < 0 ? undefined : { index, left });
    const made = new uPlot(columnsOptions(columns, look, size(), point), stacked(columns, look.parts.length), box);
    chart.current = made;
    const resized = new ResizeObserver(() => made.setSize(size()));
    resized.observe(box);
    const ends = onSchemeChange(() => made.redraw(false));
    return () => {
      ends();
      resized.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [shape]);
  useEffect(() => {
    chart.current?.setData(stacked(columns, look.parts.length));
  }, [columns, look.parts.length]);

  const move = (event: KeyboardEvent) => {
    const by = steps[event.key];
    const made = chart.current;
    if (by === undefined || !made) return;
    event.preventDefault();
    const index = by(pointed?.index ?? columns.length, columns.length);
    const column = columns[index];
    if (!column) return;
    made.setCursor({ left: made.valToPos(column.at / 1000, "x"), top: 1 });
    heard(say(column));
  };
  const column = pointed && columns[pointed.index];
  return (
    // biome-ignore lint/a11y/useSemanticElements: no fieldset, there is nothing to fill in
    <div
      className={classes.chart}
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: moved through by the arrow keys
      tabIndex={0}
      onKeyDown={move}
      onBlur={() => setPointed(undefined)}
    >
      <div className={classes.canvas} ref={place} dir="ltr" aria-hidden="true" />
      <div
        className={classes.tip}
        aria-hidden="true"
        data-empty={!column || undefined}
        {...(pointed && beside(pointed.left, place.current))}
      >
        {column && tell(column)}
      </div>
    </div>
  );
}

/** To the right of the column, or to its left where there is no room. */
function beside(left: number, place: HTMLElement | null) {
  const over = place?.querySelector<HTMLElement>(".u-over");
  const at = left + (over?.offsetLeft ?? 0);
  const wide = place?.clientWidth ?? 0;
  return { style: at > wide / 2 ? { right: `${wide - at + 12}px` } : { left: `${at + 12}px` } };
}

const steps: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowLeft: (index) => Math.max(0, index - 1),
  ArrowRight: (index, count) => Math.min(count - 1, index + 1),
  Home: () => 0,
  End: (_, count) => count - 1,
};
