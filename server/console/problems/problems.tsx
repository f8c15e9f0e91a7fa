import { Button } from "@mantine/core";
import { useState } from "react";
import { Awaited } from "../elements/awaited.tsx";
import { Card } from "../elements/card.tsx";
import { Icon } from "../elements/icons.tsx";
import { KeptFocus } from "../elements/kept-focus.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { useProblems, useResolvedProblems } from "./answers.ts";
import { ProblemItem } from "./problem-item.tsx";
import classes from "./problems.module.css";

const { problems: words } = texts;
const shownFirst = 3;

/** The open problems, the nearest deadline first. */
export function Problems() {
  const { problems: count } = useOverview();
  const { data, error, isFetching, refetch } = useProblems(count);
  const [all, showAll] = useState(false);
  const problems = count === 0 ? [] : data?.problems;
  if (problems?.length === 0 && !error) return <None />;
  const rest = (problems?.length ?? 0) - shownFirst;
  return (
    <Card title={words.states.open} {...(problems && { aside: words.open(problems.length) })}>
      {error && <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      {!problems && !error && <Awaited label={words.loading} lines={4} />}
      {problems && (
        <KeptFocus>
          <ul className={classes.problems}>
            {problems.slice(0, all ? undefined : shownFirst).map((problem) => (
              <ProblemItem key={problem.id} problem={problem} />
            ))}
          </ul>
        </KeptFocus>
      )}
      {rest > 0 && (
        <Button className={classes.more} size="compact-sm" variant="subtle" onClick={() => showAll(!all)}>
          {all ? words.fewer : words.more(rest)}
        </Button>
      )}
    </Card>
  );
}

/** That none is open is said with the last time that one was. */
function None() {
  const { data } = useResolvedProblems(0);
  const all = data?.pages.flatMap(({ problems }) => problems);
  const last = Math.max(...(all ?? []).map(({ closedAt = "" }) => Date.parse(closedAt) || 0));
  return (
    <div className={classes.quiet} data-tone="live">
      <Icon name="tick" />
      <p>
        {words.none} {all && (Number.isFinite(last) ? words.lastSolved(texts.time.short(new Date(last))) : words.never)}
      </p>
    </div>
  );
}
