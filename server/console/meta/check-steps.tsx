import type { DatasetChecked, DatasetStep } from "../../api/datasets.ts";
import { Icon, type IconName } from "../elements/icons.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./meta.module.css";

const { paste: words } = texts.meta;
type State = DatasetStep["state"] | "waiting";
const looks: Record<State, { icon: IconName; tone: string }> = {
  ok: { icon: "tick", tone: "live" },
  failed: { icon: "cross", tone: "problem" },
  unseen: { icon: "dash", tone: "waiting" },
  not_reached: { icon: "dash", tone: "paused" },
  waiting: { icon: "clock", tone: "setup" },
};
const steps = ["form", "alive", "found", "crm", "send"] as const;

/** What was looked at, one line each; all wait while the answer does. */
export function CheckSteps({ checked }: { checked: DatasetChecked | undefined }) {
  const lines: readonly DatasetStep[] | undefined = checked?.steps;
  return (
    <div role="status">
      <h3 className={classes.title}>{words.steps}</h3>
      <ol className={classes.steps}>
        {steps.map((step) => {
          const line = lines?.find((one) => one.step === step);
          const state: State = line?.state ?? "waiting";
          const { icon, tone } = looks[state];
          return (
            <li key={step} data-tone={tone} data-state={state}>
              <span className={classes.mark}>
                <Icon name={icon} size={14} />
              </span>
              <span>
                <span className={classes.step}>
                  {words.names[step]}: {words.states[state]}
                </span>
                <span className={classes.found}>
                  {state === "waiting" ? words.waiting : state === "not_reached" ? words.notReached : line?.words}
                </span>
                {line?.fix && <span className={classes.fix}>{line.fix}</span>}
              </span>
            </li>
          );
        })}
      </ol>
      {checked?.endsAt && <p className={classes.found}>{words.ends(texts.time.short(new Date(checked.endsAt)))}</p>}
    </div>
  );
}
