import { type ReactNode, useEffect, useRef } from "react";
import type { SetupStepName, SetupStepView, SetupView } from "../../api/setup.ts";
import { toDo } from "../elements/fix.ts";
import { Icon } from "../elements/icons.tsx";
import { Mark } from "../elements/mark.tsx";
import { texts } from "../texts/texts.ts";
import { CrmStep } from "./crm-step.tsx";
import { LiveStep } from "./live-step.tsx";
import { MappingStep } from "./mapping-step.tsx";
import { MetaStep } from "./meta-step.tsx";
import { PreviewStep } from "./preview-step.tsx";
import classes from "./setup.module.css";
import { looks } from "./step-looks.ts";

const { setup: words } = texts;

export type Account = SetupView["connections"][number];
export interface StepProps {
  setup: SetupView;
  account: Account | undefined;
  /** Opens a step; undefined: whichever is to be done next. */
  onOpen: (step: SetupStepName | undefined) => void;
}

const bodies: Readonly<Record<SetupStepName, (props: StepProps) => ReactNode>> = {
  crm: CrmStep,
  meta: MetaStep,
  mapping: MappingStep,
  preview: PreviewStep,
  live: LiveStep,
};

/** All five in their order: what is done is one line, what is open has its own part of the page. */
export function Steps({ open, ...props }: StepProps & { open: SetupStepName }) {
  const { setup, onOpen } = props;
  return (
    <ol className={classes.steps}>
      {setup.steps.map((step) => {
        const Body = bodies[step.step];
        return (
          <Step key={step.step} step={step} open={step.step === open} onOpen={() => onOpen(step.step)}>
            <Body {...props} />
          </Step>
        );
      })}
    </ol>
  );
}

interface One {
  step: SetupStepView;
  open: boolean;
  onOpen: () => void;
  children: ReactNode;
}

function Step({ step: { step, state, words: said, fix }, open, onOpen, children }: One) {
  const heading = useRef<HTMLHeadingElement>(null);
  const was = useRef(open);
  // Whoever takes a step goes on at the heading of the next; who has just come begins at the page's.
  useEffect(() => {
    if (open && !was.current) heading.current?.focus();
    was.current = open;
  }, [open]);
  const name = words.steps[step];
  return (
    <li className={classes.step} data-open={open || undefined} data-step={step} data-state={state}>
      <div className={classes.head}>
        <Mark {...looks[state]} large />
        <div className={classes.about}>
          <h2 className={classes.name} tabIndex={-1} ref={heading}>
            {name} <span className={classes.state}>{words.states[state]}</span>
          </h2>
          <p className={classes.said}>
            <bdi>{said}</bdi>
          </p>
          {toDo(fix) && <p className={classes.fix}>{fix}</p>}
        </div>
        {!open && (
          <button type="button" className={classes.opener} aria-label={words.open(name)} onClick={onOpen}>
            <Icon name="arrow" size={16} />
          </button>
        )}
      </div>
      {open && <div className={classes.body}>{children}</div>}
    </li>
  );
}
