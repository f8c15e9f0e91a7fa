import { Button } from "@mantine/core";
import { addresses } from "../../api/addresses.ts";
import { Absence, Card } from "../elements/card.tsx";
import { Page } from "../elements/page.tsx";
import { Places } from "../elements/place.tsx";
import { Placeholder } from "../elements/placeholder.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { follow } from "../route/link.tsx";
import { useMay } from "../session/session.ts";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { Account } from "./account.tsx";
import { useConnections } from "./answers.ts";
import { Dataset } from "./dataset.tsx";

const { connectionsPage: words } = texts;

/** The accounts and datasets of the workspace: who let us in, what may be read, how each fares, and how it ends. */
export function ConnectionsPage() {
  const may = useMay("admin");
  const { connections, datasets } = useOverview();
  const { data, error, isFetching, refetch } = useConnections();
  const none = { accounts: data?.connections.length === 0, datasets: data?.datasets.length === 0 };
  return (
    <Page
      title={words.title}
      lead={may ? words.lead : `${words.lead} ${words.onlyAdmins}`}
      actions={
        may &&
        data && (
          <>
            <Way to={addresses.signIn} main={none.accounts}>
              {none.accounts ? words.addFirst : words.addAccount}
            </Way>
            <Way to={addresses.connectMeta} main={!none.accounts && none.datasets}>
              {none.datasets ? words.addFirstDataset : words.addDataset}
            </Way>
          </>
        )
      }
    >
      {error && <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      {!data && !error && <Placeholder label={texts.shell.loading} />}
      {data && (
        <>
          <Card title={words.accounts.title}>
            {none.accounts && <Absence>{words.accounts.empty}</Absence>}
            <Places>
              {data.connections.map((facts) => (
                <Account
                  key={facts.id}
                  facts={facts}
                  state={connections.find(({ id }) => id === facts.id)}
                  dataset={data.datasets.find(({ id }) => id === facts.dataset)?.name}
                />
              ))}
            </Places>
          </Card>
          <Card title={words.datasets.title}>
            {none.datasets && <Absence>{words.datasets.empty}</Absence>}
            <Places>
              {data.datasets.map((facts) => (
                <Dataset key={facts.id} facts={facts} state={datasets.find(({ id }) => id === facts.id)} />
              ))}
            </Places>
          </Card>
        </>
      )}
    </Page>
  );
}

function Way({ to, main, children }: { to: string; main: boolean | undefined; children: string }) {
  return (
    <Button component="a" href={to} variant={main ? "filled" : "default"} onClick={(event) => follow(event, to)}>
      {children}
    </Button>
  );
}
