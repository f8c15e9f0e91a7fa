import { VisuallyHidden } from "@mantine/core";
import { Bar } from "../elements/bar.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { texts } from "../texts/texts.ts";
import type { Row } from "./edits.ts";
import classes from "./meta-funnel.module.css";

const { funnel: words } = texts.mapping;

/** A name as Meta gets to see it, with all stages that are sent under it. */
interface Step {
  readonly name: string;
  readonly rows: readonly Row[];
  /** Undefined: not counted yet. */
  readonly entered: number | undefined;
}

function stepsOf(rows: readonly Row[]): readonly Step[] {
  const sent = rows.filter(({ chosen }) => chosen.send && chosen.eventName.trim() !== "");
  return [...Map.groupBy(sent, ({ chosen }) => chosen.eventName.trim())].map(([name, of]) => ({
    name,
    rows: of,
    entered: of.reduce<number | undefined>(
      (sum, { stage: { entered } }) => (sum === undefined || entered === undefined ? undefined : sum + entered),
      0,
    ),
  }));
}

/** What Meta will see of a pipeline, as the rows stand now, saved or not. */
export function MetaFunnel(props: { rows: readonly Row[]; crm: string; pipeline: string; fillSkipped: boolean }) {
  const { rows, crm, pipeline, fillSkipped } = props;
  const steps = stepsOf(rows);
  const most = Math.max(...steps.map(({ entered = 0 }) => entered), 1);
  return (
    <Card title={words.title} aside={<bdi>{pipeline}</bdi>}>
      {steps.length === 0 ? (
        <Absence>{words.empty}</Absence>
      ) : (
        <table className={classes.funnel}>
          <caption>
            <VisuallyHidden>{words.caption}</VisuallyHidden>
          </caption>
          <thead>
            <tr>
              <th scope="col">{words.name}</th>
              <th scope="col">{texts.mapping.stages.entered}</th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <tr key={step.name} data-changed={step.rows.some(({ changed }) => changed) || undefined}>
                <th scope="row">
                  <span className={classes.name}>
                    <bdi>{step.name}</bdi>
                    <Notes step={step} />
                  </span>
                  <Bar
                    to={(step.entered ?? 0) / most}
                    look={step.rows.every(({ stage }) => stage.outcome === "lost") ? "loss" : "good"}
                  />
                </th>
                <td>{step.entered === undefined ? texts.none : texts.number(step.entered)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className={classes.about}>
        <bdi>{words.source(crm)}</bdi>
      </p>
      <p className={classes.about}>{fillSkipped ? words.filled : words.notFilled}</p>
    </Card>
  );
}

function Notes({ step: { rows } }: { step: Step }) {
  const outcome = rows[0]?.stage.outcome;
  return (
    <>
      {outcome === "won" && <span className={classes.note}>{words.won}</span>}
      {outcome === "lost" && <span className={classes.note}>{words.lost}</span>}
      {rows.length > 1 && <span className={classes.note}>{words.merged(rows.length)}</span>}
    </>
  );
}
