import classes from "./form.module.css";
import { Labelled } from "./labelled.tsx";

interface Props<Value extends string> {
  label: string;
  hint?: string;
  choices: readonly { readonly value: Value; readonly label: string }[];
  value: Value;
  onChoose: (value: Value) => void;
}

/** One of several, of which the chosen one is seen. */
export function Select<Value extends string>({ label, hint, choices, value, onChoose }: Props<Value>) {
  return (
    <Labelled label={label} hint={hint}>
      {(control) => (
        <select
          {...control}
          className={classes.select}
          value={value}
          onChange={({ target }) => onChoose(choices.find((one) => one.value === target.value)?.value ?? value)}
        >
          {choices.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
