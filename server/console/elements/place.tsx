import type { ReactNode } from "react";
import { Moment } from "./moment.tsx";
import classes from "./place.module.css";

/** One account or dataset: its name, its state and a few facts. */
export function Place(props: { kind?: string; name: string; state: ReactNode; children: ReactNode }) {
  return (
    <li className={classes.place}>
      <div className={classes.head}>
        <h3 className={classes.name}>
          {props.kind && <span className={classes.kind}>{props.kind}</span>}
          <bdi>{props.name}</bdi>
        </h3>
        {props.state}
      </div>
      {props.children}
    </li>
  );
}

export function Facts({ children }: { children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}

/** `wide`: it has a line to itself. */
export function Fact({ term, wide, children }: { term: string; wide?: boolean; children: ReactNode }) {
  return (
    <div data-wide={wide}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** An instant as a fact, or the word for its absence. */
export function When({ at, otherwise }: { at: string | undefined; otherwise: string }) {
  return at ? <Moment at={at} /> : otherwise;
}

export function Places({ children }: { children: ReactNode }) {
  return <ul className={classes.places}>{children}</ul>;
}
