import type { Tone } from "../../api/schema.ts";
import type { SetupStepView } from "../../api/setup.ts";
import type { IconName } from "../elements/icons.tsx";

/** Apart from the steps themselves: the overview shows how they stand, and loads none of them. */
export const looks: Readonly<Record<SetupStepView["state"], { icon: IconName; tone: Tone }>> = {
  done: { icon: "tick", tone: "live" },
  todo: { icon: "arrow", tone: "setup" },
  attention: { icon: "warning", tone: "problem" },
  blocked: { icon: "dash", tone: "paused" },
};
