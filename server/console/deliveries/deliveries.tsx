import { Button, VisuallyHidden } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import type { ConnectionView, DeliveryView } from "../../api/schema.ts";
import { Absence, Card } from "../elements/card.tsx";
import { Icon } from "../elements/icons.tsx";
import { useInspected } from "../inspector/address.ts";
import { texts } from "../texts/texts.ts";
import classes from "./deliveries.module.css";
import { DeliveryRow } from "./delivery-row.tsx";
import { useHeldRows } from "./held-rows.ts";

interface Props {
  deliveries: readonly DeliveryView[];
  connections: readonly ConnectionView[];
  demo: boolean;
}

/** The latest stage changes. The list stands still on request, and while the pointer or the focus is in it. */
export function Deliveries({ deliveries, connections, demo }: Props) {
  const [held, hold] = useState(false);
  const [pointed, point] = useState(false);
  const [focused, focus] = useState(false);
  const inspecting = useInspected() !== undefined;
  const { visible, waiting, show } = useHeldRows(deliveries, held || pointed || focused || inspecting);
  const crmNames = new Map(connections.map((connection) => [connection.id, connection.crmName]));
  const texted = texts.deliveries;

  if (deliveries.length === 0)
    return (
      <Card title={texted.title}>
        <Absence>
          {demo ? texted.emptyDemo : texted.empty} {demo && <a href="/sandbox/">{texts.sandbox}</a>}
        </Absence>
      </Card>
    );

  const aside = (
    <span className={classes.aside}>
      <Button
        size="compact-sm"
        variant="light"
        data-hidden={waiting === 0 || undefined}
        className={classes.fresh}
        onClick={show}
      >
        {texted.fresh(waiting)}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        title={texted.held}
        leftSection={<Icon name={held ? "play" : "pause"} size={12} />}
        onClick={() => hold(!held)}
      >
        {held ? texted.release : texted.hold}
      </Button>
    </span>
  );
  return (
    <Card title={texted.title} aside={aside}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: nothing is operated here; the list only waits for its reader */}
      <div
        onPointerEnter={(event) => point(event.pointerType === "mouse")}
        onPointerLeave={() => point(false)}
        onFocus={() => focus(true)}
        onBlur={(event) => focus(event.currentTarget.contains(event.relatedTarget))}
      >
        <table className={classes.deliveries}>
          <caption>
            <VisuallyHidden>{texted.caption}</VisuallyHidden>
          </caption>
          <thead>
            <tr>
              <th scope="col">{texted.changed}</th>
              <th scope="col">{texted.crm}</th>
              <th scope="col">{texted.record}</th>
              <th scope="col">{texted.stage}</th>
              <th scope="col">{texted.state}</th>
            </tr>
          </thead>
          <tbody onKeyDown={toNextRow}>
            {visible.map((delivery) => (
              <DeliveryRow
                key={delivery.id}
                delivery={delivery}
                crm={crmNames.get(delivery.connectionId) ?? delivery.leadEventSource}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** Up and down go from row to row. */
function toNextRow(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const links: Element[] = [...event.currentTarget.querySelectorAll("a")];
  const at = document.activeElement ? links.indexOf(document.activeElement) : -1;
  if (!step || at < 0) return;
  event.preventDefault();
  const next = links[at + step];
  if (next instanceof HTMLElement) next.focus();
}
