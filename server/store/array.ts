/**
 * Arrays as PostgreSQL reads them. The driver's own way of writing them costs as much as the rest of a statement where hundreds
 * of values go along.
 */
export function textArray(values: readonly (string | null | undefined)[]): string {
  let text = "{";
  for (const value of values) {
    if (text.length > 1) text += ",";
    if (value === null || value === undefined) text += "null";
    else text += special.test(value) ? `"${value.replace(escaped, "\\$&")}"` : `"${value}"`;
  }
  return `${text}}`;
}
const special = /["\\]/;
const escaped = /["\\]/g;

/** Numbers, `null` where there is none, or truth values. */
export const plainArray = (values: readonly (number | boolean | null | undefined)[]): string =>
  `{${values.map((value) => value ?? "null").join(",")}}`;

/** Timestamps. */
export const timeArray = (values: readonly (Date | null | undefined)[]): string =>
  textArray(values.map((at) => at?.toISOString()));

/** Instants as milliseconds since 1970, which the statement turns into timestamps: for very many. */
export const instantArray = (values: readonly Date[]): string => `{${values.map((at) => at.getTime()).join(",")}}`;

/** Texts that hold no line break, such as JSON: nothing in them has to be escaped, and taken apart they are in no time. */
export const lines = (values: readonly string[]): string => values.join("\n");
