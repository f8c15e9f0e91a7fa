import type { InstallView } from "../../api/installs.ts";
import { Card } from "../elements/card.tsx";
import { Moment } from "../elements/moment.tsx";
import { Pill } from "../elements/pill.tsx";
import { Fact, Facts } from "../elements/place.tsx";
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
        <div className={classes.facts}>
          <Facts>
            <Fact term={words.account}>
              <bdi>{account.name}</bdi>
            </Fact>
            <Fact term={words.accountId(crmName)}>{account.id}</Fact>
            <Fact term={words.person(crmName)}>
              <bdi>{[person.name, person.mail].filter(Boolean).join(", ") || words.unnamed}</bdi>
            </Fact>
            <Fact term={words.ends}>
              <Moment at={endsAt} />
            </Fact>
          </Facts>
        </div>
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
