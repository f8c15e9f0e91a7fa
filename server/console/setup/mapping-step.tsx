import { Absence } from "../elements/card.tsx";
import { MappingEditor } from "../mapping/editor.tsx";
import { texts } from "../texts/texts.ts";
import { useStepTaken } from "./answers.ts";
import { Checked } from "./checked.tsx";
import type { StepProps } from "./steps.tsx";

/** Which stages are sent, and as what; the suggestion is looked at and saved. */
export function MappingStep({ setup, account, onOpen }: StepProps) {
  const taken = useStepTaken();
  const step = setup.steps.find((one) => one.step === "mapping");
  if (!account || step?.state === "blocked") return <Absence>{step?.words ?? texts.setup.mapping.waiting}</Absence>;
  return (
    <>
      <MappingEditor
        key={account.id}
        connection={account.id}
        onSaved={() => void taken().then(() => onOpen(undefined))}
      />
      {step?.state !== "todo" && <Checked connection={account.id} steps={["mapping"]} />}
    </>
  );
}
