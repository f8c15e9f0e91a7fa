import { Icon, toneIcons } from "../elements/icons.tsx";
import { Link } from "../route/link.tsx";
import type { Problem } from "./answers.ts";
import { Facts } from "./facts.tsx";
import { hrefOf, toneOf } from "./looks.ts";
import { MainDeed } from "./main-deed.tsx";
import classes from "./problem-item.module.css";

/** What is wrong, what that means in numbers, who acts, since when, and what mends it. */
export function ProblemItem({ problem }: { problem: Problem }) {
  const tone = toneOf(problem);
  return (
    <li className={classes.problem} data-tone={tone}>
      <span className={classes.icon}>
        <Icon name={toneIcons[tone]} size={18} />
      </span>
      <div className={classes.words}>
        <h3 className={classes.title}>
          <Link to={hrefOf(problem)} className={classes.link} row>
            <bdi>{problem.title}</bdi>
          </Link>
          {problem.name && <bdi className={classes.name}>{problem.name}</bdi>}
        </h3>
        <p className={classes.numbers}>{problem.numbers}</p>
        <Facts problem={problem} />
      </div>
      <div className={classes.deed}>
        <MainDeed problem={problem} />
      </div>
    </li>
  );
}
