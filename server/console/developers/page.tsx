import { Button } from "@mantine/core";
import { Absence, Card } from "../elements/card.tsx";
import { Page } from "../elements/page.tsx";
import { Placeholder } from "../elements/placeholder.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { Addresses } from "./addresses.tsx";
import { useDevelopers } from "./answers.ts";
import classes from "./developers.module.css";
import { Examples } from "./examples.tsx";
import { Keys } from "./keys.tsx";
import { Line } from "./line.tsx";
import { Secret } from "./secret.tsx";

const { developers: words } = texts;

/** Addresses, keys and calls that run, for those who program against us. */
export function DevelopersPage() {
  const may = useMay("admin");
  const { data, error, isFetching, refetch } = useDevelopers();
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <Button component="a" href="/api/reference" target="_blank" rel="noreferrer" variant="default">
          {words.reference}
        </Button>
      }
    >
      {error && <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      {!data && !error && <Placeholder label={words.loading} />}
      {data?.connections.length === 0 && (
        <Card title={words.examples.title}>
          <Absence>{words.none}</Absence>
        </Card>
      )}
      {data?.connections.map((one) => (
        <Card key={one.id} title={words.push.title(one.name)} aside={words.push.live(one.liveKeys)}>
          <div className={classes.parts}>
            <dl className={classes.lines}>
              <Line term={words.push.address} value={one.address} copy={words.push.copyAddress} />
              <Line term={words.push.outcomes} value={one.outcomesAddress} copy={words.push.copyOutcomes} />
            </dl>
            <Examples examples={one.examples} />
            {may ? (
              <>
                <Keys connection={one.id} />
                <Secret connection={one} />
              </>
            ) : (
              <p className={classes.dim}>{words.keys.onlyAdmins}</p>
            )}
          </div>
        </Card>
      ))}
      {data && <Addresses view={data} />}
    </Page>
  );
}
