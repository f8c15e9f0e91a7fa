import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import type { WorkspaceEnding } from "../../api/workspace.ts";
import { useDeed } from "../api/deed.ts";
import { Choices } from "../elements/form/choices.tsx";
import { Field } from "../elements/form/field.tsx";
import form from "../elements/form/form.module.css";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";

const { workspace: words } = texts.privacy;
const days = ["7", "30", "0"] as const;

interface Props {
  /** What is typed to confirm. */
  name: string;
  onNoted: (ending: WorkspaceEnding) => void;
}

/** Nothing is erased by a press alone: the workspace's name is typed, letter by letter. */
export function EraseForm({ name, onNoted }: Props) {
  const queries = useQueryClient();
  const [typed, type] = useState("");
  const [graceDays, choose] = useState<(typeof days)[number]>("7");
  const [wrong, tell] = useState(false);
  const line = useRef<HTMLInputElement>(null);
  const erase = useDeed(
    async (ask) => {
      const ending = await ask<WorkspaceEnding>("/workspace/erase", { name: typed, graceDays: Number(graceDays) });
      await queries.invalidateQueries({ queryKey: ["workspace"] });
      return ending;
    },
    () => words.endsMeans,
    onNoted,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    tell(typed !== name);
    if (typed !== name) line.current?.focus();
    else if (!erase.isPending) erase.mutate(undefined);
  };
  return (
    <form className={form.form} onSubmit={submit} noValidate>
      <Choices
        legend={words.when}
        value={graceDays}
        choices={days.map((value) => ({ value, ...words.days[value] }))}
        onChoose={choose}
      />
      <Field
        ref={line}
        label={words.type(name)}
        autoComplete="off"
        value={typed}
        error={wrong ? words.wrong : undefined}
        onChange={({ target }) => {
          type(target.value);
          tell(false);
        }}
      />
      <Button type="submit" color="red" variant="outline" aria-disabled={erase.isPending || undefined}>
        {erase.isPending ? words.erasing : words.erase}
      </Button>
      {erase.error && <Refusal what={words.failed} error={erase.error} />}
    </form>
  );
}
