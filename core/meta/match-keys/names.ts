import { distinct } from "./clean.ts";
import type { Normalised } from "./normalised.ts";

const asciiPunctuation = /[!-/:-@[-`{-~\s]+/g;
const anyPunctuation = /[\p{P}\p{S}\p{Z}\p{Cc}\p{Cf}\s]+/gu;

/**
 * First and last names: lower case, no punctuation, no blanks, letters of every script kept (Meta: fn, ln). Meta's library
 * knows only the punctuation of ASCII, so `O’Connor` also gets the form that keeps its apostrophe.
 */
export function name(text: string): Normalised {
  const documented = text.replace(anyPunctuation, "").toLowerCase().normalize("NFC");
  if (documented === "") return { dropped: "not_a_name" };
  return { values: distinct(documented, text.replace(asciiPunctuation, "").toLowerCase()) };
}

const whiteSpace = /\s+/g;

/** The advertiser's own id of a person: no blanks, lower case, as Meta's library does it on the other channels. */
export function externalId(text: string): Normalised {
  const id = text.replace(whiteSpace, "").toLowerCase();
  return id === "" ? { dropped: "blank" } : { values: distinct(id.normalize("NFC"), id) };
}
