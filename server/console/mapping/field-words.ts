import type { LeadFieldsView } from "../../api/lead-fields.ts";
import { texts } from "../texts/texts.ts";

const { fields: words } = texts.mapping;
type Fields = LeadFieldsView["fields"];

/** One thing that can be chosen, and what is chosen for it, in words. */
export interface Told {
  readonly key: string;
  readonly label: string;
  readonly chosen: string;
  /** Said of a field that the CRM no longer has. */
  readonly missing?: string | undefined;
}

export const optionOf = ({ label, name }: Pick<Fields[number], "label" | "name">): string => words.option(label, name);

/** A chosen field as it is told; `fields` empty: the CRM does not answer, and nothing tells what it has. */
export function toldField(
  { key, label, none }: { readonly key: string; readonly label: string; readonly none: string },
  name: string | undefined,
  fields: Fields,
  crm: string,
): Told {
  if (name === undefined) return { key, label, chosen: none };
  const field = fields.find((one) => one.name === name);
  const missing = !field && fields.length > 0 ? words.missing(name, crm) : undefined;
  return { key, label, chosen: field ? optionOf(field) : name, missing };
}
