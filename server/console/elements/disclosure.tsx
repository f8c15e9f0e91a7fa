import type { ReactNode } from "react";
import classes from "./disclosure.module.css";

interface Props {
  summary: string;
  /** It lies open at first. */
  open?: boolean;
  /** It follows what it is about, and nothing else keeps them apart. */
  below?: boolean;
  children: ReactNode;
}

/** Put away until somebody wants to know. */
export function Disclosure({ summary, open, below, children }: Props) {
  return (
    <details className={classes.disclosure} open={open} data-below={below || undefined}>
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
