import { VisuallyHidden } from "@mantine/core";
import { type MouseEvent, useRef } from "react";
import type { ListedDelivery } from "../../api/deliveries.ts";
import { Icon } from "../elements/icons.tsx";
import { Moment } from "../elements/moment.tsx";
import { Pill } from "../elements/pill.tsx";
import { inspect } from "../inspector/address.ts";
import { InspectLink } from "../inspector/inspect-link.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./deliveries.module.css";
import { deliveryLooks } from "./delivery-looks.ts";
import { inspectedBy } from "./inspected-by.ts";
import { Outcome } from "./outcome.tsx";
import { rowIdOf } from "./row-keys.ts";

const { deliveries: words } = texts;
/** Read this much later than it changed: worth a word. */
const lateMs = 15 * 60_000;

interface Props {
  delivery: ListedDelivery;
  crm: string | undefined;
  /** It does not belong to the view any more. */
  movedOn: boolean;
  /** It lies open beside the list. */
  open: boolean;
}

export function DeliveryRow({ delivery, crm, movedOn, open }: Props) {
  const { record, state, stage, stageId, eventName, changedAt, keptAt } = delivery;
  const link = useRef<HTMLAnchorElement>(null);
  const to = inspectedBy(delivery);
  // The whole row opens what its link opens; but whoever marks a word in it reads.
  const openIt = ({ target }: MouseEvent) => {
    if ((target as Element).closest("a, button") || getSelection()?.type === "Range") return;
    link.current?.focus();
    inspect(to);
  };
  return (
    <tr
      className={classes.row}
      id={rowIdOf(delivery)}
      onClick={openIt}
      data-open={open || undefined}
      data-moved-on={movedOn || undefined}
    >
      <td className={classes.when}>
        <Moment at={changedAt} />
        {Date.parse(keptAt) - Date.parse(changedAt) > lateMs && (
          <span className={classes.late}>
            {words.readLater} <Moment at={keptAt} />
          </span>
        )}
      </td>
      <td className={classes.record}>
        <InspectLink to={to} className={classes.open} ref={link} row>
          {record.object === "erased" ? (
            words.erased
          ) : (
            <>
              <bdi>{record.object}</bdi> <bdi className={classes.id}>{record.id}</bdi>
            </>
          )}
        </InspectLink>
      </td>
      <td className={classes.stage}>
        <bdi>{stage ?? stageId}</bdi>
        {eventName !== undefined && eventName !== stage && (
          <span className={classes.sent}>
            <Icon name="arrow" size={12} />
            <VisuallyHidden>{words.sentAs}</VisuallyHidden>
            <bdi>{eventName}</bdi>
          </span>
        )}
        {delivery.filled && <span className={classes.late}>{words.filled}</span>}
      </td>
      <td className={classes.crm}>
        <bdi>{crm}</bdi>
      </td>
      <td className={classes.state}>
        <Pill {...deliveryLooks[state]}>{words.states[state]}</Pill>
        {movedOn ? <span className={classes.reason}>{words.movedOn}</span> : <Outcome delivery={delivery} />}
      </td>
    </tr>
  );
}
