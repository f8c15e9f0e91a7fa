import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { Overview } from "../../api/schema.ts";
import { Card } from "../elements/card.tsx";
import { Icon } from "../elements/icons.tsx";
import { follow } from "../route/link.tsx";
import { isAtLeast, useSession } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { GoLive } from "./go-live.tsx";
import classes from "./setup.module.css";

const { setup: words } = texts;

/** What somebody has to do before everything that is connected is read and sent; nothing where all is. */
export function Setup({ overview: { status, connections, datasets } }: { overview: Overview }) {
  const { data: session } = useSession();
  const role = session?.signedIn ? session.workspace?.role : undefined;
  const may = role !== undefined && isAtLeast(role, "admin");
  // An in-house CRM that has pushed nothing is there by itself and asks for nothing.
  const accounts = connections.filter(({ connector, lastChangeAt }) => connector !== "http" || lastChangeAt);
  const lost = accounts.filter(({ state }) => state === "disconnected");
  const unfinished = status.tone === "setup" || accounts.some(({ state }) => state === "ready");
  return (
    <>
      {may && lost.length > 0 && <Reconnect lost={lost} />}
      {unfinished && <Steps accounts={accounts} meta={datasets.length > 0} may={may} />}
    </>
  );
}

function Steps({ accounts, meta, may }: { accounts: Overview["connections"]; meta: boolean; may: boolean }) {
  const crm = accounts.length > 0;
  const waiting = accounts.filter(({ state }) => state === "ready");
  return (
    <Card title={words.title}>
      <ol className={classes.steps}>
        <Step done={crm} next={!crm} name={words.steps.crm}>
          {!crm && may && <Way to="/sign-in">{words.connectCrm}</Way>}
        </Step>
        <Step done={meta} next={crm && !meta} name={words.steps.meta}>
          {!meta && may && <Way to="/connect-meta">{words.connectMeta}</Way>}
        </Step>
        <Step done={false} next={crm && meta} name={words.steps.live}>
          {accounts.some(({ state }) => state === "reading") && <p className={classes.dim}>{words.reading}</p>}
          {crm && meta && waiting.map((account) => <GoLive key={account.id} account={account} may={may} />)}
        </Step>
      </ol>
    </Card>
  );
}

/** The same consent once more; mapping and history stay. */
function Reconnect({ lost }: { lost: Overview["connections"] }) {
  return (
    <Card title={words.reconnect.title}>
      <ul className={classes.steps}>
        {lost.map(({ id, name, crmName }) => (
          <li className={classes.lost} key={id}>
            <span>
              <bdi>{name}</bdi>
              <span className={classes.dim}>{words.reconnect.lead}</span>
            </span>
            <Way to="/sign-in">{words.reconnect.way(crmName)}</Way>
          </li>
        ))}
      </ul>
    </Card>
  );
}

interface StepProps {
  done: boolean;
  next: boolean;
  name: string;
  children: ReactNode;
}

function Step({ done, next, name, children }: StepProps) {
  const state = done ? "done" : next ? "next" : "later";
  return (
    <li className={classes.step} data-tone={done ? "live" : next ? "setup" : "paused"}>
      <span className={classes.mark}>
        <Icon name={done ? "tick" : next ? "arrow" : "dash"} size={14} />
      </span>
      <div className={classes.body}>
        <p className={classes.name}>
          {name} <span className={classes.dim}>{words[state]}</span>
        </p>
        {children}
      </div>
    </li>
  );
}

function Way({ to, children }: { to: string; children: string }) {
  return (
    <div>
      <Button component="a" href={to} size="compact-sm" onClick={(event) => follow(event, to)}>
        {children}
      </Button>
    </div>
  );
}
