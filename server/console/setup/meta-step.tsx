import { Disclosure } from "../elements/disclosure.tsx";
import { Moment } from "../elements/moment.tsx";
import { Fact, Facts } from "../elements/place.tsx";
import { Ways } from "../meta/ways.tsx";
import { useSearch } from "../route/search.ts";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { useStepTaken } from "./answers.ts";
import { Checked } from "./checked.tsx";
import classes from "./setup.module.css";
import type { StepProps } from "./steps.tsx";

const { setup: words } = texts;

/** The dataset that events go to, and that Meta takes them; or the two ways to one. */
export function MetaStep({ setup, account, onOpen }: StepProps) {
  const may = useMay("admin");
  const taken = useStepTaken();
  const { login, failed } = useSearch();
  const { dataset, steps } = setup;
  const done = steps.some(({ step, state }) => step === "meta" && state === "done");
  const connected = () => void taken().then(() => onOpen(undefined));
  const ways = may && <Ways from="setup" failed={failed} onConnected={connected} />;
  if (!dataset) return <div className={classes.narrow}>{ways}</div>;
  return (
    <div className={classes.narrow}>
      <Facts>
        <Fact term={words.meta.dataset}>
          <bdi>{dataset.name}</bdi>
        </Fact>
        <Fact term={words.meta.id}>{dataset.metaId}</Fact>
        {dataset.accessEndsAt && (
          <Fact term={words.meta.ends}>
            <Moment at={dataset.accessEndsAt} />
          </Fact>
        )}
      </Facts>
      <Checked connection={account?.id} steps={["meta"]} />
      {may && (
        <Disclosure summary={words.meta.change} open={!done || login !== undefined || failed !== undefined}>
          <div className={classes.narrow}>{ways}</div>
        </Disclosure>
      )}
    </div>
  );
}
