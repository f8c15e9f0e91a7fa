import { Card } from "../elements/card.tsx";
import { Icon } from "../elements/icons.tsx";
import { KeptFocus } from "../elements/kept-focus.tsx";
import { Link } from "../route/link.tsx";
import { useMay } from "../session/session.ts";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { useMutedProblems } from "./answers.ts";
import { Facts } from "./facts.tsx";
import { hrefOf } from "./looks.ts";
import classes from "./past.module.css";
import { Unmute } from "./unmute.tsx";

const { problems: words } = texts;

/** Open ones of which somebody wants to hear nothing for a while: never out of sight. */
export function MutedProblems() {
  const { problems: count } = useOverview();
  const may = useMay("admin");
  const { data } = useMutedProblems(count);
  const problems = data?.problems ?? [];
  if (problems.length === 0) return null;
  return (
    <Card title={words.muted.title(problems.length)}>
      <p className={classes.lead}>{words.muted.means}</p>
      <KeptFocus>
        <ul className={classes.list}>
          {problems.map((problem) => (
            <li key={problem.id} className={classes.problem} data-tone="paused">
              <Icon name="pause" />
              <div>
                <h3 className={classes.title}>
                  <Link to={hrefOf(problem)} row>
                    <bdi>{problem.title}</bdi>
                  </Link>
                  {problem.name && <bdi className={classes.name}>{problem.name}</bdi>}
                </h3>
                <p className={classes.numbers}>{problem.numbers}</p>
                <Facts problem={problem} />
              </div>
              {may && <Unmute id={problem.id} />}
            </li>
          ))}
        </ul>
      </KeptFocus>
    </Card>
  );
}
