import { hash } from "node:crypto";
import type { Lead, MatchKey } from "../types.ts";
import { birthDate } from "./match-keys/birth-date.ts";
import { cleanText, longestValue } from "./match-keys/clean.ts";
import { country } from "./match-keys/country.ts";
import { email, plainEmail } from "./match-keys/email.ts";
import { gender } from "./match-keys/gender.ts";
import { externalId, name } from "./match-keys/names.ts";
import type { NormaliseContext, Normalised } from "./match-keys/normalised.ts";
import { phone } from "./match-keys/phone.ts";
import { city, postalCode, state } from "./match-keys/place.ts";

export type { NormaliseContext, Normalised } from "./match-keys/normalised.ts";

const rules: Readonly<Record<MatchKey, (text: string, context: NormaliseContext) => Normalised>> = {
  em: email,
  ph: phone,
  fn: name,
  ln: name,
  ct: city,
  st: state,
  zp: postalCode,
  country,
  db: birthDate,
  ge: gender,
  external_id: externalId,
};

const looksHashed = /^\s*[0-9a-f]{32}(?:[0-9a-f]{32})?(?:\.[\w-]{2}|\.[\w-]{8})?\s*$/i;
/** Meta's library appends two or eight characters that say who hashed it; they are not part of the hash. */
const sha256Hex = /^\s*([0-9a-f]{64})(?:\.[\w-]{2}|\.[\w-]{8})?\s*$/i;

/**
 * The forms of one value that are hashed, documented form first (Meta, "Customer information parameters"); where Meta's own
 * library (`capi-param-builder-nodejs`) makes another form of the same value, that one follows. Total: never throws, never
 * gives a raw value back. Its first form taken as input comes out first
 * again.
 *
 * Where we knowingly leave out what Meta's library would send (each held by a test):
 * - all text is well-formed NFC without control characters first; values of more than 1,000 characters are dropped;
 * - an MD5 or SHA-256 look-alike is no hash unless the admin says so: it is hashed as an id, dropped elsewhere;
 * - em: over 254 characters, or a colon (a slip in the library's pattern);
 * - ph: no number without a country, no dialling form without country code, no extension, 8 to 15 digits only;
 * - ph, db: the digits of every script count as digits;
 * - fn, ln, ct, st, zp: nothing that holds only punctuation or symbols, no postal code of one character;
 * - country: none guessed from the first two letters or from a part of the text, no code that ISO does not list;
 * - db: no day that does not exist, no year before 1900 or after now.
 */
export function normalise(key: MatchKey, value: string, context: NormaliseContext = {}): Normalised {
  const plain = key === "em" ? plainEmail(value) : undefined;
  if (plain !== undefined) return { values: [plain] };
  if (value.length > longestValue) return { dropped: "too_long" };
  const text = cleanText(value);
  if (key !== "external_id" && looksHashed.test(text)) return { dropped: "looks_hashed" };
  return rules[key](text, context);
}

/**
 * Contact data as Meta takes it: per key the SHA-256 (lower-case hex) of every form of every value, without repetition. Values
 * under `lead.hashed` pass if they are SHA-256 already. What cannot be used is left out and named as `key:why`.
 *
 * `defaultCountry` (ISO 3166-1 alpha-2) is used where the record has no country; `now` bounds birth dates.
 */
export function matchKeys(
  lead: Lead,
  options: { readonly allowedKeys: readonly MatchKey[]; readonly defaultCountry?: string; readonly now?: Date },
): { readonly keys: Partial<Record<MatchKey, readonly string[]>>; readonly dropped: readonly string[] } {
  const keys: Partial<Record<MatchKey, readonly string[]>> = {};
  const dropped: string[] = [];
  const context = contextOf(lead, options);
  for (const key of Object.keys(lead.contact) as MatchKey[]) {
    const values = lead.contact[key];
    if (values === undefined || !options.allowedKeys.includes(key)) continue;
    const hashed = lead.hashed?.includes(key) === true;
    const hashes: string[] = [];
    for (const value of values) {
      if (isBlank(value)) continue;
      const result = hashed ? readHash(value) : normalise(key, value, context);
      if ("dropped" in result) dropped.push(`${key}:${result.dropped}`);
      else
        for (const form of result.values) {
          const digest = hashed ? form : hash("sha256", form);
          if (!hashes.includes(digest)) hashes.push(digest);
        }
    }
    if (hashes.length > 0) keys[key] = hashes;
  }
  return { keys, dropped };
}

/** Most values begin with a letter: only the others are worth trimming. */
const isBlank = (value: string): boolean =>
  (value === "" || value.charCodeAt(0) <= 32 || value.charCodeAt(0) > 126) && value.trim() === "";

function readHash(value: string): Normalised {
  const digest = sha256Hex.exec(value)?.[1];
  return digest === undefined ? { dropped: "not_a_hash" } : { values: [digest.toLowerCase()] };
}

/** The record's country counts also where the key itself may not be sent: it decides how the phone number is read. */
function contextOf(lead: Lead, options: NormaliseContext): NormaliseContext {
  const values = lead.contact.country;
  if (values === undefined || lead.hashed?.includes("country")) return options;
  const value = values.find((text) => !isBlank(text));
  const found = value === undefined ? undefined : normalise("country", value);
  const country = found && "values" in found ? found.values[0] : undefined;
  return country === undefined ? options : { ...options, country };
}
