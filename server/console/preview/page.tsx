import { Button } from "@mantine/core";
import { addresses } from "../../api/addresses.ts";
import { Absence, Card } from "../elements/card.tsx";
import { Page } from "../elements/page.tsx";
import { follow, Link } from "../route/link.tsx";
import { hrefWith, useSearch } from "../route/search.ts";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { Look } from "./look.tsx";
import classes from "./preview.module.css";

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
        <nav aria-label={words.connection} className={classes.accounts}>
          {connections.map(({ id, name }) => (
            <Link
              key={id}
              to={hrefWith({ connection: id, object: undefined, record: undefined, q: undefined, entry: undefined })}
              className={classes.account}
              current={id === chosen.id}
            >
              <bdi>{name}</bdi>
            </Link>
          ))}
        </nav>
      )}
      {chosen && <Look key={chosen.id} connection={chosen.id} />}
    </Page>
  );
}
