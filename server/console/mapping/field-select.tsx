import { Select } from "@mantine/core";
import { useState } from "react";
import type { FieldUse, LeadFieldsView } from "../../api/lead-fields.ts";
import { texts } from "../texts/texts.ts";
import classes from "./lead-fields.module.css";

const { fields: words } = texts.mapping;

interface Props {
  use: FieldUse;
  crm: string;
  fields: LeadFieldsView["fields"];
  value: string | undefined;
  onChange: (name: string | undefined) => void;
}

/** One of the CRM's fields, those first whose name suggests that they hold it. Only consent may be left out. */
export function FieldSelect({ use, crm, fields, value, onChange }: Props) {
  const [opened, open] = useState(false);
  // A field that several kinds of record have is told once.
  const known = [...new Map(fields.map((field) => [field.name, field])).values()];
  const option = ({ label, name }: { label: string; name: string }) => ({
    value: name,
    label: words.option(label, name),
  });
  const suggested = known.filter(({ suggests }) => suggests === use);
  const others = known.filter(({ suggests }) => suggests !== use);
  const missing = value !== undefined && known.length > 0 && !known.some(({ name }) => name === value);
  const absent = value !== undefined && !known.some(({ name }) => name === value) ? [{ value, label: value }] : [];
  const groups = [
    { group: words.suggestedGroup, items: [...suggested.map(option), ...absent] },
    { group: words.allGroup, items: others.map(option) },
  ];
  return (
    <Select
      classNames={{ input: classes.input }}
      label={words[use]}
      description={words[`${use}Note`]}
      data={groups.filter(({ items }) => items.length > 0)}
      value={value ?? null}
      placeholder={use === "consent" ? words.noConsent : ""}
      clearable={use === "consent"}
      allowDeselect={false}
      searchable
      role="combobox"
      aria-expanded={opened}
      onDropdownOpen={() => open(true)}
      onDropdownClose={() => open(false)}
      limit={100}
      nothingFoundMessage={words.nowhere}
      error={missing ? words.missing(value, crm) : undefined}
      onChange={(name) => onChange(name ?? undefined)}
    />
  );
}
