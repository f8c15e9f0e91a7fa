import type { DatasetChecked, DatasetStep } from "../../api/datasets.ts";
import type { Tone } from "../../api/schema.ts";
import { Check, CheckList, checkLooks } from "../elements/check-list.tsx";
import type { IconName } from "../elements/icons.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./meta.module.css";

const { paste: words } = texts.meta;
type State = DatasetStep["state"] | "waiting";
const looks: Record<State, { icon: IconName; tone: Tone }> = {
  ...checkLooks,
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
      <CheckList ordered>
        {steps.map((step) => {
          const line = lines?.find((one) => one.step === step);
          const state: State = line?.state ?? "waiting";
          return (
            <Check key={step} {...looks[state]} state={state}>
              <span className={classes.step}>
                {words.names[step]}: {words.states[state]}
              </span>
              <span className={classes.found}>
                {state === "waiting" ? words.waiting : state === "not_reached" ? words.notReached : line?.words}
              </span>
              {line?.fix && <span className={classes.fix}>{line.fix}</span>}
            </Check>
          );
        })}
      </CheckList>
      {checked?.endsAt && <p className={classes.found}>{words.ends(texts.time.short(new Date(checked.endsAt)))}</p>}
    </div>
  );
}
