import uPlot from "uplot";
import { type ChartColor, colorOf } from "./chart-colors.ts";

/** What each column is made of, from the ground up. */
export interface ColumnPart {
  readonly name: string;
  readonly color: ChartColor;
}
export interface Column {
  /** Its beginning, in milliseconds since 1970. */
  readonly at: number;
  /** One for each part. */
  readonly values: readonly number[];
}
export interface ColumnsLook {
  readonly parts: readonly ColumnPart[];
  /** Columns that begin before this stand on hatched ground. */
  readonly hatchedUntil?: number | undefined;
  readonly labelOf: (at: number) => string;
  readonly numberOf: (value: number) => string;
}

/** Sums from the ground up. Drawn highest first, so that each part shows above the one below it. */
export function stacked(columns: readonly Column[], parts: number): uPlot.AlignedData {
  const sums = Array.from({ length: parts }, (_, part) =>
    columns.map(({ values }) => values.slice(0, part + 1).reduce((all, value) => all + value, 0)),
  );
  return [columns.map(({ at }) => at / 1000), ...sums.reverse()];
}

/** Labels under every so many columns, so that they do not touch. */
const labelPx = 72;

export function columnsOptions(
  columns: readonly Column[],
  { parts, hatchedUntil, labelOf, numberOf }: ColumnsLook,
  size: { readonly width: number; readonly height: number },
  onPoint: (index: number | undefined, left: number) => void,
): uPlot.Options {
  const step = columns[0] && columns[1] ? (columns[1].at - columns[0].at) / 1000 : 3600;
  const times = columns.map(({ at }) => at / 1000);
  const bars = uPlot.paths.bars?.({ size: [0.72, 44, 2], radius: 0 });
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: () => colorOf("--dim"), font, ticks: { show: false } };
  return {
    ...size,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => [(times[0] ?? 0) - step / 2, (times.at(-1) ?? 0) + step / 2] },
      y: { range: (_, __, most) => [0, Math.max(4, most * 1.08)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        splits: ({ width }) => {
          const every = Math.max(1, Math.ceil((times.length * labelPx) / Math.max(1, width - 48)));
          return times.filter((_, n) => (times.length - 1 - n) % every === 0);
        },
        values: (_, splits) => splits.map((at) => labelOf(at * 1000)),
      },
      {
        ...axis,
        size: 48,
        grid: { stroke: () => colorOf("--line"), width: 1 },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6],
        values: (_, splits) => splits.map(numberOf),
      },
    ],
    series: [
      {},
      ...parts.toReversed().map(({ name, color }) => ({
        label: name,
        fill: () => colorOf(color),
        width: 0,
        points: { show: false },
        ...(bars && { paths: bars }),
      })),
    ],
    hooks: {
      drawClear: [(chart) => hatch(chart, hatchedUntil === undefined ? undefined : hatchedUntil / 1000 - step / 2)],
      setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined, cursor.left ?? -1)],
    },
  };
}

/** Slanting lines up to this place on the time axis. */
function hatch({ ctx, bbox, valToPos }: uPlot, until: number | undefined): void {
  if (until === undefined) return;
  const width = Math.min(bbox.width, valToPos(until, "x", true) - bbox.left);
  if (width <= 0) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = colorOf("--bar-total");
  ctx.globalAlpha = 0.4;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  for (let at = bbox.left - bbox.height; at < bbox.left + width; at += 8 * devicePixelRatio) {
    ctx.moveTo(at, bbox.top + bbox.height);
    ctx.lineTo(at + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
}
