import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import type { Overview } from "../../api/schema.ts";
import { useProblems } from "../api/answers.ts";
import { Card } from "../elements/card.tsx";
import { Icon } from "../elements/icons.tsx";
import { KeptFocus } from "../elements/kept-focus.tsx";
import { Later } from "../elements/later.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { ClosedProblems, LastSolved } from "./closed-problems.tsx";
import { ProblemItem } from "./problem-item.tsx";
import classes from "./problems.module.css";

const shownFirst = 3;

export function Problems({ overview }: { overview: Overview }) {
  return (
    <KeptFocus>
      <Known overview={overview} />
    </KeptFocus>
  );
}

/** What is wrong, the nearest deadline first; one quiet line where nothing is. */
function Known({ overview }: { overview: Overview }) {
  const { problems: count, connections, datasets } = overview;
  const { data, error, isFetching, refetch } = useProblems(count);
  const [all, showAll] = useState(false);
  const [done, note] = useState<readonly string[]>([]);
  const texted = texts.problems;
  const problems = count === 0 ? [] : data?.problems;
  const pausedCodes = new Map([...connections, ...datasets].map(({ id, pausedCode }) => [id, pausedCode]));
  const notes = done.map((words) => (
    <Done key={words} words={words} onHide={() => note((said) => said.filter((other) => other !== words))} />
  ));

  if (problems?.length === 0 && !error)
    return (
      <div className={classes.none}>
        {notes}
        <div className={classes.quiet}>
          <Icon name="tick" />
          <span>
            {texted.none} <LastSolved count={count} />
          </span>
        </div>
        <ClosedProblems count={count} />
      </div>
    );
  return (
    <Card title={texted.title} {...(problems && { aside: texted.open(problems.length) })}>
      {notes}
      {error && <Refusal what={texted.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      {!problems && !error && (
        <Later label={texted.loading}>
          <Skeleton h={120} />
        </Later>
      )}
      {problems && (
        <ul className={classes.problems}>
          {problems.slice(0, all ? undefined : shownFirst).map((problem) => (
            <ProblemItem
              key={problem.id}
              problem={problem}
              pausedCode={pausedCodes.get(problem.about ?? "")}
              onDone={(words) => note((said) => [...said.filter((other) => other !== words), words])}
            />
          ))}
        </ul>
      )}
      {problems && problems.length > shownFirst && (
        <Button className={classes.more} size="compact-sm" variant="subtle" onClick={() => showAll(!all)}>
          {all ? texted.fewer : texted.more(problems.length - shownFirst)}
        </Button>
      )}
      <ClosedProblems count={count} />
    </Card>
  );
}

/** What was done stays readable after its problem has gone. */
function Done({ words, onHide }: { words: string; onHide: () => void }) {
  return (
    <div className={classes.done} data-tone="live">
      <Icon name="tick" />
      <span>{words}</span>
      <Button size="compact-xs" variant="subtle" color="gray" onClick={onHide}>
        {texts.problems.hide}
      </Button>
    </div>
  );
}
