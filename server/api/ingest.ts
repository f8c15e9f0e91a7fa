import { z } from "zod";
import { count } from "./schema.ts";

/**
 * What a company's own CRM pushes, for those who read about it. What is taken is decided by connectors/http, which knows other
 * names of the same fields too; a test holds the two together.
 */
export const stageChangePushed = z.looseObject({
  record_id: z.string().describe("The id of the lead or deal in your CRM."),
  stage: z.string().describe("The id of the stage that was entered, not its label."),
  occurred_at: z.iso.datetime({ offset: true }).describe("When it was entered, as RFC 3339 with the offset."),
  lead_id: z.string().optional().describe("The Meta lead id: 15 to 17 digits, as text."),
  contact: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("email, phone, first_name … in plain text or as {sha256}; hashed before it is stored."),
  click_id: z.string().optional().describe("An fbc, an fbclid, or an address that carries one."),
  lead_created_at: z.iso.datetime({ offset: true }).optional().describe("When the lead came into being."),
  id: z.string().optional().describe("The same id is the same change for ever; made from the rest where it is absent."),
  object: z.string().optional().describe("The kind of record; `lead` unless told."),
  pipeline: z.string().optional().describe("`default` unless told."),
  value: z.number().nonnegative().optional(),
  currency: z.string().optional().describe("ISO 4217; needed with a value."),
  consent: z.boolean().optional().describe("With `false` nothing is sent."),
});

/** `POST /ingest/v1/stage-changes`: one, or up to 500. */
export const stageChangesPushed = z.union([stageChangePushed, z.array(stageChangePushed).max(500)]);

const fault = z.object({ path: z.string(), code: z.string(), message: z.string() });
export const pushTaken = z.object({
  accepted: count,
  duplicates: count,
  rejected: count,
  items: z
    .array(
      z.union([
        z.object({
          index: count,
          id: z.string(),
          status: z.enum(["accepted", "duplicate"]),
          warnings: z.array(z.string()).optional().describe("What could not be used and was left out."),
        }),
        z.object({ index: count, status: z.literal("rejected"), errors: z.array(fault) }),
      ]),
    )
    .describe("In the order of what was sent."),
});

export const mostIds = 1_000;
/** `POST /ingest/v1/outcomes`: ids as they may have been pushed; no other is kept. */
export const outcomesAsked = z.object({ ids: z.array(z.string().regex(/^[A-Za-z0-9_.:-]{1,128}$/)).max(mostIds) });
export const outcomesTold = z.object({
  outcomes: z
    .record(
      z.string(),
      z.object({
        state: z.enum(["pending", "waiting", "accepted", "refused", "not_sent"]),
        reason: z.string().optional().describe("A code of the problem catalogue."),
        title: z.string().optional(),
      }),
    )
    .describe("By id; ids that are not known are missing."),
});
