import { asciiDigits, distinct } from "./clean.ts";
import { type Country, countryByCode, countryByNumber } from "./countries.ts";
import type { NormaliseContext, Normalised } from "./normalised.ts";

/** Nothing in it but digits and what people put between them: no extension to look for. */
const plain = /^[0-9+ ().-]+$/;
const extension =
  /(?:;\s*ext=|\b(?:extension|extn?|x|poste|durchwahl|anexo|ramal)\b[\s.:]*|доб\.?\s*|#|[,;])\s*\d{1,6}\s*$/iu;
const gluedExtension = /(?<=\d)\s*(?:ext?n?|x)\.?\s*\d{1,6}\s*$/i;
const leadingPlus = /^[^0-9+]*\+/;
const notDigits = /[^0-9]+/g;
const leadingZeros = /^0+/;

/**
 * Digits with the country code (Meta: ph, "country code must be present"), 8 to 15 of them. A number that begins with `+` or
 * `00` carries it; any other is read as dialled inside the record's country, else the tenant's: trunk prefix off, calling code
 * on. Without a country it is dropped: the same digits are another person's number elsewhere. An extension is cut off, where
 * Meta's library would glue it on.
 */
export function phone(text: string, { country, defaultCountry }: NormaliseContext): Normalised {
  const ascii = asciiDigits(text);
  const main = plain.test(ascii) ? ascii : withoutExtension(ascii);
  const digits = main.replace(notDigits, "");
  if (digits === "") return { dropped: "not_a_number" };
  const home = country ?? defaultCountry;
  const dialling = home && countryByCode(home.toUpperCase())?.dialling;
  if (leadingPlus.test(main)) return international(digits);
  if (dialling && callsAbroad(digits, dialling)) return international(digits.slice(dialling.abroad.length));
  if (digits.startsWith("00")) return international(digits);
  if (!dialling) return { dropped: "no_country" };
  return national(digits, dialling);
}

/** Unless too little would stay: `1,650,555,1212` is one number. */
function withoutExtension(text: string): string {
  const main = text.replace(extension, "").replace(gluedExtension, "");
  return main.replace(notDigits, "").length < 7 ? text : main;
}

type Dialling = NonNullable<Country["dialling"]>;

/** `011 44 …` in North America. */
const callsAbroad = (digits: string, { abroad, lengths }: Dialling): boolean =>
  abroad !== "" && digits.startsWith(abroad) && digits.length - abroad.length > Math.max(...lengths);

function numbers(...values: readonly string[]): Normalised {
  const sound = distinct(...values).filter((value) => value.length >= 8 && value.length <= 15);
  return sound.length > 0 ? { values: sound } : { dropped: "wrong_length" };
}

/** `+49 (0)170 …` is written by people but dialled by nobody: the zero goes, and the form that keeps it stays beside. */
function international(digits: string): Normalised {
  const number = digits.startsWith("0") ? digits.replace(leadingZeros, "") : digits;
  const dialling = countryByNumber(number)?.dialling;
  if (!dialling) return numbers(number);
  const { callingCode, lengths, trunk } = dialling;
  let local = number.slice(callingCode.length);
  while (trunk === "0" && local.startsWith("0") && lengths.has(local.length - 1)) local = local.slice(1);
  return numbers(callingCode + local, number);
}

/** Completed to the number as dialled from abroad, if a reading of it has a possible length. */
function national(digits: string, { callingCode, lengths, trunk }: Dialling): Normalised {
  const possible = lengths.has(digits.length);
  if (trunk && digits.startsWith(trunk) && lengths.has(digits.length - trunk.length))
    return numbers(callingCode + digits.slice(trunk.length));
  // "49 170 …" without a plus. Where people write a trunk prefix, its absence says so; else only the length can.
  const complete = digits.startsWith(callingCode) && lengths.has(digits.length - callingCode.length);
  if (complete && (trunk || !possible || digits.length > 10)) return international(digits);
  return possible ? numbers(callingCode + digits) : { dropped: "wrong_length" };
}
