import { Button } from "@mantine/core";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { Field } from "../elements/form/field.tsx";
import form from "../elements/form/form.module.css";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";

interface Props {
  /** What is to be typed. */
  wanted: string;
  /** Said where something else is typed. */
  wrong: string;
  erase: string;
  erasing: string;
  /** Said where it could not be done. */
  failed: string;
  deed: { readonly isPending: boolean; readonly error: Error | null; mutate(asked: undefined): void };
  /** What is chosen before. */
  children?: ReactNode;
}

/** Nothing is erased by a press alone: what is erased is typed, letter by letter. */
export function TypedForm({ wanted, wrong, erase, erasing, failed, deed, children }: Props) {
  const [typed, type] = useState("");
  const [missed, miss] = useState(false);
  const line = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    miss(typed !== wanted);
    if (typed !== wanted) line.current?.focus();
    else if (!deed.isPending) deed.mutate(undefined);
  };
  return (
    <form className={form.form} onSubmit={submit} noValidate>
      {children}
      <Field
        ref={line}
        label={texts.privacy.type(wanted)}
        autoComplete="off"
        value={typed}
        error={missed ? wrong : undefined}
        onChange={({ target }) => {
          type(target.value);
          miss(false);
        }}
      />
      <Button type="submit" color="red" variant="outline" aria-disabled={deed.isPending || undefined}>
        {deed.isPending ? erasing : erase}
      </Button>
      {deed.error && <Refusal what={failed} error={deed.error} />}
    </form>
  );
}
