import { Button } from "@mantine/core";
import type { SetupStepName, SetupView } from "../../api/setup.ts";
import { texts } from "../texts/texts.ts";
import classes from "./progress.module.css";
import { looks } from "./step-looks.ts";
import { setupStepNames } from "./step-names.ts";

const { setup: words } = texts;

interface Props {
  setup: SetupView;
  open: SetupStepName;
  onOpen: (step: SetupStepName | undefined) => void;
}

/**
 * How far it is, in reach at the foot of the page; the way back, and on to what is to be done next. The mapping has a bar of
 * its own there, and keeps it.
 */
export function Progress({ setup: { steps, current }, open, onOpen }: Props) {
  const done = steps.filter(({ state }) => state === "done").length;
  const n = setupStepNames.indexOf(open);
  const before = setupStepNames[n - 1];
  return (
    <div className={classes.foot} data-still={open === "mapping" || undefined}>
      <div className={classes.told}>
        <div
          role="progressbar"
          aria-label={words.title}
          aria-valuemin={0}
          aria-valuemax={steps.length}
          aria-valuenow={done}
          aria-valuetext={words.whole(done, steps.length)}
          className={classes.bar}
        >
          {steps.map(({ step, state }) => (
            <span key={step} className={classes.part} data-tone={looks[state].tone} data-state={state} />
          ))}
        </div>
        <p className={classes.where}>
          {words.step(n + 1, steps.length, words.steps[open])} · {words.whole(done, steps.length)}
        </p>
      </div>
      <div className={classes.buttons}>
        {before && (
          <Button variant="default" onClick={() => onOpen(before)}>
            {words.back}
          </Button>
        )}
        {current && current !== open && (
          <Button onClick={() => onOpen(undefined)}>{words.goOn(words.steps[current])}</Button>
        )}
      </div>
    </div>
  );
}
