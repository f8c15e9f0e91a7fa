import type { CSSProperties } from "react";
import classes from "./chart.module.css";
import type { ColumnPart } from "./columns.ts";

/** What the colours of a chart stand for; `hatched`: and its hatched ground. */
export function Legend({ parts, hatched }: { parts: readonly ColumnPart[]; hatched?: string | undefined }) {
  return (
    <ul className={classes.legend}>
      {parts.map(({ name, color }) => (
        <li key={name}>
          <Swatch color={color} />
          {name}
        </li>
      ))}
      {hatched && (
        <li>
          <span className={classes.swatch} data-hatched={true} aria-hidden="true" />
          {hatched}
        </li>
      )}
    </ul>
  );
}

export function Swatch({ color }: { color: ColumnPart["color"] }) {
  return (
    <span className={classes.swatch} aria-hidden="true" style={{ "--swatch": `var(${color})` } as CSSProperties} />
  );
}
