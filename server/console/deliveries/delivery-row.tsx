import { VisuallyHidden } from "@mantine/core";
import { type MouseEvent, useRef } from "react";
import type { DeliveryView } from "../../api/schema.ts";
import { Icon } from "../elements/icons.tsx";
import { Moment } from "../elements/moment.tsx";
import { Pill } from "../elements/pill.tsx";
import { inspect } from "../inspector/address.ts";
import { InspectLink } from "../inspector/inspect-link.tsx";
import type { Inspected } from "../inspector/inspected.ts";
import { texts } from "../texts/texts.ts";
import classes from "./deliveries.module.css";
import { deliveryLooks } from "./delivery-looks.ts";

export function DeliveryRow({ delivery, crm }: { delivery: DeliveryView; crm: string }) {
  const texted = texts.deliveries;
  const link = useRef<HTMLAnchorElement>(null);
  const to = inspectedBy(delivery);
  // The whole row opens what its link opens; but whoever marks a word in it reads.
  const open = ({ target }: MouseEvent) => {
    if ((target as Element).closest("a, button") || getSelection()?.type === "Range") return;
    link.current?.focus();
    inspect(to);
  };
  return (
    <tr className={classes.row} onClick={open}>
      <td className={classes.when}>
        <Moment at={delivery.changedAt} />
      </td>
      <td className={classes.crm}>
        <bdi>{crm}</bdi>
      </td>
      <td className={classes.record}>
        <InspectLink to={to} className={classes.open} ref={link}>
          <bdi>{delivery.record.object}</bdi> <bdi className={classes.id}>{delivery.record.id}</bdi>
        </InspectLink>
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
        <Pill {...deliveryLooks[delivery.state]}>{texted.states[delivery.state]}</Pill>
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

/** Where nothing was sent there is no event to look at, but a record. */
function inspectedBy({ datasetId, seq, connectionId, record, changedAt }: DeliveryView): Inspected {
  if (seq !== undefined) return { what: "delivery", dataset: datasetId, seq };
  return { what: "record", connection: connectionId, object: record.object, record: record.id, at: changedAt };
}
