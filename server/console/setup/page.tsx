import { Skeleton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { addresses } from "../../api/addresses.ts";
import type { SetupStepName, SetupView } from "../../api/setup.ts";
import { AccountLinks } from "../elements/account-links.tsx";
import { Later } from "../elements/later.tsx";
import { Page } from "../elements/page.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { changeSearch, stringifySearch, useSearch } from "../route/search.ts";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { isStep, useSetup } from "./answers.ts";
import { Progress } from "./progress.tsx";
import classes from "./setup.module.css";
import { Steps } from "./steps.tsx";

const { setup: words } = texts;

/** From connecting a CRM to being live: five steps, one open at a time; where somebody stands is the server's to say. */
export function SetupPage() {
  const { connection, step, login, failed } = useSearch();
  const [met, meet] = useState<string>();
  const asked = connection ?? met;
  const { data, error, isFetching, refetch } = useSetup(asked);
  // The account that is shown stays so, also once it is live and another is the one to set up next.
  useEffect(() => {
    if (data?.connection) meet((known) => known ?? data.connection);
  }, [data?.connection]);
  if (!data && error)
    return (
      <Page title={words.title}>
        <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />
      </Page>
    );
  if (!data)
    return (
      <Page title={words.title} lead={words.lead}>
        <Later label={words.loading}>
          <Skeleton h={420} />
        </Later>
      </Page>
    );
  // Who comes back from Meta goes on where they left.
  const wanted = isStep(step) ? step : login === "ready" || failed !== undefined ? "meta" : undefined;
  return <Open setup={data} wanted={wanted} asked={asked} />;
}

interface Props {
  setup: SetupView;
  /** The step that the address names. */
  wanted: SetupStepName | undefined;
  /** The account that was asked for. */
  asked: string | undefined;
}

function Open({ setup, wanted, asked }: Props) {
  const may = useMay("admin");
  const queries = useQueryClient();
  // What lies open is not changed under anybody's hands, whoever takes a step meanwhile.
  const [first] = useState(setup.current ?? "live");
  const open = wanted ?? first;
  const account = setup.connections.find(({ id }) => id === setup.connection);
  const choose = (next: SetupStepName | undefined) => {
    const known = queries.getQueryData<SetupView>(["setup", asked]) ?? setup;
    const step = next ?? known.current ?? "live";
    if (step !== wanted) changeSearch({ ...nothing, step }, true);
  };
  return (
    <Page title={words.title} lead={setup.current ? words.lead : words.all}>
      {!may && <p className={classes.dim}>{words.viewer(texts.session.roles.admin)}</p>}
      {/* What was reached on one account does not count for another. */}
      {setup.connections.length > 1 && (
        <AccountLinks
          label={words.accounts}
          shown={setup.connection}
          accounts={setup.connections.map(({ id, name, crmName }) => ({
            id,
            name,
            note: crmName,
            to: `${addresses.setup}${stringifySearch({ connection: id })}`,
          }))}
        />
      )}
      <Steps setup={setup} account={account} open={open} onOpen={choose} />
      <Progress setup={setup} open={open} onOpen={choose} />
    </Page>
  );
}

/** What belongs to the step that is left. */
const nothing = {
  login: undefined,
  failed: undefined,
  object: undefined,
  record: undefined,
  entry: undefined,
  q: undefined,
};
