import { Button } from "@mantine/core";
import { addresses } from "../../api/addresses.ts";
import { AccountLinks } from "../elements/account-links.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Page } from "../elements/page.tsx";
import { follow } from "../route/link.tsx";
import { hrefWith, useSearch } from "../route/search.ts";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { Look } from "./look.tsx";

const { preview: words } = texts;

/** Any lead's event, exactly, and sending it as a test. */
export function PreviewPage() {
  const { connections } = useOverview();
  const { connection } = useSearch();
  const chosen = connections.find(({ id }) => id === connection) ?? connections[0];
  return (
    <Page title={words.title} lead={words.lead}>
      {!chosen && (
        <Card title={words.records.title}>
          <Absence>{words.none}</Absence>
          <div>
            <Button component="a" href={addresses.setup} onClick={(event) => follow(event, addresses.setup)}>
              {words.setUp}
            </Button>
          </div>
        </Card>
      )}
      {chosen && connections.length > 1 && (
        <AccountLinks
          label={words.connection}
          shown={chosen.id}
          accounts={connections.map(({ id, name }) => ({
            id,
            name,
            to: hrefWith({ connection: id, object: undefined, record: undefined, q: undefined, entry: undefined }),
          }))}
        />
      )}
      {chosen && <Look key={chosen.id} connection={chosen.id} />}
    </Page>
  );
}
