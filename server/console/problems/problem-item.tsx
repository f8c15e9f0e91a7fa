import { Icon, toneIcons } from "../elements/icons.tsx";
import { Moment } from "../elements/moment.tsx";
import { useNow } from "../elements/now.tsx";
import { Words } from "../elements/words.tsx";
import { texts } from "../texts/texts.ts";
import { ProblemDeeds } from "./problem-deeds.tsx";
import classes from "./problem-item.module.css";
import { effectOf, kindOf, type Problem, toneOf } from "./problem-words.ts";

interface Props {
  problem: Problem;
  /** What its connection or dataset stands still for. */
  pausedCode: string | undefined;
  /** Something was done about it, in words that outlive it. */
  onDone: (words: string) => void;
}

/** What is wrong, what that means in numbers, since when, who acts, what to do, and what can be done here. */
export function ProblemItem({ problem, pausedCode, onDone }: Props) {
  const texted = texts.problems;
  const tone = toneOf(problem);
  return (
    <li className={classes.problem} data-tone={tone}>
      <span className={classes.icon}>
        <Icon name={toneIcons[tone]} size={18} />
      </span>
      <div className={classes.words}>
        <h3 className={classes.title}>
          {problem.title}
          {problem.name && <bdi className={classes.name}>{problem.name}</bdi>}
        </h3>
        <p className={classes.effect}>{effectOf(problem, useNow())}</p>
        {kindOf(problem) !== "sending" && <p className={classes.meaning}>{problem.effect}</p>}
        <p className={classes.facts}>
          <span data-you={problem.acts === "you" || undefined}>{texts.status.acts[problem.acts]}</span>
          <span>
            {texted.since} <Moment at={problem.since} />
          </span>
        </p>
        <dl className={classes.advice}>
          <div>
            <dt>{texted.toDo}</dt>
            <dd>{problem.fix}</dd>
          </div>
          {problem.meanwhile && (
            <div>
              <dt>{texted.meanwhile}</dt>
              <dd>{problem.meanwhile}</dd>
            </div>
          )}
        </dl>
        {problem.words && <Words of={texted.words}>{problem.words}</Words>}
        <ProblemDeeds problem={problem} pausedCode={pausedCode} onDone={onDone} />
      </div>
    </li>
  );
}
