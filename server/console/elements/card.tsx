import { type ReactNode, useId } from "react";
import classes from "./card.module.css";

/** A titled region of the page. */
export function Card(props: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.card} aria-labelledby={id}>
      <div className={classes.head}>
        <h2 className={classes.title} id={id}>
          {props.title}
        </h2>
        {props.aside && <div className={classes.aside}>{props.aside}</div>}
      </div>
      {props.children}
    </section>
  );
}

export function Absence({ children }: { children: ReactNode }) {
  return <p className={classes.absence}>{children}</p>;
}
