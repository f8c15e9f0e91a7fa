import { VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./placeholder.module.css";

/** The shape of what is on its way; unseen for the first 200 ms, so that a quick answer does not flash. */
export function Later({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.placeholder} aria-busy="true">
      <VisuallyHidden>{label}</VisuallyHidden>
      {children}
    </div>
  );
}
