import { VisuallyHidden } from "@mantine/core";
import { addresses } from "../../api/addresses.ts";
import type { ListedDelivery } from "../../api/deliveries.ts";
import { deliveryLooks } from "../deliveries/delivery-looks.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Icon } from "../elements/icons.tsx";
import { Moment } from "../elements/moment.tsx";
import { Pill } from "../elements/pill.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { InspectLink } from "../inspector/inspect-link.tsx";
import type { Inspected } from "../inspector/inspected.ts";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import { useLatest } from "./answers.ts";
import classes from "./latest.module.css";

const { latest: said } = texts.figures;

/** The last ten stage changes; the whole list is a page of its own. */
export function Latest({ demo }: { demo: boolean }) {
  const { data, error, isFetching, refetch } = useLatest();
  const rows = data?.deliveries ?? [];
  return (
    <Card title={said.title} aside={<Link to={addresses.deliveries}>{said.all}</Link>}>
      {!data && !error && <Awaited label={said.loading} lines={5} />}
      {!data && error && (
        <Refusal what={said.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />
      )}
      {data && rows.length === 0 && <Absence>{demo ? said.emptyDemo : said.empty}</Absence>}
      {rows.length > 0 && (
        <table className={classes.table}>
          <caption>
            <VisuallyHidden>{said.caption}</VisuallyHidden>
          </caption>
          <thead>
            <tr>
              <th scope="col">{said.changed}</th>
              <th scope="col">{said.record}</th>
              <th scope="col">{said.stage}</th>
              <th scope="col">{said.state}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((delivery) => (
              <Row key={delivery.id} delivery={delivery} />
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function Row({ delivery }: { delivery: ListedDelivery }) {
  const { record, stage, stageId, eventName, state, reason, changedAt } = delivery;
  return (
    <tr>
      <td>
        <Moment at={changedAt} />
      </td>
      <td>
        <InspectLink to={inspectedBy(delivery)} label={said.open(`${record.object} ${record.id}`)}>
          <bdi>{record.object}</bdi> <bdi className={classes.id}>{record.id}</bdi>
        </InspectLink>
      </td>
      <td>
        <bdi>{stage ?? stageId}</bdi>
        {eventName !== undefined && eventName !== stage && (
          <span className={classes.sent}>
            <Icon name="arrow" size={12} />
            <VisuallyHidden>{said.sentAs}</VisuallyHidden>
            <bdi>{eventName}</bdi>
          </span>
        )}
      </td>
      <td>
        <span className={classes.state}>
          <Pill {...deliveryLooks[state]}>{texts.deliveries.states[state]}</Pill>
          {reason && <bdi className={classes.reason}>{reason.title}</bdi>}
        </span>
      </td>
    </tr>
  );
}

/** Where nothing was sent there is no event to look at, but a record. */
function inspectedBy({ datasetId, seq, connectionId, record, changedAt }: ListedDelivery): Inspected {
  if (datasetId !== undefined && seq !== undefined) return { what: "delivery", dataset: datasetId, seq };
  return { what: "record", connection: connectionId, object: record.object, record: record.id, at: changedAt };
}
