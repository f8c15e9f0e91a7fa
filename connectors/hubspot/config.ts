import { z } from "zod";
import { type LeadFields, matchKeyNames } from "../../core/types.ts";
import { type ObjectName, objectNames } from "./objects.ts";

export interface HubspotConfig {
  /** Which records are read. Leads are skipped where the account has none (they need Sales Hub Professional). */
  readonly objects: readonly ObjectName[];
  /** Contact properties, by their internal names; `value`: of each kind of record its own. */
  readonly fields: LeadFields & { readonly value: Readonly<Partial<Record<ObjectName, string>>> };
  /** ISO 4217. Sent with every value, whatever the record's own currency; nothing is converted. */
  readonly currency?: string;
}

/** HubSpot's internal property names: lower case, digits and underscores; some old ones hold more. */
const propertyName = z.string().regex(/^[\w.-]{1,100}$/);

export const hubspotConfig: z.ZodType<HubspotConfig> = z.strictObject({
  objects: z.array(z.enum(objectNames)).min(1).default(["deal", "contact", "lead"]),
  fields: z
    .strictObject({
      leadId: propertyName.default("meta_lead_id"),
      clickId: propertyName.default("hs_facebook_click_id"),
      consent: propertyName.exactOptional(),
      hashed: z.array(z.enum(matchKeyNames)).exactOptional(),
      value: z
        .strictObject({
          deal: propertyName.default("amount"),
          contact: propertyName.exactOptional(),
          lead: propertyName.exactOptional(),
        })
        .prefault({}),
    })
    .prefault({}),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "must be a currency code, for example EUR")
    .exactOptional(),
});
