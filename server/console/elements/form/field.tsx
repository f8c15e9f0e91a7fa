import { type ComponentPropsWithRef, useId } from "react";
import { Icon } from "../icons.tsx";
import classes from "./form.module.css";

interface Props extends Omit<ComponentPropsWithRef<"input">, "id" | "className"> {
  label: string;
  hint?: string;
  /** What is wrong with it. */
  error?: string | undefined;
}

/** A line to fill in, with what it is for above and what is wrong below. */
export function Field({ label, hint, error, ...input }: Props) {
  const id = useId();
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={classes.field}>
      <label className={classes.label} htmlFor={id}>
        {label}
      </label>
      {hint && (
        <span className={classes.hint} id={`${id}-hint`}>
          {hint}
        </span>
      )}
      <input
        {...input}
        id={id}
        className={classes.input}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={told || undefined}
        autoCapitalize="none"
        spellCheck={false}
      />
      {error && (
        <span className={classes.error} id={`${id}-error`} data-tone="problem">
          <Icon name="warning" size={14} />
          {error}
        </span>
      )}
    </div>
  );
}
