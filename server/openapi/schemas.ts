import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { followed, type JsonSchema, type Schemas } from "./json-schema.ts";
import { names } from "./names.ts";

type Direction = "input" | "output";

/** Gathers the named schemas of a document while it is written. */
export function createSchemas() {
  const named: Record<string, JsonSchema> = {};
  const keep = (found: Readonly<Record<string, JsonSchema>>): void => {
    for (const [name, schema] of Object.entries(found)) {
      const known = named[name];
      if (known && !isDeepStrictEqual(known, schema))
        throw new TypeError(`${name} differs when it is sent and when it is answered: give it two names`);
      named[name] = schema;
    }
  };
  return {
    named: (): Schemas => Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1))),
    /** A reference to it where it has a name. `input`: as a caller sends it; `output`: as we answer it. */
    add(schema: z.ZodType, io: Direction): JsonSchema {
      const { root, others } = converted(schema, io);
      keep(others);
      return root;
    },
    /** The schema itself, named or not; only those inside it may be references. */
    spelledOut(schema: z.ZodType, io: Direction): JsonSchema {
      const { root, others } = converted(schema, io);
      const found = followed(root, others);
      keep(Object.fromEntries(Object.entries(others).filter(([, other]) => other !== found)));
      return found;
    },
  };
}
export type SchemaBook = ReturnType<typeof createSchemas>;

function converted(schema: z.ZodType, io: Direction): { root: JsonSchema; others: Schemas } {
  const made = z.toJSONSchema(schema, { io, metadata: names, unrepresentable: "any", override: plain(io) });
  const text = JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/');
  const {
    $schema: _,
    $defs: others = {},
    ...root
  } = JSON.parse(text) as JsonSchema & {
    readonly $schema?: string;
    readonly $defs?: Schemas;
  };
  return { root, others };
}

/** Less to read, and nothing that a client would have to take back when an answer gains a field. */
const plain =
  (io: Direction) =>
  ({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
    const { description, examples } = z.globalRegistry.get(zodSchema) ?? {};
    if (description !== undefined) jsonSchema.description = description;
    if (Array.isArray(examples)) jsonSchema.examples = examples;
    if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    for (const end of ["minimum", "maximum"] as const)
      if (Math.abs(Number(jsonSchema[end])) === Number.MAX_SAFE_INTEGER) delete jsonSchema[end];
    if (jsonSchema.propertyNames && Object.keys(jsonSchema.propertyNames).join() === "type")
      delete jsonSchema.propertyNames;
  };
