import { useId } from "react";
import classes from "./form.module.css";

interface Props<Value extends string> {
  label: string;
  hint?: string;
  choices: readonly { readonly value: Value; readonly label: string }[];
  value: Value;
  onChoose: (value: Value) => void;
}

/** One of several, of which the chosen one is seen. */
export function Select<Value extends string>({ label, hint, choices, value, onChoose }: Props<Value>) {
  const id = useId();
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
      <select
        id={id}
        className={classes.select}
        aria-describedby={hint && `${id}-hint`}
        value={value}
        onChange={({ target }) => onChoose(choices.find((one) => one.value === target.value)?.value ?? value)}
      >
        {choices.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    </div>
  );
}
