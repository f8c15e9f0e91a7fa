import { z } from "zod";
import type { FieldSource, Sourced } from "../../core/connector.ts";
import type { Lead, MatchKey } from "../../core/types.ts";
import type { Config } from "./config.ts";
import { id, instant } from "./rows.ts";

/** A lead, contact or opportunity with whatever of its optional fields the connected user may see; names in lower case. */
export const personRow = z
  .looseObject({ Id: id, CreatedDate: instant })
  .transform(({ Id, CreatedDate, ...fields }) => ({ Id, CreatedDate, fields: lowerCased(fields) }));
export type PersonRow = z.output<typeof personRow>;

const shared: Readonly<Partial<Record<MatchKey, readonly string[]>>> = {
  em: ["Email"],
  ph: ["Phone", "MobilePhone"],
  fn: ["FirstName"],
  ln: ["LastName"],
};
const keys = {
  Lead: { ...shared, ct: ["City"], st: ["State"], zp: ["PostalCode"], country: ["Country"] },
  Contact: {
    ...shared,
    ct: ["MailingCity"],
    st: ["MailingState"],
    zp: ["MailingPostalCode"],
    country: ["MailingCountry"],
    db: ["Birthdate"],
  },
} as const;
export type PersonObject = keyof typeof keys;

/** A lead tells of itself; an opportunity's person is the lead it came from, or else its primary contact. */
export function personSources({ fields }: Config, object: string): Readonly<Partial<Record<Sourced, FieldSource>>> {
  const ofLead = (...names: readonly string[]): FieldSource => ({ of: "lead", names });
  return {
    ...Object.fromEntries(Object.entries(keys.Lead).map(([key, names]) => [key, ofLead(...names)])),
    external_id: ofLead("Id"),
    ...(fields.leadId !== undefined && { lead_id: { of: object, names: [fields.leadId] } }),
    ...(fields.clickId !== undefined && { fbc: ofLead(fields.clickId) }),
  };
}

/** Optional fields of a person; each is left out where it is hidden. The contact carries no lead id and no click id of its own. */
export function personFields(object: PersonObject, { fields }: Config): readonly string[] {
  const own = object === "Lead" ? [fields.leadId, fields.clickId] : [];
  return [...Object.values(keys[object]).flat(), ...own, ...(fields.consent ? [fields.consent] : [])];
}

export function person(object: PersonObject, row: PersonRow, { fields }: Config): Lead {
  const contact: Partial<Record<MatchKey, readonly string[]>> = { external_id: [row.Id] };
  for (const [key, names] of Object.entries(keys[object]) as [MatchKey, readonly string[]][]) {
    const values = [...new Set(names.map((name) => textOf(row, name)).filter((value) => value !== undefined))];
    if (values.length > 0) contact[key] = values;
  }
  const leadId = object === "Lead" ? textOf(row, fields.leadId) : undefined;
  const clickId = object === "Lead" ? textOf(row, fields.clickId) : undefined;
  return {
    contact,
    createdAt: row.CreatedDate,
    ...(leadId ? { leadId } : {}),
    // Web forms write the click id when they make the lead.
    ...(clickId ? { clickId, clickSeenAt: row.CreatedDate } : {}),
    ...(fields.hashed?.length ? { hashed: fields.hashed } : {}),
    ...(fields.consent ? { consent: isYes(row.fields.get(fields.consent.toLowerCase())) } : {}),
  };
}

/** Numbers beyond what JavaScript holds exactly are text already (answer.ts). */
export function textOf(row: { readonly fields: ReadonlyMap<string, unknown> }, name: string): string | undefined {
  const value = row.fields.get(name.toLowerCase());
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  // What is longer is no mail, no phone and no id, whatever the field is called.
  return text === "" || text.length > 4096 ? undefined : text;
}

/** A consent field that is hidden, empty or anything but a yes is a no. */
const isYes = (value: unknown): boolean =>
  value === true || (typeof value === "string" && /^(yes|true|1|y|granted|given|opted[ -_]?in)$/i.test(value.trim()));

/** SOQL takes field names in any case and answers in Salesforce's own. */
export function lowerCased(fields: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
}
