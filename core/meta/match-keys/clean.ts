/** Longest value that can be contact data, in UTF-16 units; anything longer is a note in the wrong field. */
export const longestValue = 1_000;

const needsCleaning = /[\0-\x08\x0e-\x1f\x7f]|[^\0-\x7f]/;
const controls = /[\0-\x08\x0e-\x1f\x7f]+/g;

/**
 * The text that the rules see: well-formed UTF-16 in composed form (Meta's own example hashes agree only with NFC), without
 * control characters. White space stays: each rule knows what it means.
 */
export function cleanText(value: string): string {
  return needsCleaning.test(value) ? value.toWellFormed().normalize("NFC").replace(controls, "") : value;
}

const foreign = /[^\0-\x7f]/;
const decimalDigit = /\p{Nd}/gu;

/** Decimal digits of every script as 0 to 9, and the full-width plus as a plus. */
export function asciiDigits(text: string): string {
  if (!foreign.test(text)) return text;
  return text.replaceAll("＋", "+").replace(decimalDigit, (digit) => String(digitValue(digit.codePointAt(0) ?? 0)));
}

/** Unicode keeps the digits of a script in a run of ten that starts at its zero; the runs are looked up by that zero. */
function digitValue(code: number): number {
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10;
  let zero = code;
  while (code - zero < 9 && isDigit(zero - 1)) zero--;
  return code - zero;
}

const oneDigit = /^\p{Nd}$/u;
const isDigit = (code: number): boolean => oneDigit.test(String.fromCodePoint(code));

/** The values without repetition, in order. */
export function distinct(...values: readonly (string | undefined)[]): readonly string[] {
  const seen: string[] = [];
  for (const value of values) if (value && !seen.includes(value)) seen.push(value);
  return seen;
}
