import { z } from "zod";
import type { MatchKey } from "../../core/types.ts";

/** The contact fields of the push format and what Meta calls them. */
export const matchKeyOf: Readonly<Record<string, MatchKey>> = {
  email: "em",
  phone: "ph",
  first_name: "fn",
  last_name: "ln",
  city: "ct",
  state: "st",
  zip: "zp",
  country: "country",
  birth_date: "db",
  gender: "ge",
  external_id: "external_id",
};

const digest = z
  .string({ error: "Send sha256 as text." })
  .trim()
  .regex(/^[0-9a-fA-F]{64}$/, "Send sha256 as 64 hexadecimal digits.")
  .toLowerCase();
const hashedValue = z.strictObject({
  sha256: z.union([digest, z.array(digest).max(20)], { error: "Send sha256 as 64 hexadecimal digits." }),
});
const one = z.union([z.string(), hashedValue], {
  error: (issue) =>
    typeof issue.input === "number"
      ? "Send it as text in quotes: a number loses leading zeros and the plus."
      : 'Send text, a list of texts, or {"sha256": "64 hexadecimal digits"}.',
});

/** A text, a list, or hashes; plain and hashed values of one field cannot be mixed. */
const contactValue = z
  .union([one, z.array(one).max(20, "Send at most 20 values.")], {
    error: (issue) =>
      typeof issue.input === "number"
        ? "Send it as text in quotes: a number loses leading zeros and the plus."
        : 'Send text, a list of texts, or {"sha256": "64 hexadecimal digits"}.',
  })
  .transform((sent, context) => {
    const all = [sent].flat();
    const plain = all.filter((value) => typeof value === "string").filter((value) => value.trim() !== "");
    const hashes = all.flatMap((value) => (typeof value === "string" ? [] : [value.sha256].flat()));
    if (plain.length > 0 && hashes.length > 0) {
      context.addIssue({
        code: "custom",
        message: "Send this field either plain or as sha256, not both.",
        params: { code: "mixed" },
      });
      return z.NEVER;
    }
    return { values: hashes.length > 0 ? hashes : plain, hashed: hashes.length > 0 };
  });

export const contact = z.partialRecord(z.enum(Object.keys(matchKeyOf)), contactValue, {
  error: "Send contact as an object.",
});
