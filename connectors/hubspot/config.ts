import { z } from "zod";
import { type LeadFields, matchKeyNames } from "../../core/types.ts";
import { type ObjectName, objectNames } from "./objects.ts";

export interface HubspotConfig {
  /** Which records are read. Leads are skipped where the account has none (they need Sales Hub Professional). */
  readonly objects: readonly ObjectName[];
  /** Contact properties, by their internal names. */
  readonly fields: LeadFields;
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
    })
    .prefault({}),
});
