import { useClosedProblems } from "../api/answers.ts";
import { Icon } from "../elements/icons.tsx";
import { useNow } from "../elements/now.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./closed-problems.module.css";
import { kindOf, type Problem } from "./problem-words.ts";

const shownForMs = 7 * 86_400_000;

/** What was wrong within the last week, behind a fold. */
export function ClosedProblems({ count }: { count: number | undefined }) {
  const { data, error, isFetching, refetch } = useClosedProblems(count);
  const now = useNow();
  const texted = texts.problems.closed;
  if (error && !data)
    return <Refusal what={texted.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />;
  const closed = (data?.problems ?? []).filter((problem) => now - endOf(problem).getTime() < shownForMs);
  if (closed.length === 0) return null;
  return (
    <details className={classes.fold}>
      <summary>{texted.title(closed.length)}</summary>
      <ul className={classes.closed}>
        {closed.map((problem) => (
          <Closed key={problem.id} problem={problem} />
        ))}
      </ul>
    </details>
  );
}

function Closed({ problem }: { problem: Problem }) {
  const texted = texts.problems.closed;
  const { title, name, affected, closedAt, dismissedAt } = problem;
  const [since, until] = [new Date(problem.since), endOf(problem)];
  const kind = kindOf(problem);
  return (
    <li className={classes.problem}>
      <Icon name={dismissedAt ? "dash" : "tick"} />
      <div>
        <p className={classes.title}>
          {title} {name && <bdi className={classes.name}>{name}</bdi>}
        </p>
        <p className={classes.facts}>
          <span>{texted.over(since, until)}</span>
          {!dismissedAt && closedAt && <span>{texted.lasted(until.getTime() - since.getTime())}</span>}
          {dismissedAt && <span>{texted.dismissed}</span>}
          {affected > 0 && kind !== "reading" && (
            <span>{kind === "drift" ? texted.changes(affected) : texted.affected(affected)}</span>
          )}
        </p>
      </div>
    </li>
  );
}

/** When the last one was over, in the line that says that there is none. */
export function LastSolved({ count }: { count: number | undefined }) {
  const { data } = useClosedProblems(count);
  const last = Math.max(...(data?.problems ?? []).map((problem) => endOf(problem).getTime()));
  return Number.isFinite(last) && <>{texts.problems.lastSolved(texts.time.short(new Date(last)))}</>;
}

const endOf = ({ closedAt, dismissedAt, openedAt }: Problem): Date => new Date(closedAt ?? dismissedAt ?? openedAt);
