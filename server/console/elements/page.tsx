import { type ReactNode, useEffect, useRef } from "react";
import { hasMoved } from "../route/history.ts";
import { texts } from "../texts/texts.ts";
import classes from "./page.module.css";

interface Props {
  /** Its heading, and its name in the browser's tab. */
  title: string;
  /** One or two sentences under the heading. */
  lead?: ReactNode;
  /** Beside the heading: what can be done with the page as a whole. */
  actions?: ReactNode;
  children?: ReactNode;
}

/** A page within the shell. Whoever came by a step inside the console begins at its heading. */
export function Page({ title, lead, actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = texts.title(title);
  }, [title]);
  useEffect(() => {
    if (hasMoved()) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="page-grid">
      <div className={classes.head}>
        <div>
          <h1 className={classes.heading} tabIndex={-1} ref={heading}>
            <bdi>{title}</bdi>
          </h1>
          {lead && <p className={classes.lead}>{lead}</p>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}
