import { type ReactNode, useId } from "react";
import { Icon } from "../icons.tsx";
import classes from "./form.module.css";

/** What ties a control to the words around it. */
export interface Tied {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

interface Props {
  label: string;
  hint?: string | undefined;
  /** What is wrong with it. */
  error?: string | undefined;
  className?: string | undefined;
  children: (control: Tied) => ReactNode;
}

/** A control with what it is for above and what is wrong below. */
export function Labelled({ label, hint, error, className = classes.field, children }: Props) {
  const id = useId();
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={className}>
      <label className={classes.label} htmlFor={id}>
        {label}
      </label>
      {hint && (
        <span className={classes.hint} id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {children({ id, "aria-describedby": told || undefined, "aria-invalid": error === undefined ? undefined : true })}
      {error && (
        <span className={classes.error} id={`${id}-error`} data-tone="problem">
          <Icon name="warning" size={14} />
          {error}
        </span>
      )}
    </div>
  );
}
