import { VisuallyHidden } from "@mantine/core";
import type { ListedDelivery } from "../../api/deliveries.ts";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import classes from "./deliveries.module.css";
import { DeliveryRow } from "./delivery-row.tsx";
import { toNextRow } from "./row-keys.ts";

const { deliveries: words } = texts;

interface Props {
  rows: readonly ListedDelivery[];
  movedOn: ReadonlySet<string>;
  /** The id of the row that lies open. */
  open: string | undefined;
}

export function Table({ rows, movedOn, open }: Props) {
  const { connections } = useOverview();
  const crmNames = new Map(connections.map(({ id, crmName }) => [id, crmName]));
  return (
    <table className={classes.deliveries}>
      <caption>
        <VisuallyHidden>{words.caption}</VisuallyHidden>
      </caption>
      <thead>
        <tr>
          <th scope="col">{words.changed}</th>
          <th scope="col">{words.record}</th>
          <th scope="col">{words.stage}</th>
          <th scope="col">{words.crm}</th>
          <th scope="col">{words.state}</th>
        </tr>
      </thead>
      <tbody onKeyDown={toNextRow}>
        {rows.map((row) => (
          <DeliveryRow
            key={row.id}
            delivery={row}
            crm={crmNames.get(row.connectionId)}
            movedOn={movedOn.has(row.id)}
            open={row.id === open}
          />
        ))}
      </tbody>
    </table>
  );
}
