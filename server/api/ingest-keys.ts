import { z } from "zod";
import { instant } from "./schema.ts";

/** The keys with which a company's own CRM pushes stage changes. */

export const ingestKeyView = z.object({
  id: z.string(),
  name: z.string().describe("As its maker called it: which system holds it."),
  createdBy: z.string().describe("The member who made it."),
  createdAt: instant,
  usedAt: instant.optional().describe("To the minute; absent: never."),
  endsAt: instant.optional().describe("It opens nothing from then on."),
  state: z.enum(["live", "ending", "ended"]).describe("`ending`: it was rotated, and goes on until `endsAt`."),
});
export type IngestKeyView = z.infer<typeof ingestKeyView>;

/** `GET /api/v1/connections/:id/keys`: the latest first. */
export const ingestKeysView = z.object({ keys: z.array(ingestKeyView) });
export type IngestKeysView = z.infer<typeof ingestKeysView>;

/** `POST /api/v1/connections/:id/keys` */
export const ingestKeyAsked = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^\P{Cc}*$/u, "no control characters"),
});
export const ingestKeyMade = ingestKeyView.extend({
  key: z.string().describe("It is shown now and never again."),
});
export type IngestKeyMade = z.infer<typeof ingestKeyMade>;

/** `POST …/keys/:key/rotate`: a new key of the same name. */
export const ingestKeyRotation = z.strictObject({
  oldEndsInHours: z
    .int()
    .min(0)
    .max(720)
    .default(24)
    .describe("How long the old key goes on serving: up to 30 days; 0: it ends now."),
});
