import type { ReactNode } from "react";
import type { Tone } from "../../api/schema.ts";
import { Icon, toneIcons } from "../elements/icons.tsx";
import classes from "./note.module.css";

/** Something to know before going on. `role` `alert` where it answers what was just done. */
export function Note({ tone, role, children }: { tone: Tone; role?: "alert" | "status"; children: ReactNode }) {
  return (
    <div className={classes.note} data-tone={tone} role={role}>
      <Icon name={toneIcons[tone]} size={18} />
      <div>{children}</div>
    </div>
  );
}
