import type { ReactNode, Ref } from "react";
import classes from "./deeds.module.css";

interface Props {
  ref?: Ref<HTMLDivElement>;
  /** They follow what they are about, and nothing else keeps them apart from it. */
  below?: boolean;
  children: ReactNode;
}

/** What can be done, side by side; once one of them asks something, the question alone. */
export function Deeds({ ref, below, children }: Props) {
  return (
    <div className={classes.deeds} data-below={below || undefined} ref={ref}>
      {children}
    </div>
  );
}
