import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { WorkspaceEnding } from "../../api/workspace.ts";
import { useDeed } from "../api/deed.ts";
import { Choices } from "../elements/form/choices.tsx";
import { texts } from "../texts/texts.ts";
import { TypedForm } from "./typed-form.tsx";

const { workspace: words } = texts.privacy;
const days = ["7", "30", "0"] as const;

interface Props {
  /** What is typed to confirm. */
  name: string;
  onNoted: (ending: WorkspaceEnding) => void;
}

/** When the workspace is erased, and its name, which is typed. */
export function EraseForm({ name, onNoted }: Props) {
  const queries = useQueryClient();
  const [graceDays, choose] = useState<(typeof days)[number]>("7");
  const erase = useDeed(
    async (ask) => {
      const ending = await ask<WorkspaceEnding>("/workspace/erase", { name, graceDays: Number(graceDays) });
      await queries.invalidateQueries({ queryKey: ["workspace"] });
      return ending;
    },
    () => words.endsMeans,
    onNoted,
  );
  return (
    <TypedForm
      wanted={name}
      wrong={words.wrong}
      erase={words.erase}
      erasing={words.erasing}
      failed={words.failed}
      deed={erase}
    >
      <Choices
        legend={words.when}
        value={graceDays}
        choices={days.map((value) => ({ value, ...words.days[value] }))}
        onChoose={choose}
      />
    </TypedForm>
  );
}
