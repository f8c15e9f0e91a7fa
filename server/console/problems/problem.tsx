import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { addresses } from "../../api/addresses.ts";
import type { ProblemDetail } from "../../api/problems.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Card } from "../elements/card.tsx";
import { Page } from "../elements/page.tsx";
import { Pill } from "../elements/pill.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Words } from "../elements/words.tsx";
import { Link } from "../route/link.tsx";
import { useLatest } from "../tasks/answers.ts";
import { ProgressBar } from "../tasks/progress-bar.tsx";
import { texts } from "../texts/texts.ts";
import { isGone, useProblem } from "./answers.ts";
import { Examples } from "./examples.tsx";
import { Facts } from "./facts.tsx";
import { History } from "./history.tsx";
import { toneOf } from "./looks.ts";
import { NoteDeeds } from "./note-deeds.tsx";
import classes from "./problem.module.css";
import { Steps } from "./steps.tsx";

const { problems: words } = texts;

/** One problem: what happened, what it means, how it is mended, what we do meanwhile, and what has happened to it so far. */
export function ProblemPage() {
  const { id = "" } = useParams({ strict: false });
  const { data, error, isFetching, refetch } = useProblem(id);
  if (isGone(error))
    return (
      <Page title={words.detail.gone.title} lead={words.detail.gone.lead}>
        <All />
      </Page>
    );
  if (!data)
    return (
      <Page title={texts.shell.pages.problems}>
        {error ? (
          <Refusal what={words.detail.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />
        ) : (
          <Awaited label={words.loading} lines={6} />
        )}
      </Page>
    );
  return (
    <Page title={data.title} actions={<NoteDeeds problem={data} />}>
      {error && <Refusal what={words.detail.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      <Place problem={data} />
      <Told problem={data} />
      <p>
        <All />
      </p>
    </Page>
  );
}

const All = (): ReactNode => <Link to={addresses.problems}>{words.all}</Link>;

function Place({ problem }: { problem: ProblemDetail }) {
  return (
    <div className={classes.place} data-tone={toneOf(problem)}>
      <Pill tone={toneOf(problem)}>{words.states[problem.state]}</Pill>
      {problem.name && <bdi>{problem.name}</bdi>}
      <Facts problem={problem} />
    </div>
  );
}

function Told({ problem }: { problem: ProblemDetail }) {
  const { state, effect, meanwhile, words: said, closedAt, ended, examples, history } = problem;
  const task = useLatest(problem.task);
  const over = texts.time.short(new Date(closedAt ?? problem.openedAt));
  return (
    <>
      <div className="page-columns">
        <Card title={words.detail.what}>
          <p className={classes.numbers}>{problem.numbers}</p>
          <h3 className={classes.subtitle}>{words.detail.means}</h3>
          <p className={classes.text}>{effect}</p>
          {said && <Words of={words.words}>{said}</Words>}
          {meanwhile && state !== "resolved" && (
            <>
              <h3 className={classes.subtitle}>{words.detail.meanwhile}</h3>
              <p className={classes.text}>{meanwhile}</p>
            </>
          )}
        </Card>
        <Card title={words.detail.fix}>
          {state === "resolved" ? (
            <p className={classes.text}>
              {ended === "too_old" ? words.detail.tooLate(over) : words.detail.solved(over)}
            </p>
          ) : (
            <Steps problem={problem} sending={task?.state === "running"} />
          )}
          {task && (
            <div className={classes.task}>
              <ProgressBar task={task} title={words.detail.sending[task.state]} />
            </div>
          )}
        </Card>
      </div>
      {examples.length > 0 && <Examples problem={problem} />}
      <History entries={history} />
    </>
  );
}
