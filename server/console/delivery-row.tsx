import { VisuallyHidden } from "@mantine/core";
import type { DeliveryView, Tone } from "../api/schema.ts";
import classes from "./deliveries.module.css";
import { Icon, type IconName } from "./icons.tsx";
import { Moment } from "./moment.tsx";
import { Pill } from "./pill.tsx";
import { en as texts } from "./texts/en.ts";

const looks: Record<DeliveryView["state"], { tone: Tone; icon: IconName }> = {
  accepted: { tone: "live", icon: "tick" },
  waiting: { tone: "waiting", icon: "clock" },
  refused: { tone: "problem", icon: "cross" },
  not_sent: { tone: "paused", icon: "dash" },
};

export function DeliveryRow({ delivery, crm }: { delivery: DeliveryView; crm: string }) {
  const texted = texts.deliveries;
  const look = looks[delivery.state];
  return (
    <tr>
      <td className={classes.when}>
        <Moment at={delivery.changedAt} />
      </td>
      <td className={classes.crm}>
        <bdi>{crm}</bdi>
      </td>
      <td className={classes.record}>
        <bdi>{delivery.record.object}</bdi> <bdi className={classes.id}>{delivery.record.id}</bdi>
      </td>
      <td className={classes.stage}>
        <bdi>{delivery.stage}</bdi>
        {delivery.eventName !== undefined && (
          <span className={classes.sent}>
            <Icon name="arrow" size={12} />
            <VisuallyHidden>{texted.sentAs}</VisuallyHidden>
            <bdi>{delivery.eventName}</bdi>
          </span>
        )}
      </td>
      <td className={classes.state}>
        <Pill {...look}>{texted.states[delivery.state]}</Pill>
        {delivery.title && <span className={classes.reason}>{delivery.title}</span>}
        {(delivery.settledAt || delivery.traceId) && (
          <span className={classes.settled}>
            {delivery.settledAt && (
              <span>
                {delivery.state === "not_sent" ? texted.decided : texted.settled} <Moment at={delivery.settledAt} />
              </span>
            )}
            {delivery.traceId && (
              <span>
                {texted.trace} <bdi className={classes.id}>{delivery.traceId}</bdi>
              </span>
            )}
          </span>
        )}
      </td>
    </tr>
  );
}
