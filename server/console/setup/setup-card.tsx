import { Button } from "@mantine/core";
import { addresses } from "../../api/addresses.ts";
import { Card } from "../elements/card.tsx";
import { Mark } from "../elements/mark.tsx";
import { follow } from "../route/link.tsx";
import { stringifySearch } from "../route/search.ts";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { useSetup } from "./answers.ts";
import classes from "./setup-card.module.css";
import { looks } from "./step-looks.ts";

const { setup: words } = texts;

/** How far setting up is, and the way on; nothing where the account that was connected last is live. */
export function SetupCard() {
  const may = useMay("admin");
  const { data } = useSetup();
  if (!data || data.live) return null;
  const { steps, current, connection, connections } = data;
  const account = connections.find(({ id }) => id === connection);
  const done = steps.filter(({ state }) => state === "done").length;
  const to = `${addresses.setup}${stringifySearch({ connection })}`;
  return (
    <Card title={words.card.title} aside={words.whole(done, steps.length)}>
      {account && connections.length > 1 && (
        <p className={classes.lead}>
          <bdi>{words.card.finish(account.name)}</bdi>
        </p>
      )}
      <ol className={classes.steps}>
        {steps.map(({ step, state }) => (
          <li key={step} className={classes.step} data-current={step === current || undefined}>
            <Mark {...looks[state]} />
            <span>
              {words.steps[step]} <span className={classes.state}>{words.states[state]}</span>
            </span>
          </li>
        ))}
      </ol>
      {current && (
        <div className={classes.way}>
          <Button component="a" href={to} onClick={(event) => follow(event, to)}>
            {may ? words.goOn(words.steps[current]) : words.card.open}
          </Button>
        </div>
      )}
    </Card>
  );
}
