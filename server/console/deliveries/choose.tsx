import form from "../elements/form/form.module.css";
import { Labelled } from "../elements/form/labelled.tsx";
import classes from "./filters.module.css";

export interface Group {
  readonly label?: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

interface Props {
  label: string;
  /** The words for no choice. */
  all: string;
  value: string | undefined;
  groups: readonly Group[];
  onChoose: (value: string | undefined) => void;
}

/** One of several, in groups; the browser's own list. */
export function Choose({ label, all, value = "", groups, onChoose }: Props) {
  return (
    <Labelled label={label} className={classes.filter}>
      {(control) => (
        <select
          {...control}
          className={form.select}
          value={value}
          onChange={({ target }) => onChoose(target.value || undefined)}
        >
          <option value="">{all}</option>
          {groups
            .filter((group) => group.choices.length > 0)
            .map((group) => {
              const options = group.choices.map((choice) => (
                <option key={choice.value} value={choice.value}>
                  {choice.label}
                </option>
              ));
              return group.label === undefined ? (
                options
              ) : (
                <optgroup key={group.choices[0]?.value} label={group.label}>
                  {options}
                </optgroup>
              );
            })}
        </select>
      )}
    </Labelled>
  );
}
