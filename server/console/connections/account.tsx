import { Button } from "@mantine/core";
import type { ConnectionFacts } from "../../api/connections.ts";
import type { ConnectionView } from "../../api/schema.ts";
import { Deeds } from "../elements/deeds.tsx";
import { Note } from "../elements/note.tsx";
import { Pill } from "../elements/pill.tsx";
import { Fact, Facts, Place, When } from "../elements/place.tsx";
import { useMay } from "../session/session.ts";
import { useTaskAbout } from "../tasks/answers.ts";
import { ProgressBar } from "../tasks/progress-bar.tsx";
import { nameOf } from "../tasks/words.ts";
import { texts } from "../texts/texts.ts";
import classes from "./connections.module.css";
import { DaysLine } from "./days-line.tsx";
import { DisconnectAccount } from "./disconnect-account.tsx";
import { Farewell } from "./farewell.tsx";
import { Granted } from "./granted.tsx";
import { LaneDeeds } from "./lane-deeds.tsx";
import { Paused } from "./paused.tsx";
import { Scopes } from "./scopes.tsx";
import { ConnectionState } from "./states.tsx";

const { connectionsPage: words } = texts;
const { accounts } = words;

interface Props {
  facts: ConnectionFacts;
  /** How it fares; absent: it has come only now. */
  state: ConnectionView | undefined;
  /** The name of where its events go. */
  dataset: string | undefined;
}

/** One CRM account: what it is, who let us in, what we may read, and what can be done about it. */
export function Account({ facts, state, dataset }: Props) {
  const { id, crmName, name, disconnectedAt, startPath, scopes } = facts;
  const may = useMay("admin");
  const task = useTaskAbout(id);
  const lost = state?.state === "disconnected" && !disconnectedAt;
  return (
    <Place kind={crmName} name={name} state={<State facts={facts} state={state} />}>
      {disconnectedAt && (
        <div className={classes.note}>
          <Note tone="paused">{words.disconnected.account(crmName)}</Note>
          <Farewell id={id} crmName={crmName} />
        </div>
      )}
      {lost && (
        <div className={classes.note}>
          <Note tone="problem">{words.disconnected.lost(crmName)}</Note>
        </div>
      )}
      {facts.paused && !task?.canResume && <Paused paused={facts.paused} />}
      {task && (
        <div className={classes.note}>
          <ProgressBar task={task} title={nameOf(task)} />
        </div>
      )}
      <div className={classes.facts}>
        <Facts>
          <Fact term={accounts.account}>
            <bdi className={classes.id}>{facts.accountId}</bdi>
          </Fact>
          <Granted since={facts.since} grantedBy={facts.grantedBy} />
          <Fact term={accounts.sendsTo}>
            <bdi>{dataset ?? accounts.nowhere}</bdi>
          </Fact>
          <Fact term={accounts.liveSince}>
            {ever(facts) ? accounts.ever : <When at={facts.liveSince} otherwise={accounts.notLive} />}
          </Fact>
          <Fact term={accounts.lastRead}>
            <When at={state?.lastReadAt} otherwise={accounts.never} />
          </Fact>
          <Fact term={accounts.lastChange}>
            <When at={state?.lastChangeAt} otherwise={accounts.never} />
          </Fact>
          {state && <Fact term={accounts.read}>{texts.number(state.read)}</Fact>}
        </Facts>
      </div>
      {scopes.length > 0 && <Scopes scopes={scopes} />}
      {!disconnectedAt && <DaysLine connection={id} name={name} />}
      {disconnectedAt || lost ? (
        may && (
          <Deeds below>
            {startPath && (
              <Button component="a" href={startPath} size="compact-sm" variant="filled">
                {words.reconnect(crmName)}
              </Button>
            )}
            {lost && <DisconnectAccount facts={facts} />}
          </Deeds>
        )
      ) : (
        <LaneDeeds
          lane={{
            kind: "reading",
            id,
            name,
            pausedCode: state?.pausedCode,
            barred: task?.canStop || task?.canResume || false,
          }}
        >
          <DisconnectAccount facts={facts} />
        </LaneDeeds>
      )}
    </Place>
  );
}

/** Whatever was ever pushed is sent. */
const ever = ({ liveSince }: ConnectionFacts): boolean => liveSince !== undefined && Date.parse(liveSince) === 0;

function State({ facts, state }: Pick<Props, "facts" | "state">) {
  const sandbox = facts.sandbox && (
    <Pill tone="waiting" icon="dash">
      {accounts.sandbox}
    </Pill>
  );
  const now = facts.disconnectedAt ? (
    <Pill tone="paused">{words.disconnected.state}</Pill>
  ) : (
    state && <ConnectionState of={state} />
  );
  return (
    <span className={classes.states}>
      {sandbox}
      {now}
    </span>
  );
}
