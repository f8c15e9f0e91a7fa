import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import type { GoLiveAsked, GoLiveView } from "../../api/go-live.ts";
import { useDeed } from "../api/deed.ts";
import { Choices } from "../elements/form/choices.tsx";
import { Later } from "../elements/later.tsx";
import { Note } from "../elements/note.tsx";
import { Fact, Facts } from "../elements/place.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { useGoLive, useStepTaken } from "./answers.ts";
import classes from "./setup.module.css";
import type { Account, StepProps } from "./steps.tsx";

const { goLive: words } = texts.setup;

/** What goes where, from when, and how much that is at once; then it is switched on. */
export function GoLive({ setup, account, onOpen }: StepProps & { account: Account }) {
  const { data, error, isFetching, refetch } = useGoLive(account.id);
  if (error && !data)
    return <Refusal what={words.loadFailed} error={error} trying={isFetching} onAgain={() => void refetch()} />;
  if (!data)
    return (
      <Later label={words.loading}>
        <Skeleton h={280} />
      </Later>
    );
  const before = setup.steps.find(({ step, state }) => ["crm", "meta", "mapping"].includes(step) && state !== "done");
  return (
    <div className={classes.narrow}>
      {before && (
        <Note tone={before.state === "attention" ? "problem" : "waiting"}>
          {words.blocked}{" "}
          <button type="button" className={classes.inline} onClick={() => onOpen(before.step)}>
            {texts.setup.steps[before.step]}
          </button>
          . <bdi>{before.words}</bdi>
        </Note>
      )}
      <Way view={data} />
      {data.datasets.length > 0 && data.stages.sent.length > 0 && !before && (
        <Start view={data} account={account} onOpen={onOpen} />
      )}
    </div>
  );
}

/** One card: the account, the dataset, the stages and their names. */
function Way({ view: { account, dataset, datasets, stages } }: { view: GoLiveView }) {
  const to = datasets.find(({ id }) => id === dataset) ?? datasets[0];
  const names = [...new Set(stages.sent.map(({ eventName }) => eventName))];
  return (
    <div className={classes.way}>
      <Facts>
        <Fact term={words.account}>
          <bdi>{account.name}</bdi>
        </Fact>
        <Fact term={words.to}>{to ? <bdi>{to.name}</bdi> : words.none}</Fact>
        <Fact term={words.stages}>
          {stages.sent.length > 0 ? words.sent(stages.sent.length, stages.ignored) : words.nothing}
        </Fact>
        {names.length > 0 && (
          <Fact term={words.names} wide>
            <ul className={classes.names}>
              {names.map((name) => (
                <li key={name}>
                  <bdi>{name}</bdi>
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </Facts>
    </div>
  );
}

function Start({
  view,
  account: { id, name },
  onOpen,
}: { view: GoLiveView; account: Account } & Pick<StepProps, "onOpen">) {
  const may = useMay("admin");
  const taken = useStepTaken();
  const [from, since] = useState<GoLiveAsked["from"]>("now");
  const [chosen, choose] = useState<string>();
  const start = useDeed<GoLiveAsked, unknown>(
    async (post, asked) => {
      await post(`/connections/${id}/go-live`, asked);
      onOpen("live");
      await taken();
    },
    () => words.done(name),
  );
  const { datasets, dataset: known, events } = view;
  const dataset = chosen ?? known ?? datasets[0]?.id ?? "";
  if (!may) return <p className={classes.dim}>{words.viewer}</p>;
  return (
    <>
      {(datasets.length > 1 || !known) && (
        <Choices
          legend={words.dataset}
          value={dataset}
          onChoose={choose}
          choices={datasets.map((one) => ({ value: one.id, label: one.name, note: one.metaId }))}
        />
      )}
      <Choices
        legend={words.from}
        value={from}
        onChoose={since}
        choices={[
          { value: "now", label: words.now, note: words.nowNote },
          { value: "last-7-days", label: words.week, note: words.weekNote(events.lastSevenDays, events.partial) },
        ]}
      />
      {from === "last-7-days" && <p className={classes.dim}>{words.mostNote}</p>}
      <div>
        <Button
          aria-disabled={start.isPending || undefined}
          onClick={() => start.isPending || start.mutate({ from, dataset })}
        >
          {start.isPending ? words.starting : words.start}
        </Button>
      </div>
      {start.error && <Refusal what={words.failed} error={start.error} />}
    </>
  );
}
