import { useId } from "react";
import classes from "./form.module.css";

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly note?: string;
  readonly disabled?: boolean;
}

interface Props<Value extends string> {
  legend: string;
  choices: readonly Choice<Value>[];
  value: Value | undefined;
  onChoose: (value: Value) => void;
}

/** One of several; all are seen at once. */
export function Choices<Value extends string>({ legend, choices, value, onChoose }: Props<Value>) {
  const name = useId();
  return (
    <fieldset className={classes.choices}>
      <legend className={classes.label}>{legend}</legend>
      {choices.map((choice) => (
        <label className={classes.choice} key={choice.value} data-off={choice.disabled || undefined}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            disabled={choice.disabled}
            onChange={() => onChoose(choice.value)}
          />
          <span>
            <bdi>{choice.label}</bdi>
            {choice.note && <span className={classes.hint}>{choice.note}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
