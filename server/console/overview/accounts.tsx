import { addresses } from "../../api/addresses.ts";
import type { ConnectionView, DatasetView, Overview } from "../../api/schema.ts";
import { ConnectionState, DatasetState } from "../connections/states.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Moment } from "../elements/moment.tsx";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./accounts.module.css";
import { deadlineOf } from "./dataset-deadline.ts";

const { accounts: said } = texts.figures;

/** Where changes come from and where they go, in a line each. */
export function Accounts({ overview }: { overview: Pick<Overview, "connections" | "datasets" | "status"> }) {
  const { connections, datasets } = overview;
  return (
    <Card title={said.title} aside={<Link to={addresses.connections}>{said.all}</Link>}>
      <h3 className={classes.kind}>{said.crm}</h3>
      {connections.length === 0 && <Absence>{said.noCrm}</Absence>}
      <ul className={classes.list}>
        {connections.map((connection) => (
          <Crm key={connection.id} connection={connection} />
        ))}
      </ul>
      <h3 className={classes.kind}>{said.meta}</h3>
      {datasets.length === 0 && <Absence>{said.noMeta}</Absence>}
      <ul className={classes.list}>
        {datasets.map((dataset) => (
          <Meta key={dataset.id} dataset={dataset} deadlineAt={deadlineOf(dataset, overview)} />
        ))}
      </ul>
    </Card>
  );
}

function Crm({ connection }: { connection: ConnectionView }) {
  const words = texts.connections;
  const { crmName, name, lastReadAt, lastChangeAt } = connection;
  return (
    <li className={classes.account}>
      <span className={classes.name}>
        <bdi>{crmName}</bdi>{" "}
        <span className={classes.dim}>
          <bdi>{name}</bdi>
        </span>
      </span>
      <ConnectionState of={connection} />
      <span className={classes.facts}>
        <Fact term={words.lastRead} at={lastReadAt} />
        <Fact term={words.lastChange} at={lastChangeAt} />
      </span>
    </li>
  );
}

function Meta({ dataset, deadlineAt }: { dataset: DatasetView; deadlineAt: string | undefined }) {
  const words = texts.datasets;
  const { name, metaId, waiting, pausedReason, nextTryAt, lastAcceptedAt } = dataset;
  return (
    <li className={classes.account}>
      <span className={classes.name}>
        <bdi>{name}</bdi>{" "}
        <span className={classes.dim}>
          <bdi>{metaId}</bdi>
        </span>
      </span>
      <DatasetState of={dataset} />
      <span className={classes.facts}>
        {pausedReason && <bdi className={classes.reason}>{pausedReason}</bdi>}
        <span>
          {words.waiting}: {words.events(waiting)}
        </span>
        {waiting > 0 && deadlineAt && <Fact term={words.deadline} at={deadlineAt} />}
        {nextTryAt && <Fact term={words.nextTry} at={nextTryAt} />}
        <Fact term={words.lastAccepted} at={lastAcceptedAt} />
      </span>
    </li>
  );
}

function Fact({ term, at }: { term: string; at: string | undefined }) {
  return (
    <span>
      {term}: {at ? <Moment at={at} /> : texts.connections.never}
    </span>
  );
}
