import type { ListedDelivery } from "../../api/deliveries.ts";
import type { Tone } from "../../api/schema.ts";
import type { IconName } from "../elements/icons.tsx";

/** How the state of a delivery looks. */
export const deliveryLooks: Record<ListedDelivery["state"], { tone: Tone; icon: IconName }> = {
  accepted: { tone: "live", icon: "tick" },
  waiting: { tone: "waiting", icon: "clock" },
  refused: { tone: "problem", icon: "cross" },
  not_sent: { tone: "paused", icon: "dash" },
};
