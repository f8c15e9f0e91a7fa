import type { Tone } from "../../api/schema.ts";
import { Icon, type IconName, toneIcons } from "./icons.tsx";
import classes from "./pill.module.css";

/** A state in a word; the colour and the icon repeat it. */
export function Pill({ tone, icon, children }: { tone: Tone; icon?: IconName; children: string }) {
  return (
    <span className={classes.pill} data-tone={tone}>
      <Icon name={icon ?? toneIcons[tone]} size={12} />
      {children}
    </span>
  );
}
