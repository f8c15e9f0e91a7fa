import { lazy, Suspense, useMemo } from "react";
import type { Figures, PointView } from "../../api/figures.ts";
import { Absence, Card } from "../elements/card.tsx";
import type { Column, ColumnPart } from "../elements/chart/columns.ts";
import { Legend, Swatch } from "../elements/chart/legend.tsx";
import { TableBehind } from "../elements/chart/table-behind.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./series.module.css";

const { series: said } = texts.figures;

/** Where it cannot be loaded, its table says the same. */
const BarChart = lazy(() =>
  import("../elements/chart/bar-chart.tsx").then(
    (chart) => ({ default: chart.BarChart }),
    () => ({ default: () => <Absence>{said.failed}</Absence> }),
  ),
);

const kinds = ["accepted", "waiting", "refused", "notSent"] as const;
const parts: readonly ColumnPart[] = [
  { name: said.names.accepted, color: "--live-edge" },
  { name: said.names.waiting, color: "--waiting-edge" },
  { name: said.names.refused, color: "--problem-edge" },
  { name: said.names.notSent, color: "--bar-total" },
];

/** What was read in each hour or on each day, by what became of it; before going live on hatched ground. */
export function Series({ figures: { series, bucket, liveSince, from } }: { figures: Figures }) {
  const columns = useMemo(() => series.map(columnOf), [series]);
  const hatchedUntil = liveSince === undefined ? undefined : beforeLive(series, liveSince, from);
  const look = {
    parts,
    hatchedUntil,
    labelOf: (at: number) => said.short[bucket](new Date(at)),
    numberOf: (value: number) => texts.number(value),
  };
  const total = ({ values }: Column) => values.reduce((all, value) => all + value, 0);
  const full = (at: number) => said.full[bucket](new Date(at));
  return (
    <Card title={said.title} aside={said.counted[bucket]}>
      <Legend parts={parts} hatched={hatchedUntil === undefined ? undefined : said.beforeLive} />
      <Suspense fallback={<div className={classes.room} />}>
        <BarChart
          label={said.label}
          columns={columns}
          say={(column) =>
            said.say(
              full(column.at),
              parts.map(({ name }, n) => [name, column.values[n] ?? 0]),
            )
          }
          look={look}
          tell={(column) => (
            <>
              <strong>{full(column.at)}</strong>
              <dl className={classes.values}>
                {parts.map(({ name, color }, n) => (
                  <div key={name}>
                    <dt>
                      <Swatch color={color} />
                      {name}
                    </dt>
                    <dd>{texts.number(column.values[n] ?? 0)}</dd>
                  </div>
                ))}
              </dl>
            </>
          )}
        />
      </Suspense>
      <TableBehind
        label={said.table}
        caption={said.caption}
        head={[said.when[bucket], ...parts.map(({ name }) => name), said.total]}
        rows={columns.map((column) => [
          full(column.at),
          ...column.values.map(texts.number),
          texts.number(total(column)),
        ])}
      />
    </Card>
  );
}

const columnOf = (point: PointView): Column => ({ at: Date.parse(point.at), values: kinds.map((kind) => point[kind]) });

/** The first column in which anything could be sent; undefined: in all of them. */
function beforeLive(series: readonly PointView[], liveSince: string, from: string): number | undefined {
  if (Date.parse(liveSince) <= Date.parse(from)) return undefined;
  return series.map(({ at }) => Date.parse(at)).findLast((at) => at <= Date.parse(liveSince));
}
