import { addresses } from "../../api/addresses.ts";
import { Pill } from "../elements/pill.tsx";
import { Fact, Facts, When } from "../elements/place.tsx";
import { Link } from "../route/link.tsx";
import { useMay } from "../session/session.ts";
import { Providers } from "../sign-in/providers.tsx";
import { texts } from "../texts/texts.ts";
import { Checked } from "./checked.tsx";
import { Reconnect } from "./reconnect.tsx";
import classes from "./setup.module.css";
import type { StepProps } from "./steps.tsx";

const { setup: words } = texts;

/** Which account it is, and that it lets us read; or the ways to let us in. */
export function CrmStep({ setup, account }: StepProps) {
  const may = useMay("admin");
  if (!account)
    return (
      <div className={classes.narrow}>
        <p className={classes.dim}>{words.crm.leaves}</p>
        {may && <Providers returnTo="setup" />}
      </div>
    );
  const red = setup.steps.some(({ step, state }) => step === "crm" && state === "attention");
  return (
    <div className={classes.narrow}>
      <Facts>
        <Fact term={words.crm.account}>
          <bdi>{account.name}</bdi>
        </Fact>
        <Fact term={words.crm.reading}>{texts.number(setup.reading?.read ?? 0)}</Fact>
        <Fact term={words.crm.lastRead(account.crmName)}>
          <When at={setup.reading?.lastReadAt} otherwise={texts.none} />
        </Fact>
        {account.sandbox && (
          <Fact term={words.crm.sandbox}>
            <Pill tone="setup">{texts.install.test}</Pill>
          </Fact>
        )}
      </Facts>
      {red && may && <Reconnect account={account} />}
      <Checked connection={account.id} steps={["crm"]} />
      {may && (
        <p className={classes.dim}>
          <Link to={addresses.signIn}>{words.another}</Link>
        </p>
      )}
    </div>
  );
}
