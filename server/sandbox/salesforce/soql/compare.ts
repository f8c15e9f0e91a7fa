import { atPosition, RestError } from "../errors.ts";
import { readId } from "../org/ids.ts";
import type { Value } from "../org/org.ts";
import type { Field } from "../org/schema.ts";
import { DAY, formatDate } from "../times.ts";
import { invalidField } from "./columns.ts";
import type { Comparison, Literal, Query } from "./query.ts";

/** From the first value that belongs to it up to, but not including, the last: one value, or the days of a relative date. */
export interface Range {
  readonly from: Value;
  readonly to?: Value;
}

/** Text is compared without regard to case, ids with it (SOQL reference, "Comparison Operators"). */
export function comparable(field: Field, value: Value): Value {
  if (value === "") return null; // Salesforce keeps no empty text
  return typeof value === "string" && !isId(field) ? value.toLowerCase() : value;
}

/** Throws INVALID_FIELD when the literal is of another type than the field. */
export function rangeOf(query: Query, field: Field, literal: Literal, now: number): Range {
  if (literal.kind === "null") return { from: null };
  if (isId(field) && literal.kind === "string") return { from: idOf(query, field, literal.value, literal.at) };
  if (literal.kind === "days" && (field.type === "date" || field.type === "datetime")) {
    const day = (days: number) => Math.floor(now / DAY) * DAY + days * DAY;
    const inType = (ms: number) => (field.type === "date" ? formatDate(ms) : ms);
    return { from: inType(day(literal.from)), to: inType(day(literal.to)) };
  }
  const wanted = literalKind(field);
  if (literal.kind !== wanted || literal.kind === "days") {
    const quotes = wanted === "string" ? "should be enclosed in quotes" : "should not be enclosed in quotes";
    const words = `value of filter criterion for field '${field.name}' must be of type ${field.type} and ${quotes}`;
    throw invalidField(query, literal, words);
  }
  return { from: comparable(field, literal.value) };
}

/** Nothing is smaller or greater than null; `!=` finds nulls. */
export function holds(value: Value, comparison: Comparison, { from, to }: Range): boolean {
  const isBelow = value !== null && from !== null && value < from;
  const isAbove = value !== null && from !== null && (to == null ? value > from : value >= to);
  const isInside = value === null || from === null ? value === from : !isBelow && !isAbove;
  switch (comparison) {
    case "=":
      return isInside;
    case "!=":
      return !isInside;
    case "<":
      return isBelow;
    case ">":
      return isAbove;
    case "<=":
      return value !== null && from !== null && !isAbove;
    case ">=":
      return value !== null && from !== null && !isBelow;
  }
}

/** For ORDER BY: nulls come first unless told otherwise, ascending or not. */
export function inOrder(a: Value, b: Value, descending: boolean, nullsLast: boolean): number {
  if (a === b) return 0;
  if (a === null || b === null) return (a === null) === nullsLast ? 1 : -1;
  return a < b === descending ? 1 : -1;
}

function idOf(query: Query, field: Field, text: string, at: number): string | null {
  if (field.referenceTo === "EntityDefinition") return text;
  const id = readId(text);
  if (id) return id;
  const words = atPosition(query.text, at, `invalid ID field: ${text}`);
  throw new RestError(400, "INVALID_QUERY_FILTER_OPERATOR", words);
}

const isId = (field: Field): boolean => field.type === "id" || field.type === "reference";

function literalKind(field: Field): Literal["kind"] {
  if (field.type === "boolean" || field.type === "date" || field.type === "datetime") return field.type;
  return ["double", "currency", "percent", "int"].includes(field.type) ? "number" : "string";
}
