import { z } from "zod";
import { crmView } from "./mapping.ts";
import { count, instant } from "./schema.ts";

/** Which fields of a CRM tell who a lead is, and how many of its records they tell it of. */

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
const use = z.enum(["leadId", "clickId", "consent"]);
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
  value: count.describe("Records with a value and its currency"),
});
export type CoverageView = z.infer<typeof leadCoverage>;

const chosen = {
  leadId: fieldName.optional(),
  clickId: fieldName.optional(),
  consent: fieldName.optional().describe("Absent: nobody is asked, and everybody counts as willing"),
  currency: z.string().optional().describe("ISO 4217, of accounts whose records name none"),
};

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
        suggests: use.optional().describe("What its name suggests that it holds"),
      }),
    )
    .describe("The CRM's fields that can hold a lead id, a click id or consent"),
  chosen: z.object(chosen),
  currencyChoosable: z.boolean(),
  crm: crmView,
  coverage: leadCoverage
    .optional()
    .describe("Absent where the CRM did not answer, and where there is nothing to choose"),
});
export type LeadFieldsView = z.infer<typeof leadFieldsView>;

/** `POST /api/v1/connections/:id/lead-fields` and `…/lead-fields/check` */
export const leadFieldsAsked = z.strictObject({
  ...chosen,
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
});
export type LeadFieldsAsked = z.infer<typeof leadFieldsAsked>;
export const leadFieldsChecked = z.object({ crm: crmView, coverage: leadCoverage.optional() });
export type LeadFieldsChecked = z.infer<typeof leadFieldsChecked>;
export const leadFieldsSaved = z.object({ chosen: z.object(chosen) });
export type LeadFieldsSaved = z.infer<typeof leadFieldsSaved>;
