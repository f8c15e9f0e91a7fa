import type { ComponentPropsWithRef } from "react";
import classes from "./form.module.css";
import { Labelled } from "./labelled.tsx";

interface Props extends Omit<ComponentPropsWithRef<"input">, "id" | "className"> {
  label: string;
  hint?: string;
  /** What is wrong with it. */
  error?: string | undefined;
}

/** A line to fill in. */
export function Field({ label, hint, error, ...input }: Props) {
  return (
    <Labelled label={label} hint={hint} error={error}>
      {(control) => (
        <input {...input} {...control} className={classes.input} autoCapitalize="none" spellCheck={false} />
      )}
    </Labelled>
  );
}
