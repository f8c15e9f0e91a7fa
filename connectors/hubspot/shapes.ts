import { z } from "zod";

/** The parts of HubSpot's answers that we use, after the SDK has decoded them (its timestamps are `Date`s). */

const id = z.string().min(1);
/** HubSpot's own end at 255: a longer one would only fill our tables and screens. */
const label = z.string().transform((text) => text.slice(0, 256));
/** Property values are texts or null. What is longer than this is no mail, no phone, no stage and no id. */
const value = z
  .string()
  .nullish()
  .transform((text) => (text && text.length > 4096 ? null : text));
const values = z.record(z.string(), value);

const row = z.object({
  id,
  properties: values,
  propertiesWithHistory: z.record(z.string(), z.array(z.object({ value, timestamp: z.date() }))).optional(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Row = z.infer<typeof row>;

export const searchAnswer = z.object({
  headers: z.record(z.string(), z.string()),
  data: z.object({
    results: z.array(row),
    total: z.number().int().nonnegative(),
    paging: z.object({ next: z.object({ after: z.string() }).optional() }).optional(),
  }),
});

export const readAnswer = z.object({ results: z.array(row) });

const association = z.object({
  _from: z.object({ id }),
  to: z.array(z.object({ toObjectId: id, associationTypes: z.array(z.object({ typeId: z.number() })) })),
  paging: z.object({ next: z.object({ after: z.string() }).optional() }).optional(),
});
export const associationAnswer = z.object({ results: z.array(association) });

const pipelineRow = z.object({
  id,
  label,
  archived: z.boolean(),
  displayOrder: z.number(),
  stages: z.array(
    z.object({
      id,
      label,
      archived: z.boolean(),
      displayOrder: z.number(),
      metadata: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
export type PipelineRow = z.infer<typeof pipelineRow>;
export const pipelineAnswer = z.object({ results: z.array(pipelineRow) });

export const propertyRow = z.object({
  name: z.string(),
  label,
  type: z.string(),
  hubspotDefined: z.boolean().default(false),
  showCurrencySymbol: z.boolean().default(false),
  hidden: z.boolean().default(false),
  options: z.array(z.object({ value: z.string(), label, displayOrder: z.number().optional(), hidden: z.boolean() })),
});
export type PropertyRow = z.infer<typeof propertyRow>;
export const propertiesAnswer = z.object({ results: z.array(propertyRow) });

export const accountDetails = z.object({
  portalId: z.union([z.string(), z.number().int()]).transform(String),
  accountType: z.string(),
  companyCurrency: z.string().nullish(),
  uiDomain: z.string().nullish(),
});
export type AccountDetails = z.infer<typeof accountDetails>;
