import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { SavedView, ViewFilter } from "../../api/deliveries.ts";
import { useDeed } from "../api/deed.ts";
import { Field } from "../elements/form/field.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./views.module.css";

const { deliveries: words } = texts;

/** Gives the filter that is set a name, for everybody in the workspace. */
export function SaveView({ filter }: { filter: ViewFilter }) {
  const [asking, ask] = useState(false);
  const [name, setName] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (asking) field.current?.focus();
  }, [asking]);
  const { mutate, isPending, error } = useDeed(
    (post, called: string) => post<SavedView>("/views", { name: called, filter }),
    (saved) => words.viewSaved(saved.name),
  );
  if (!asking)
    return (
      <Button size="compact-sm" variant="default" onClick={() => ask(true)}>
        {words.saveView}
      </Button>
    );
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isPending && name.trim()) mutate(name.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") ask(false);
      }}
    >
      <Field
        label={words.viewName}
        hint={words.viewNote}
        value={name}
        maxLength={60}
        required
        ref={field}
        onChange={({ target }) => setName(target.value)}
      />
      {error && <Refusal what={words.viewFailed} error={error} />}
      <span className={classes.buttons}>
        <Button size="compact-sm" type="submit" aria-disabled={isPending || undefined}>
          {isPending ? words.saving : words.saveView}
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={() => ask(false)}>
          {words.cancel}
        </Button>
      </span>
    </form>
  );
}
