import { VisuallyHidden } from "@mantine/core";
import type { FunnelView } from "../../api/schema.ts";
import { Bar } from "../elements/bar.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./funnel.module.css";
import { type FunnelStep, funnelSteps } from "./funnel-steps.ts";

const looks = {
  read: "total",
  not_sent: "loss",
  for_meta: "total",
  waiting: "loss",
  refused: "problem",
  accepted: "good",
} as const satisfies Record<FunnelStep["kind"], "total" | "loss" | "problem" | "good">;

/** The losses on the way, as a table whose rows carry their bars. */
export function Funnel({ funnel }: { funnel: FunnelView }) {
  const steps = funnelSteps(funnel);
  const since = texts.funnel.since(texts.time.short(new Date(funnel.since)));
  return (
    <Card title={texts.funnel.title} aside={since}>
      {funnel.read === 0 && <Absence>{texts.funnel.empty}</Absence>}
      <table className={classes.funnel}>
        <caption>
          <VisuallyHidden>{texts.funnel.caption}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">{texts.funnel.step}</th>
            <th scope="col" className={classes.number}>
              {texts.funnel.count}
            </th>
            <th scope="col" className={classes.number}>
              {texts.funnel.share}
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.key} data-kind={step.kind}>
              <th scope="row">
                <span className={classes.label}>{label(step)}</span>
                <Bar from={step.from} to={step.to} look={looks[step.kind]} />
              </th>
              <td className={classes.number}>{texts.number(step.count)}</td>
              <td className={classes.number}>{texts.share(step.count, funnel.read)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function label(step: FunnelStep): string {
  switch (step.kind) {
    case "read":
      return texts.funnel.read;
    case "not_sent":
      return texts.funnel.notSent(step.title ?? "");
    case "for_meta":
      return texts.funnel.forMeta;
    case "waiting":
      return texts.funnel.waiting;
    case "refused":
      return texts.funnel.refused;
    case "accepted":
      return texts.funnel.accepted;
  }
}
