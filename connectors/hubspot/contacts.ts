import type { FieldSource, Sourced } from "../../core/connector.ts";
import type { Lead, LeadFields, MatchKey } from "../../core/types.ts";
import type { HubspotConfig } from "./config.ts";
import { isObjectName } from "./objects.ts";
import type { Row } from "./shapes.ts";
import { worthSources } from "./worth.ts";

/** Where each match key is, most telling first. https://knowledge.hubspot.com/properties/hubspots-default-contact-properties */
const matchProperties: Readonly<Partial<Record<MatchKey, readonly string[]>>> = {
  em: ["email", "hs_additional_emails"],
  ph: ["phone", "mobilephone"],
  fn: ["firstname"],
  ln: ["lastname"],
  ct: ["city"],
  st: ["state"],
  zp: ["zip"],
  country: ["country"],
  db: ["date_of_birth"],
  ge: ["gender"],
};

/** What HubSpot's own key of a contact is called in its exports. */
const recordId = "hs_object_id";

/** Whoever the record is about, their contact tells the keys; the record itself tells what it is worth. */
export function sources(config: HubspotConfig, object: string): Readonly<Partial<Record<Sourced, FieldSource>>> {
  const { fields } = config;
  const ofContact = (...names: readonly string[]): FieldSource => ({ of: "contact", names });
  return {
    ...Object.fromEntries(Object.entries(matchProperties).map(([key, names]) => [key, ofContact(...names)])),
    external_id: ofContact(recordId),
    ...(fields.leadId !== undefined && { lead_id: ofContact(fields.leadId) }),
    ...(fields.clickId !== undefined && { fbc: ofContact(fields.clickId) }),
    ...(isObjectName(object) && worthSources(config, object)),
  };
}

export const contactProperties = ({ leadId, clickId, consent }: LeadFields): string[] => [
  ...new Set([
    ...Object.values(matchProperties).flat(),
    "createdate",
    ...[leadId, clickId, consent].filter((name) => name !== undefined),
  ]),
];

/**
 * Of several contacts the one that Meta knows by a lead id, else the primary one, else the one that came first: HubSpot does
 * not say who of a deal's contacts is its lead.
 */
export function choose(
  candidates: readonly { readonly contact: Row; readonly primary: boolean }[],
  { leadId }: LeadFields,
): Row | undefined {
  const rank = ({ contact, primary }: (typeof candidates)[number]): number => {
    if (leadId !== undefined && looksLikeLeadId(contact.properties[leadId])) return 0;
    return primary ? 1 : 2;
  };
  return candidates.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      a.contact.createdAt.getTime() - b.contact.createdAt.getTime() ||
      a.contact.id.localeCompare(b.contact.id),
  )[0]?.contact;
}

/** Enough to choose a contact by; core judges the id itself. Meta's exports write `l:` before it. */
const looksLikeLeadId = (value: string | null | undefined): boolean => /^\s*(?:l:)?[1-9]\d{9,19}\s*$/.test(value ?? "");

/** Consent in a check box or a drop-down; everything else, empty too, is no yes. */
const yes = /^\s*(?:true|yes|y|1|granted|given|opt(?:ed)?[ _-]?in)\s*$/i;

export function toLead(contact: Row, fields: LeadFields, clickSeenAt: Date | undefined): Lead {
  const textOf = (name: string | undefined) => (name === undefined ? undefined : contact.properties[name]?.trim());
  const leadId = textOf(fields.leadId);
  const clickId = textOf(fields.clickId);
  const keys: Partial<Record<MatchKey, readonly string[]>> = { external_id: [contact.id] };
  for (const [key, names] of Object.entries(matchProperties) as [MatchKey, readonly string[]][]) {
    // Additional addresses are one text, separated by semicolons.
    const found = names.flatMap((name) => (key === "em" ? textOf(name)?.split(";") : [textOf(name)]) ?? []);
    const values = [
      ...new Set(found.map((value) => value?.trim()).filter((value) => value !== undefined && value !== "")),
    ];
    if (values.length > 0) keys[key] = values as string[];
  }
  return {
    ...(leadId ? { leadId } : {}),
    ...(clickId ? { clickId, clickSeenAt: clickSeenAt ?? contact.createdAt } : {}),
    contact: keys,
    ...(fields.hashed ? { hashed: fields.hashed } : {}),
    createdAt: createdAt(contact),
    ...(fields.consent === undefined ? {} : { consent: yes.test(textOf(fields.consent) ?? "") }),
  };
}

/** `createdate` is when the person came into being, and stays so when contacts are merged or imported with it. */
function createdAt(contact: Row): Date {
  const at = new Date(contact.properties.createdate ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? contact.createdAt : at;
}
