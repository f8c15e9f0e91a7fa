import type { ReactNode } from "react";
import type { Tone } from "../../api/schema.ts";
import classes from "./check-list.module.css";
import type { IconName } from "./icons.tsx";
import { Mark } from "./mark.tsx";

/** What was looked at, one line each. `ordered`: one after the other. */
export function CheckList({ ordered = false, children }: { ordered?: boolean; children: ReactNode }) {
  const List = ordered ? "ol" : "ul";
  return <List className={classes.list}>{children}</List>;
}

interface Props {
  icon: IconName;
  tone: Tone;
  state?: string;
  children: ReactNode;
}

export function Check({ icon, tone, state, children }: Props) {
  return (
    <li className={classes.check} data-state={state}>
      <Mark icon={icon} tone={tone} />
      <span>{children}</span>
    </li>
  );
}

/** How it looks where a vendor was asked. */
export const checkLooks = {
  ok: { icon: "tick", tone: "live" },
  failed: { icon: "cross", tone: "problem" },
  unseen: { icon: "dash", tone: "waiting" },
} as const satisfies Record<string, { icon: IconName; tone: Tone }>;
