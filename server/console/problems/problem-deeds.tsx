import { useLayoutEffect, useRef } from "react";
import laneClasses from "../connections/lane-deeds.module.css";
import { CheckNow, Resume } from "../connections/lane-deeds.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { useDismissing } from "./dismissing.ts";
import type { Problem } from "./problem-words.ts";
import { SendAllAgain } from "./send-all-again.tsx";

interface Props {
  problem: Problem;
  pausedCode: string | undefined;
  onDone: (words: string) => void;
}

/** What can be done about a problem from here. */
export function ProblemDeeds({ problem, pausedCode, onDone }: Props) {
  const { about = "", name = "", code, canRedrive, canDismiss, title } = problem;
  const reading = about.startsWith("con_");
  const { leaving, error, dismiss, undo } = useDismissing(problem.id, title);
  const box = useRef<HTMLDivElement>(null);
  const left = useRef(leaving);
  // Undo takes the place of Dismiss, and gives it back.
  useLayoutEffect(() => {
    if (left.current !== leaving) [...(box.current?.querySelectorAll("button") ?? [])].at(-1)?.focus();
    left.current = leaving;
  }, [leaving]);
  if (leaving)
    return (
      <div className={laneClasses.deeds} ref={box}>
        <span className={laneClasses.done}>{texts.problems.dismissed(title)}</span>
        <DeedButton busy={texts.problems.undo} doing={false} onDo={undo}>
          {texts.problems.undo}
        </DeedButton>
      </div>
    );
  const lane = { kind: reading ? "reading" : "sending", id: about } as const;
  return (
    <div className={laneClasses.deeds} ref={box}>
      {pausedCode === code && (
        <Resume lane={lane} variant="filled" onDone={() => onDone(texts.problems.resumed[lane.kind](name))} />
      )}
      {canRedrive && <SendAllAgain problem={problem} onDone={onDone} />}
      {reading && !pausedCode && <CheckNow id={about} />}
      {canDismiss && (
        <DeedButton variant="subtle" busy={texts.problems.dismiss} doing={false} onDo={dismiss}>
          {texts.problems.dismiss}
        </DeedButton>
      )}
      {error && <Refusal what={texts.problems.dismissFailed} error={error} />}
    </div>
  );
}
