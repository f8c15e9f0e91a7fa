import type { LeadFieldsView } from "../../api/lead-fields.ts";
import { texts } from "../texts/texts.ts";
import { optionOf } from "./field-words.ts";
import { Select } from "./select.tsx";

const { fields: words } = texts.mapping;

interface Props {
  label: string;
  note: string;
  crm: string;
  /** Those that can serve. */
  fields: LeadFieldsView["fields"];
  suggests: LeadFieldsView["fields"][number]["suggests"];
  value: string | undefined;
  none?: string | undefined;
  onChange: (name: string | undefined) => void;
}

/** One of the CRM's fields, those first whose name suggests that they hold it. One that the CRM no longer has is named. */
export function FieldSelect({ label, note, crm, fields, suggests, value, none, onChange }: Props) {
  // A field that several kinds of record have is told once.
  const known = [...new Map(fields.map((field) => [field.name, field])).values()];
  const option = (field: (typeof known)[number]) => ({ value: field.name, label: optionOf(field) });
  const suggested = known.filter((field) => field.suggests === suggests);
  const others = known.filter((field) => field.suggests !== suggests);
  const missing = value !== undefined && !known.some(({ name }) => name === value);
  return (
    <Select
      label={label}
      note={note}
      groups={[
        {
          group: words.suggestedGroup,
          items: [...suggested.map(option), ...(missing ? [{ value, label: value }] : [])],
        },
        { group: words.allGroup, items: others.map(option) },
      ]}
      value={value}
      none={none}
      nowhere={words.nowhere}
      error={missing ? words.missing(value, crm) : undefined}
      onChange={onChange}
    />
  );
}
