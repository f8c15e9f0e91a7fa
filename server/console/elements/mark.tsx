import type { Tone } from "../../api/schema.ts";
import { Icon, type IconName } from "./icons.tsx";
import classes from "./mark.module.css";

/** How something stands, in a round; words beside it say the same. `large`: beside a heading. */
export function Mark({ icon, tone, large }: { icon: IconName; tone?: Tone; large?: boolean }) {
  return (
    <span className={classes.mark} data-tone={tone} data-large={large || undefined}>
      <Icon name={icon} size={large ? 16 : 14} />
    </span>
  );
}
