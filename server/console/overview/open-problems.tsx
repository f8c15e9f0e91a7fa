import { addresses } from "../../api/addresses.ts";
import { Card } from "../elements/card.tsx";
import { useProblems } from "../problems/answers.ts";
import { ProblemItem } from "../problems/problem-item.tsx";
import classes from "../problems/problems.module.css";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";

const { problems: said } = texts.figures;

const shown = 3;

/** The open problems that are worst, and the way to the others; nothing where there is none: the status line says so. */
export function OpenProblems({ count = 0 }: { count: number | undefined }) {
  const { data } = useProblems(count);
  const problems = count === 0 ? [] : (data?.problems ?? []);
  if (problems.length === 0) return null;
  return (
    <Card title={said.title} aside={<Link to={addresses.problems}>{said.all(count)}</Link>}>
      <ul className={classes.problems}>
        {problems.slice(0, shown).map((problem) => (
          <ProblemItem key={problem.id} problem={problem} />
        ))}
      </ul>
    </Card>
  );
}
