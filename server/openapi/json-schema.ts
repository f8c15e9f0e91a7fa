/** As much of JSON Schema 2020-12 as our schemas become. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

/** Schemas of the document that are referred to, by name. */
export type Schemas = Readonly<Record<string, JsonSchema>>;

const place = "#/components/schemas/";
export const refTo = (name: string): JsonSchema => ({ $ref: place + name });

/** The schema itself, where only its name was given. */
export function followed(schema: JsonSchema, schemas: Schemas): JsonSchema {
  const name = schema.$ref?.slice(place.length);
  const found = name === undefined ? schema : schemas[name];
  if (!found) throw new TypeError(`there is no schema called ${name}`);
  return found;
}

/** Either of several. */
export const eitherOf = ({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] | undefined => anyOf ?? oneOf;
