import type { InstallView } from "../../api/installs.ts";
import { Card } from "../elements/card.tsx";
import { Moment } from "../elements/moment.tsx";
import { Pill } from "../elements/pill.tsx";
import { ScopeList } from "../sign-in/scopes.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./install.module.css";

const { install: words } = texts;

/** Whose account it is, who agreed, and to what. */
export function Account({ install }: { install: InstallView }) {
  const { account, crmName, person, scopes, endsAt } = install;
  return (
    <>
      <Card title={crmName} aside={account.sandbox && <Pill tone="setup">{words.test}</Pill>}>
        <dl className={classes.facts}>
          <div>
            <dt>{words.account}</dt>
            <dd>
              <bdi>{account.name}</bdi>
            </dd>
          </div>
          <div>
            <dt>{words.accountId(crmName)}</dt>
            <dd>{account.id}</dd>
          </div>
          <div>
            <dt>{words.person(crmName)}</dt>
            <dd>
              <bdi>{[person.name, person.mail].filter(Boolean).join(", ") || words.unnamed}</bdi>
            </dd>
          </div>
          <div>
            <dt>{words.ends}</dt>
            <dd>
              <Moment at={endsAt} />
            </dd>
          </div>
        </dl>
        {account.sandbox && <p className={classes.dim}>{words.testExplained}</p>}
      </Card>
      <Card title={words.permissions}>
        <ScopeList
          scopes={scopes}
          mark={({ granted, required }) => (
            <Pill tone={granted ? "live" : required ? "problem" : "paused"} icon={granted ? "tick" : "dash"}>
              {granted ? words.granted : required ? words.missing : words.missingFine}
            </Pill>
          )}
        />
      </Card>
    </>
  );
}
