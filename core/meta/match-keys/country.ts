import { distinct } from "./clean.ts";
import { countryByCode } from "./countries.ts";
import { countryByName } from "./country-names.ts";
import type { Normalised } from "./normalised.ts";

const notLatin = /[^a-z]+/g;

/** Codes in use that are not ISO's: the United Kingdom's domain and the European Union's Greece. */
const customary: Readonly<Record<string, string>> = { uk: "gb", el: "gr" };

/**
 * ISO 3166-1 alpha-2 in lower case (Meta: country), from a code of two or three letters or a name in the languages of
 * `countryByName`. Never guessed from the first letters. Meta's library keeps any two letters as they are, so `UK` gives
 * `gb` and also `uk`.
 */
export function country(text: string): Normalised {
  const trimmed = text.trim();
  const latin = trimmed.toLowerCase().replace(notLatin, "");
  const iso =
    countryByCode(trimmed.toUpperCase())?.iso ??
    countryByName(trimmed) ??
    customary[latin] ??
    countryByName(latin) ??
    (latin.length === 2 || latin.length === trimmed.length ? countryByCode(latin.toUpperCase())?.iso : undefined);
  if (iso === undefined) return { dropped: "not_a_country" };
  return { values: distinct(iso, latin.length === 2 ? latin : undefined) };
}
