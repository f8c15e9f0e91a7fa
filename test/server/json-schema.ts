import { eitherOf, followed, type JsonSchema, type Schemas } from "../../server/openapi/json-schema.ts";

/** What of the value is not as the schema says, as `place: why`: of those keywords that our document uses. */
export function faults(value: unknown, schema: JsonSchema, schemas: Schemas, at = "$"): readonly string[] {
  const found = followed(schema, schemas);
  const forms = eitherOf(found);
  if (forms)
    return forms.some((form) => faults(value, form, schemas, at).length === 0) ? [] : [`${at}: fits none of its forms`];
  if (found.type !== undefined && ![found.type].flat().some((type) => isA(type, value)))
    return [`${at}: not ${found.type}`];
  if ("const" in found && value !== found.const) return [`${at}: not ${JSON.stringify(found.const)}`];
  if (found.enum && !found.enum.includes(value)) return [`${at}: none of ${found.enum}`];
  if (typeof value === "number" && found.minimum !== undefined && value < found.minimum) return [`${at}: too small`];
  if (typeof value === "string") return textFaults(value, found, at);
  if (Array.isArray(value))
    return value.flatMap((item, n) => (found.items ? faults(item, found.items, schemas, `${at}[${n}]`) : []));
  if (typeof value !== "object" || value === null) return [];
  const { properties = {}, required = [], additionalProperties } = found;
  return [
    ...required
      .filter((name) => (value as Record<string, unknown>)[name] === undefined)
      .map((name) => `${at}.${name}: missing`),
    ...Object.entries(value).flatMap(([name, item]) => {
      const own = properties[name] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
      if (own) return item === undefined ? [] : faults(item, own, schemas, `${at}.${name}`);
      return found.properties && additionalProperties === undefined ? [`${at}.${name}: nobody told of it`] : [];
    }),
  ];
}

function textFaults(value: string, { pattern, format }: JsonSchema, at: string): readonly string[] {
  if (pattern !== undefined && !new RegExp(pattern, "u").test(value)) return [`${at}: not like ${pattern}`];
  if (format === "date-time" && Number.isNaN(Date.parse(value))) return [`${at}: no ${format}`];
  return [];
}

function isA(type: string, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
