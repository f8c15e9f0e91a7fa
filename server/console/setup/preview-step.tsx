import { Button } from "@mantine/core";
import { Absence } from "../elements/card.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Look } from "../preview/look.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { useMark } from "./answers.ts";
import classes from "./setup.module.css";
import type { StepProps } from "./steps.tsx";

const { setup: words } = texts;

/** A real lead's event, looked at and sent as a test; or neither. */
export function PreviewStep({ setup, account, onOpen }: StepProps) {
  const step = setup.steps.find((one) => one.step === "preview");
  if (!account || step?.state === "blocked") return <Absence>{step?.words ?? ""}</Absence>;
  return (
    <>
      {step?.state === "done" ? (
        <div className={classes.row}>
          <Button onClick={() => onOpen(undefined)}>{words.next}</Button>
        </div>
      ) : (
        <Skip connection={account.id} onOpen={onOpen} />
      )}
      <Look connection={account.id} onTested={() => onOpen("preview")} />
    </>
  );
}

function Skip({ connection, onOpen }: { connection: string } & Pick<StepProps, "onOpen">) {
  const may = useMay("admin");
  // The button is gone by the time it is noted.
  const skip = useMark(connection, () => onOpen(undefined));
  if (!may) return null;
  return (
    <div className={classes.row}>
      <DeedButton
        busy={words.preview.skip}
        doing={skip.isPending}
        onDo={() => skip.mutate({ mark: "preview", as: "skipped" })}
      >
        {words.preview.skip}
      </DeedButton>
      <span className={classes.dim}>{words.preview.skipNote}</span>
      {skip.error && <Refusal what={words.preview.failed} error={skip.error} />}
    </div>
  );
}
