import { VisuallyHidden } from "@mantine/core";
import type { ConnectionView, StageView } from "../../api/schema.ts";
import { Bar } from "../elements/bar.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./stages.module.css";

/** What Meta learned, per CRM account: its stages in the order of the funnel. */
export function Stages({
  stages,
  connections,
}: {
  stages: readonly StageView[];
  connections: readonly ConnectionView[];
}) {
  const accounts = Map.groupBy(stages, (stage) => stage.connectionId);
  return (
    <Card title={texts.stages.title} aside={texts.stages.explained}>
      {accounts.size === 0 ? (
        <Absence>{texts.stages.empty}</Absence>
      ) : (
        <div className={classes.accounts}>
          {[...accounts].map(([id, rows]) => (
            <Account key={id} rows={rows} connection={connections.find((connection) => connection.id === id)} />
          ))}
        </div>
      )}
    </Card>
  );
}

function Account({ rows, connection }: { rows: readonly StageView[]; connection: ConnectionView | undefined }) {
  const source = rows[0]?.leadEventSource ?? "";
  const crm = connection?.crmName ?? source;
  const most = Math.max(...rows.map((row) => row.accepted), 1);
  return (
    <div className={classes.account}>
      <h3 className={classes.crm}>
        <bdi>{crm}</bdi>
      </h3>
      <p className={classes.source}>
        <bdi>{connection?.name}</bdi> {texts.stages.source(source)}
      </p>
      <table className={classes.stages}>
        <caption>
          <VisuallyHidden>{texts.stages.caption(crm)}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">{texts.stages.eventName}</th>
            <th scope="col">{texts.stages.accepted}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.eventName}>
              <th scope="row">
                <bdi className={classes.name}>{row.eventName}</bdi>
                <Bar to={row.accepted / most} look="good" />
              </th>
              <td>{texts.number(row.accepted)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
