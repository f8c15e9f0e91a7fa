import { eitherOf, followed, type JsonSchema, type Schemas } from "./json-schema.ts";

const formats: Readonly<Record<string, string>> = {
  "date-time": "2026-11-23T09:00:00Z",
  date: "2026-11-23",
  email: "jane@example.com",
};

/** The shortest value that the schema takes. */
export function exampleOf(schema: JsonSchema, schemas: Schemas): unknown {
  const found = followed(schema, schemas);
  const [form] = eitherOf(found) ?? [];
  if (form) return exampleOf(form, schemas);
  if (found.examples) return found.examples[0];
  if ("default" in found) return found.default;
  if ("const" in found) return found.const;
  if (found.enum) return found.enum[0];
  switch ([found.type].flat()[0]) {
    case "object":
      return Object.fromEntries(
        Object.entries(found.properties ?? {})
          .filter(([name]) => found.required?.includes(name))
          .map(([name, field]) => [name, exampleOf(field, schemas)]),
      );
    case "array":
      return found.items ? [exampleOf(found.items, schemas)] : [];
    case "integer":
    case "number":
      return found.minimum ?? 0;
    case "boolean":
      return true;
    default:
      return textOf(found);
  }
}

function textOf({ format = "", pattern = "" }: JsonSchema): string {
  const prefix = /^\^([a-z]+_)/.exec(pattern)?.[1];
  if (prefix !== undefined) return `${prefix}0123456789`;
  return formats[format] ?? (pattern.startsWith("^\\d") ? "1234567890" : "text");
}
