import { z } from "zod";
import { currencies } from "../../core/meta/currencies.ts";
import { crmView } from "./mapping.ts";
import { count, instant } from "./schema.ts";

/** Which fields of a CRM tell who a lead is and what a record is worth, and of how many of its records they tell it. */

const keyName = z.enum([
  "lead_id",
  "fbc",
  "em",
  "ph",
  "fn",
  "ln",
  "ct",
  "st",
  "zp",
  "country",
  "db",
  "ge",
  "external_id",
]);
export type KeyName = z.infer<typeof keyName>;

const fieldName = z.string().min(1).max(120);
const use = z.enum(["leadId", "clickId", "consent", "value"]);
export type FieldUse = z.infer<typeof use>;

/** What the latest records hold, counted; nothing of a person is in it. */
export const leadCoverage = z.object({
  records: count.describe("Looked at: the latest that were read"),
  people: count.describe("Records with a person behind them"),
  keys: z.array(
    z.object({
      key: keyName,
      have: count.describe("People of whom Meta would get it"),
      unusable: count.describe("People of whom the CRM holds one that cannot be sent"),
      allowed: z.boolean().describe("The workspace allows it to be sent"),
    }),
  ),
  matchable: count.describe("People whom Meta could recognise by at least one key"),
  consent: z.object({ yes: count, no: count }).optional().describe("Answers of the consent field, where one is chosen"),
  worth: z
    .array(
      z.object({
        object: z.string(),
        of: count.describe("People behind records of this kind"),
        have: count.describe("Those whose record has a value that can be sent, with its currency"),
        noCurrency: count.describe("Those whose record has a value that nobody says the currency of"),
        unusable: count.describe("Those whose field holds what cannot be sent: less than 0, or no number"),
      }),
    )
    .describe("Of each kind of record that has a field for its value"),
});
export type CoverageView = z.infer<typeof leadCoverage>;

const chosen = {
  leadId: fieldName.optional(),
  clickId: fieldName.optional(),
  consent: fieldName.optional().describe("Absent: nobody is asked, and everybody counts as willing"),
  value: z
    .record(z.string().max(60), fieldName)
    .optional()
    .describe(
      "The number field that says what a record is worth, by the kind of record; absent: the CRM's standard amount",
    ),
  currency: z
    .string()
    .optional()
    .describe("ISO 4217, sent with every value, and nothing is converted; absent: each record's own"),
};

const version = z.string().describe("Of the choice: another choice has another one");

/** `GET /api/v1/connections/:id/lead-fields` */
export const leadFieldsView = z.object({
  asOf: instant,
  choosable: z
    .boolean()
    .describe("false: the CRM sends people's data with each change, and there is nothing to choose"),
  fields: z
    .array(
      z.object({
        object: z.string(),
        name: z.string().describe("The CRM's internal name"),
        label: z.string(),
        type: z.string(),
        tells: z
          .array(z.enum(["person", "worth"]))
          .describe("person: it can hold a lead id, a click id or consent; worth: a number, what a record is worth"),
        suggests: use.optional().describe("What its name suggests that it holds"),
      }),
    )
    .describe("The CRM's fields that there are to choose from"),
  version,
  chosen: z.object(chosen),
  standard: z
    .record(z.string(), z.string())
    .describe("By the kind of record: the field that says what it is worth where none is chosen"),
  crm: crmView,
  coverage: leadCoverage
    .optional()
    .describe("Absent where the CRM did not answer, and where there is nothing to choose"),
});
export type LeadFieldsView = z.infer<typeof leadFieldsView>;

/** `POST /api/v1/connections/:id/lead-fields/check` */
export const leadFieldsDraft = z.strictObject({
  ...chosen,
  currency: chosen.currency.refine((code) => code === undefined || currencies.has(code), "not a code of ISO 4217"),
});
export type LeadFieldsDraft = z.infer<typeof leadFieldsDraft>;

/** `POST /api/v1/connections/:id/lead-fields` */
export const leadFieldsAsked = leadFieldsDraft.extend({
  from: z.string().describe("The version that it was made from; 409 where somebody has chosen otherwise meanwhile"),
});
export type LeadFieldsAsked = z.infer<typeof leadFieldsAsked>;
export const leadFieldsChecked = z.object({ crm: crmView, coverage: leadCoverage.optional() });
export type LeadFieldsChecked = z.infer<typeof leadFieldsChecked>;
export const leadFieldsSaved = z.object({ version, chosen: z.object(chosen) });
export type LeadFieldsSaved = z.infer<typeof leadFieldsSaved>;
