import { z } from "zod";
import { currencies } from "../../core/meta/currencies.ts";
import { mostWorth } from "../../core/meta/worth.ts";

/** Ids come as text; whole numbers that survive JSON are taken too. */
export const idText = (what: string) =>
  z
    .union(
      [z.string(), z.number().refine(Number.isSafeInteger, `Send ${what} as text: a number this large is rounded.`)],
      {
        error: `Give ${what}.`,
      },
    )
    .transform((id) => String(id).trim())
    .pipe(z.string().max(256, `Send at most 256 characters for ${what}.`));

/** Any text: one that is no lead id is left out and counted when the event is made, and the other keys serve. */
export const leadIdText = z.string({
  error: (issue) =>
    typeof issue.input === "number"
      ? "Send lead_id as text in quotes: as a JSON number its last digits are rounded away."
      : "Send lead_id as text.",
});

export const consent = z
  .union([z.boolean(), z.string(), z.number()], { error: "Send consent as true or false." })
  .transform((answer, context) => {
    const word = String(answer).trim().toLowerCase();
    if (["true", "yes", "y", "1"].includes(word)) return true;
    if (["false", "no", "n", "0"].includes(word)) return false;
    context.addIssue({ code: "custom", message: "Send consent as true or false.", params: { code: "not_yes_or_no" } });
    return z.NEVER;
  });

const decimal = "Send value as a number with a decimal point, 0 or more.";
export const amount = z
  .union(
    [
      z.number(),
      z
        .string()
        .trim()
        .regex(/^\d+(\.\d+)?$/, decimal),
    ],
    { error: decimal },
  )
  .transform(Number)
  .pipe(z.number().nonnegative(decimal).max(mostWorth, "This value is too large."));
export const currency = z
  .string({ error: "Send currency as text." })
  .transform((text) => text.trim().toUpperCase())
  .refine((code) => currencies.has(code), "Send currency as an ISO 4217 code such as EUR.");
