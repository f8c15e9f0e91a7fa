import { Button } from "@mantine/core";
import { Awaited } from "../elements/awaited.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Icon } from "../elements/icons.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Link } from "../route/link.tsx";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { type Problem, useResolvedProblems } from "./answers.ts";
import { hrefOf } from "./looks.ts";
import classes from "./past.module.css";

const { problems: all } = texts;
const { resolved: words } = all;

/** What is over, the latest first, as long as it is kept. */
export function ResolvedProblems() {
  const { problems: count } = useOverview();
  const { data, error, isFetching, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useResolvedProblems(count);
  const problems = data?.pages.flatMap((page) => page.problems);
  return (
    <Card title={words.title}>
      {error && <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      {!problems && !error && <Awaited label={all.loading} />}
      {problems?.length === 0 && <Absence>{words.empty}</Absence>}
      {problems && problems.length > 0 && (
        <ul className={classes.list}>
          {problems.map((problem) => (
            <Resolved key={problem.id} problem={problem} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button
          className={classes.more}
          size="compact-sm"
          variant="subtle"
          aria-disabled={isFetchingNextPage || undefined}
          onClick={() => isFetchingNextPage || void fetchNextPage()}
        >
          {words.older}
        </Button>
      )}
    </Card>
  );
}

function Resolved({ problem }: { problem: Problem }) {
  const { title, name, kind, affected, closedAt, openedAt, ended } = problem;
  const [since, until] = [new Date(problem.since), new Date(closedAt ?? openedAt)];
  return (
    <li className={classes.problem} data-tone={ended === "too_old" ? "paused" : "live"}>
      <Icon name={ended === "too_old" ? "dash" : "tick"} />
      <div>
        <h3 className={classes.title}>
          <Link to={hrefOf(problem)} row>
            <bdi>{title}</bdi>
          </Link>
          {name && <bdi className={classes.name}>{name}</bdi>}
        </h3>
        <p className={classes.facts}>
          <span>{words.over(since, until)}</span>
          <span>{words.lasted(until.getTime() - since.getTime())}</span>
          {affected > 0 && kind !== "reading" && (
            <span>{kind === "drift" || kind === "unmapped" ? words.changes(affected) : words.affected(affected)}</span>
          )}
          {ended === "too_old" && <span>{words.tooLate}</span>}
        </p>
      </div>
    </li>
  );
}
