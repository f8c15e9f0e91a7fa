import type { ReactNode } from "react";
import classes from "./rows.module.css";

/** A list of things that something can be done about. */
export function Rows({ children }: { children: ReactNode }) {
  return <ul className={classes.rows}>{children}</ul>;
}

interface Props {
  name: ReactNode;
  /** A line below the name. */
  about?: ReactNode;
  /** What can be done about it, and what came of that. */
  children?: ReactNode;
}

export function Row({ name, about, children }: Props) {
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <span className={classes.name}>{name}</span>
        {about && <span className={classes.about}>{about}</span>}
      </div>
      {children}
    </li>
  );
}
