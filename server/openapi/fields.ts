import { eitherOf, followed, type JsonSchema, type Schemas } from "./json-schema.ts";

/** One line about one field, for people. */
export interface Field {
  /** `items[].errors[].path` */
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

/** Levels of a schema that are told; what lies deeper is in the document. */
const deepest = 5;

/** All fields of a schema, in their order. */
export function fieldsOf(schema: JsonSchema, schemas: Schemas, before = "", depth = 0): readonly Field[] {
  const { properties = {}, required = [] } = followed(schema, schemas);
  const forms = eitherOf(followed(schema, schemas));
  if (forms) return ofAny(forms.map((form) => inside(form, schemas, before, depth)));
  return Object.entries(properties).flatMap(([name, field]) => [
    {
      name: before + name,
      type: typeOf(field, schemas),
      required: required.includes(name),
      description: [field.description, defaultOf(field)].filter(Boolean).join(" "),
    },
    ...inside(field, schemas, before + name, depth + 1),
  ]);
}

/** The fields of what a field holds: of an object, of each of a list, of any of several forms. */
function inside(schema: JsonSchema, schemas: Schemas, name: string, depth: number): readonly Field[] {
  if (depth > deepest) return [];
  const found = followed(schema, schemas);
  if (found.items) return inside(found.items, schemas, `${name}[]`, depth);
  const forms = eitherOf(found);
  if (forms) return ofAny(forms.map((form) => inside(form, schemas, name, depth)));
  if (found.properties) return fieldsOf(found, schemas, name === "" ? "" : `${name}.`, depth);
  if (typeof found.additionalProperties === "object")
    return inside(found.additionalProperties, schemas, `${name}.*`, depth);
  return [];
}

/** Of several forms: each field once. One that not every form needs may be absent. */
function ofAny(forms: readonly (readonly Field[])[]): readonly Field[] {
  const objects = forms.filter((fields) => fields.length > 0);
  return [...Map.groupBy(objects.flat(), ({ name }) => name)].map(([name, found]) => ({
    name,
    type: [...new Set(found.map(({ type }) => type))].join(" or "),
    required: found.length === objects.length && found.every(({ required }) => required),
    description: [...new Set(found.map(({ description }) => description))].join(" ").trim(),
  }));
}

/** In words: `text (date-time)`, `"owner" or "admin"`, `list of object`. */
export function typeOf(schema: JsonSchema, schemas: Schemas): string {
  const found = followed(schema, schemas);
  const { type, format, items, enum: values, additionalProperties } = found;
  const forms = eitherOf(found);
  if (forms) return [...new Set(forms.map((form) => typeOf(form, schemas)))].join(" or ");
  if (values) return values.map((value) => JSON.stringify(value)).join(" or ");
  if ("const" in found) return JSON.stringify(found.const);
  if (items) return `list of ${typeOf(items, schemas)}`;
  if (type === "object" && typeof additionalProperties === "object" && !found.properties)
    return `map to ${typeOf(additionalProperties, schemas)}`;
  const named = [type ?? "anything"].flat().map((one) => (one === "string" ? "text" : one));
  return named.join(" or ") + (format ? ` (${format})` : "");
}

const defaultOf = (schema: JsonSchema): string | undefined =>
  "default" in schema ? `Default: ${JSON.stringify(schema.default)}.` : undefined;
