import { asciiDigits, distinct } from "./clean.ts";
import type { NormaliseContext, Normalised } from "./normalised.ts";

const compact = /^\D*(\d{4})(\d\d)(\d\d)\D*$/;
const digitGroups = /\d+/g;
const dotted = /^\D*\d{1,2}\./;
/** Where 3/4/1997 is March 4th. */
const monthFirstCountries = new Set(["us", "ca", "ph"]);

/**
 * `YYYYMMDD` (Meta: db), years from 1900. Takes year, month and day in any order that tells them apart. Where day and month
 * could be either, the reading usual in the country (or with dots) comes first and Meta's own, month first, is always there.
 */
export function birthDate(text: string, context: NormaliseContext): Normalised {
  const digits = asciiDigits(text);
  const dates = readings(digits, context).filter((date) => date !== undefined);
  return dates.length > 0 ? { values: distinct(...dates) } : { dropped: "not_a_date" };
}

function readings(text: string, { country, defaultCountry, now }: NormaliseContext): readonly (string | undefined)[] {
  const date = (year: number, month: number, day: number) => calendarDate(year, month, day, now);
  const whole = compact.exec(text);
  if (whole) return [date(Number(whole[1]), Number(whole[2]), Number(whole[3]))];
  const [a, b, c] = (text.match(digitGroups) ?? []).map(Number);
  if (a === undefined || b === undefined || c === undefined) return [];
  if (a > 31) return [b > 12 ? date(a, c, b) : date(a, b, c)];
  if (b > 31) return [c > 12 ? date(b, a, c) : date(b, c, a)];
  if (a > 12) return [date(c, b, a)];
  const home = (country ?? defaultCountry)?.toLowerCase();
  const dayFirst = b <= 12 && (dotted.test(text) || (home !== undefined && !monthFirstCountries.has(home)));
  return dayFirst ? [date(c, b, a), date(c, a, b)] : [date(c, a, b)];
}

/** Undefined for a day that does not exist. */
function calendarDate(year: number, month: number, day: number, now: Date | undefined): string | undefined {
  if (year < 1900 || year > 2099 || month < 1 || month > 12 || day < 1) return undefined;
  const instant = new Date(Date.UTC(year, month - 1, day));
  if (instant.getUTCDate() !== day || (now && instant > now)) return undefined;
  return instant.toISOString().slice(0, 10).replaceAll("-", "");
}
