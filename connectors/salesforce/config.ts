import { z } from "zod";
import { type LeadFields, matchKeyNames } from "../../core/types.ts";

/** Lead by its `Status`, opportunity by its `StageName`. */
export const kinds = ["lead", "opportunity"] as const;
export type Kind = (typeof kinds)[number];

/** Only names that Salesforce itself would allow reach a query: this is what keeps SOQL free of foreign text. */
const fieldName = z
  .string()
  .max(120)
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, "must be the API name of a field, for example Meta_Lead_ID__c");

export const config = z.strictObject({
  objects: z.array(z.enum(kinds)).min(1).default(["lead", "opportunity"]),
  fields: z
    .strictObject({
      /** On the lead, and under the same name on the opportunity where conversion copies it. */
      leadId: fieldName.default("Meta_Lead_ID__c"),
      clickId: fieldName.default("Meta_Click_ID__c"),
      /** A checkbox, or a text that says yes; on the lead (or on the contact, where there is no lead). */
      consent: fieldName.exactOptional(),
      /** Match keys whose fields hold SHA-256 already. */
      hashed: z.array(z.enum(matchKeyNames)).exactOptional(),
      /** The number field that says what a record is worth. */
      value: z.strictObject({ opportunity: fieldName.default("Amount"), lead: fieldName.exactOptional() }).prefault({}),
    })
    .prefault({}) satisfies z.ZodType<LeadFields>,
  /**
   * ISO 4217. Sent with every value; nothing is converted. Without it each record names its own, which only those of orgs with
   * several currencies do.
   */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "must be a currency code, for example EUR")
    .exactOptional(),
});
export type Config = z.output<typeof config>;

const instant = z.iso.datetime();

/**
 * A walk through the objects, in order of last change. Between two walks only `since` counts; inside one, `object`, `at` and `id`
 * name the last row that was read.
 */
export const checkpoint = z.strictObject({
  v: z.literal(1),
  /** Everything that Salesforce stamped before this instant has been read. */
  since: instant,
  /** What `since` becomes when the running walk is through. */
  until: instant.exactOptional(),
  object: z.enum(kinds).exactOptional(),
  at: instant.exactOptional(),
  id: z.string().exactOptional(),
  /** Records read and to read, while a baseline runs. */
  done: z.number().int().exactOptional(),
  total: z.number().int().exactOptional(),
});
export type Checkpoint = z.output<typeof checkpoint>;
