import { Select as MantineSelect } from "@mantine/core";
import { useState } from "react";
import classes from "./lead-fields.module.css";

export interface Option {
  readonly value: string;
  readonly label: string;
}
interface Props {
  label: string;
  note: string;
  groups: readonly { readonly group: string; readonly items: Option[] }[];
  value: string | undefined;
  /** What holds where nothing is chosen; absent: something always is. */
  none?: string | undefined;
  nowhere: string;
  error?: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** No field and no currency is called so. */
const nothing = "";

/** One of many, found by typing; or none of them, which is a choice like the others. */
export function Select({ label, note, groups, value, none, nowhere, error, onChange }: Props) {
  const [opened, open] = useState(false);
  return (
    <MantineSelect
      classNames={{ input: classes.input }}
      label={label}
      description={note}
      data={[
        ...(none === undefined ? [] : [{ value: nothing, label: none }]),
        ...groups.filter(({ items }) => items.length > 0),
      ]}
      value={value ?? (none === undefined ? null : nothing)}
      allowDeselect={false}
      searchable
      role="combobox"
      aria-expanded={opened}
      onDropdownOpen={() => open(true)}
      onDropdownClose={() => open(false)}
      limit={200}
      nothingFoundMessage={nowhere}
      error={error}
      onChange={(chosen) => onChange(chosen || undefined)}
    />
  );
}
