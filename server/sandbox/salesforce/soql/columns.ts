import { atPosition, RestError } from "../errors.ts";
import type { Instance } from "../instance.ts";
import type { Fields, Value } from "../org/org.ts";
import { type Field, findField, findObject, findRelationship, type SObject } from "../org/schema.ts";
import { recordOf } from "../org/tables.ts";
import type { Path, Query } from "./query.ts";

/** A field that exists and may be seen, with the references that lead to its record. */
export interface Column {
  readonly way: readonly Field[];
  readonly field: Field;
}

export function findTable({ settings }: Instance, query: Query): SObject {
  const object = findObject(query.from.text, settings.hidden);
  if (object) return object;
  const hint = "If you are attempting to use a custom object, be sure to append the '__c' after the entity name.";
  const words = `sObject type '${query.from.text}' is not supported. ${hint}`;
  throw new RestError(400, "INVALID_TYPE", atPosition(query.text, query.from.at, words));
}

export function findColumn({ settings }: Instance, query: Query, table: SObject, path: Path): Column {
  const way: Field[] = [];
  let object = table;
  for (const step of path.steps.slice(0, -1)) {
    if (way.length === 0 && step.toLowerCase() === table.name.toLowerCase()) continue; // `Lead.Status` from Lead
    const reference = findRelationship(object, step, settings.hidden);
    const parent = reference?.referenceTo && findObject(reference.referenceTo, settings.hidden);
    if (!reference || !parent)
      throw invalidField(query, path, `Didn't understand relationship '${step}' in field path.`);
    way.push(reference);
    object = parent;
  }
  const name = path.steps.at(-1) ?? "";
  const field = findField(object, name, settings.hidden);
  if (field) return { way, field };
  throw invalidField(query, path, `No such column '${name}' on entity '${object.name}'.`);
}

export function readColumn(instance: Instance, row: Fields, column: Column): Value {
  let record: Fields | undefined = row;
  for (const reference of column.way) {
    const id: Value = record?.[reference.name] ?? null;
    record = id === null ? undefined : recordOf(instance, reference.referenceTo ?? "", String(id));
  }
  return record?.[column.field.name] ?? null;
}

export function invalidField(query: Query, { at }: { at: number }, words: string): RestError {
  return new RestError(400, "INVALID_FIELD", atPosition(query.text, at, words));
}
