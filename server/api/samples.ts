import { z } from "zod";
import { explainQuery } from "./record.ts";
import { instant } from "./schema.ts";

/** `GET /api/v1/connections/:id/samples?q=9911` */
export const samplesQuery = z.strictObject({
  q: z
    .string()
    .trim()
    .max(256)
    .regex(/^\P{Cc}*$/u)
    .optional()
    .describe("The id of a record; absent: those whose stage changed last"),
});

/** Records to look at, the one that changed last first. No names: nothing of a person is kept for it. */
export const samples = z.object({
  asOf: instant,
  records: z.array(
    z.object({
      object: explainQuery.shape.object,
      record: explainQuery.shape.record,
      pipelineId: z.string(),
      stageId: z.string(),
      /** As Meta would call the stage; absent: it is not mapped. */
      eventName: z.string().optional(),
      enteredAt: instant,
    }),
  ),
});
export type Samples = z.infer<typeof samples>;
