import { z } from "zod";
import { count } from "./schema.ts";

/** What admins decide for their workspace. */

/** Contact data beside the lead id, by Meta's names; each is sent as a hash only. */
const matchKey = z.enum(["em", "ph", "fn", "ln", "ct", "st", "zp", "country", "db", "ge", "external_id"]);
const days = count.describe("In days.");

/** `GET /api/v1/settings` */
export const settingsView = z.object({
  version: z.int().min(1).describe("Counts what was saved; whoever saves names the one they saw."),
  name: z.string().describe("The workspace's."),
  defaultCountry: z.string().optional().describe("ISO 3166-1 alpha-2: of phone numbers that name no country."),
  allowedKeys: z
    .array(matchKey)
    .describe("Which contact data may be sent beside the lead id, hashed; none: the lead id and the click id alone."),
  alertTo: z.array(z.string()).describe("Who hears of problems by mail. Viewers see them masked."),
  mail: z.boolean().describe("A mail server is known; else nobody hears of anything by mail."),
  countries: z.array(z.string()).describe("The countries that can be chosen, ISO 3166-1 alpha-2."),
  kept: z
    .object({
      payloads: days.describe("Events as they were sent: hashes, lead id, click id."),
      outcomes: days.describe("What became of each stage change; no contact data."),
      ledger: days.describe("Which record was in which stage when; and the audit log."),
      proofs: days.describe("That a person or a workspace was erased, in counts."),
    })
    .describe("How long what is dropped. These are facts, not settings."),
});
export type SettingsView = z.infer<typeof settingsView>;
export type MatchKeyName = z.infer<typeof matchKey>;

/** `POST /api/v1/settings`: only what is named changes. */
export const settingsAsked = z.strictObject({
  version: z.int().min(1).describe("The one that was seen; where somebody has saved since, nothing is done."),
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, "no control characters")
    .optional(),
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, "two capital letters: ISO 3166-1 alpha-2")
    .nullable()
    .optional()
    .describe("null: none."),
  allowedKeys: z.array(matchKey).max(11).optional(),
  alertTo: z.array(z.email().max(254)).max(20, "20 addresses at most").optional(),
});
export type SettingsAsked = z.infer<typeof settingsAsked>;
