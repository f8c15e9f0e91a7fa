import { Button } from "@mantine/core";
import { addresses } from "../../api/addresses.ts";
import type { DatasetFacts } from "../../api/connections.ts";
import type { DatasetView } from "../../api/schema.ts";
import { Deeds } from "../elements/deeds.tsx";
import { Note } from "../elements/note.tsx";
import { useNow } from "../elements/now.tsx";
import { Pill } from "../elements/pill.tsx";
import { Fact, Facts, Place, When } from "../elements/place.tsx";
import { deadlineOf } from "../overview/dataset-deadline.ts";
import { follow } from "../route/link.tsx";
import { useMay } from "../session/session.ts";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import classes from "./connections.module.css";
import { DisconnectDataset } from "./disconnect-dataset.tsx";
import { Granted } from "./granted.tsx";
import { LaneDeeds } from "./lane-deeds.tsx";
import { Paused } from "./paused.tsx";
import { DatasetState } from "./states.tsx";

const { connectionsPage: words } = texts;
const { datasets, accounts } = words;

/** An access that ends sooner is told of: somebody has to act. */
const soonMs = 14 * 86_400_000;

interface Props {
  facts: DatasetFacts;
  state: DatasetView | undefined;
}

/** One dataset at Meta: how it is reached and until when, what waits for it, and what can be done about it. */
export function Dataset({ facts, state }: Props) {
  const { id, name, disconnectedAt, accessEndsAt } = facts;
  const overview = useOverview();
  const now = useNow();
  const may = useMay("admin");
  const ends = accessEndsAt !== undefined && !disconnectedAt && Date.parse(accessEndsAt) - now < soonMs;
  const troubled = state?.pausedCode !== undefined && state.pausedCode !== "by_admin";
  const again = disconnectedAt !== undefined || troubled || ends;
  return (
    <Place name={name} state={<State facts={facts} state={state} />}>
      {disconnectedAt && (
        <div className={classes.note}>
          <Note tone="paused">{words.disconnected.dataset}</Note>
        </div>
      )}
      {!disconnectedAt && troubled && (
        <div className={classes.note}>
          <Note tone="problem">{state.pausedReason}</Note>
        </div>
      )}
      {ends && (
        <div className={classes.note}>
          <Note tone="waiting">{datasets.endsSoon}</Note>
        </div>
      )}
      {facts.paused && <Paused paused={facts.paused} />}
      <div className={classes.facts}>
        <Facts>
          <Fact term={datasets.id}>
            <bdi className={classes.id}>{facts.metaId}</bdi>
          </Fact>
          <Fact term={datasets.via}>{datasets.ways[facts.via]}</Fact>
          {facts.businessId && (
            <Fact term={datasets.business}>
              <bdi className={classes.id}>{facts.businessId}</bdi>
            </Fact>
          )}
          <Granted since={facts.since} grantedBy={facts.grantedBy} />
          <Fact term={datasets.accessEnds}>
            <When at={accessEndsAt} otherwise={datasets.noEnd} />
          </Fact>
          {state && <Fact term={datasets.waiting}>{datasets.events(state.waiting)}</Fact>}
          {state && state.waiting > 0 && deadlineOf(state, overview) && (
            <Fact term={texts.datasets.deadline}>
              <When at={deadlineOf(state, overview)} otherwise={accounts.never} />
            </Fact>
          )}
          <Fact term={datasets.lastAccepted}>
            <When at={state?.lastAcceptedAt} otherwise={accounts.never} />
          </Fact>
        </Facts>
      </div>
      {may && again && (
        <Deeds below>
          <Button
            component="a"
            href={addresses.connectMeta}
            size="compact-sm"
            variant="filled"
            onClick={(event) => follow(event, addresses.connectMeta)}
          >
            {words.connectAgain}
          </Button>
        </Deeds>
      )}
      {!disconnectedAt && (
        <LaneDeeds lane={{ kind: "sending", id, name, pausedCode: state?.pausedCode }}>
          <DisconnectDataset facts={facts} waiting={state?.waiting ?? 0} />
        </LaneDeeds>
      )}
    </Place>
  );
}

function State({ facts, state }: Props) {
  if (facts.disconnectedAt) return <Pill tone="paused">{words.disconnected.state}</Pill>;
  return state && <DatasetState of={state} />;
}
