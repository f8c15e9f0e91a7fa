import { addresses } from "../../api/addresses.ts";
import type { ConnectionView, DatasetView, Overview, Tone } from "../../api/schema.ts";
import { Absence, Card } from "../elements/card.tsx";
import { Moment } from "../elements/moment.tsx";
import { Pill } from "../elements/pill.tsx";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./accounts.module.css";
import { deadlineOf } from "./dataset-deadline.ts";

const { accounts: said } = texts.figures;

const tones: Record<ConnectionView["state"], Tone> = {
  reading: "setup",
  live: "live",
  ready: "setup",
  disconnected: "problem",
  paused: "paused",
  limited: "waiting",
};

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

function Crm({ connection: { crmName, name, state, lastReadAt, lastChangeAt } }: { connection: ConnectionView }) {
  const words = texts.connections;
  return (
    <li className={classes.account}>
      <span className={classes.name}>
        <bdi>{crmName}</bdi>{" "}
        <span className={classes.dim}>
          <bdi>{name}</bdi>
        </span>
      </span>
      <Pill tone={tones[state]}>{words.states[state]}</Pill>
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
      <State dataset={dataset} />
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

function State({ dataset }: { dataset: DatasetView }) {
  const words = texts.datasets;
  const { pausedReason, pausedCode, nextTryAt, waiting, lastAcceptedAt } = dataset;
  if (pausedReason) return <Pill tone={pausedCode === "by_admin" ? "paused" : "problem"}>{words.paused}</Pill>;
  if (nextTryAt && waiting > 0) return <Pill tone="waiting">{words.retrying}</Pill>;
  if (lastAcceptedAt || waiting > 0) return <Pill tone="live">{words.sending}</Pill>;
  return <Pill tone="setup">{words.quiet}</Pill>;
}
