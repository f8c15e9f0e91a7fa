import { distinct } from "./clean.ts";
import type { NormaliseContext, Normalised } from "./normalised.ts";
import { firstNamedWithin, longestNamedWithin, stateCode, territoryCode } from "./north-america.ts";

const notWord = /[^\p{L}\p{M}\p{N}]+/gu;
const notLatinOrDigit = /[^a-zA-Z0-9]+/g;
const notLatin = /[^a-z]+/g;
const startsLatin = /^[a-z]/;

const words = (text: string): string => text.replace(notWord, "").toLowerCase().normalize("NFC");

/**
 * Lower case, no punctuation, no blanks, letters of every script kept (Meta: ct). Meta's library keeps a to z and digits only,
 * so `São Paulo` gives `sãopaulo` and also `sopaulo`.
 */
export function city(text: string): Normalised {
  const documented = words(text);
  if (documented === "") return { dropped: "not_a_city" };
  const latin = text.replace(notLatinOrDigit, "").toLowerCase();
  return { values: distinct(documented, startsLatin.test(latin) ? latin : undefined) };
}

/**
 * In the United States and Canada the two-letter code, elsewhere the full name in lower case without punctuation (Meta: st).
 * Meta's library cuts every other name to two Latin letters, so `Bayern` gives `bayern` and also `ba`.
 */
export function state(text: string, { country, defaultCountry }: NormaliseContext): Normalised {
  const documented = words(text);
  if (documented === "") return { dropped: "not_a_state" };
  const latin = text.toLowerCase().replace(notLatin, "");
  const home = (country ?? defaultCountry)?.toLowerCase();
  const abroad = home !== undefined && home !== "us" && home !== "ca";
  const code = abroad
    ? undefined
    : (stateCode(latin) ?? territoryCode(latin) ?? (home ? longestNamedWithin(latin) : undefined));
  const short = latin.length === 2 ? latin : (stateCode(latin) ?? firstNamedWithin(latin) ?? latin.slice(0, 2));
  return { values: distinct(code ?? documented, short) };
}

const zipPlus4 = /^\d{5}-\d{4}$/;
const fiveDigits = /^\d{5}(\d{4})?$/;

/**
 * Lower case without blanks and dashes; in the United States the first five digits (Meta: zp). Meta's library cuts at the
 * first dash and keeps inner blanks, so `SW1A 1AA` gives `sw1a1aa` and also `sw1a 1aa`.
 */
export function postalCode(text: string, { country, defaultCountry }: NormaliseContext): Normalised {
  const whole = words(text);
  if (whole.length < 2) return { dropped: "not_a_postal_code" };
  const home = (country ?? defaultCountry)?.toLowerCase();
  const american = zipPlus4.test(text.trim()) || (home === "us" && fiveDigits.test(whole));
  const lower = text.toLowerCase();
  const dash = lower.indexOf("-");
  const cut = (dash < 0 ? lower : lower.slice(0, dash)).trim();
  return { values: distinct(american ? whole.slice(0, 5) : whole, cut.length >= 2 ? cut : undefined) };
}
