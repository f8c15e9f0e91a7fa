import type { z } from "zod";

/** The parts of a schema that say what it is made of, as zod 4 keeps them. */
interface Def {
  readonly type: string;
  readonly format?: string;
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
  readonly element?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly innerType?: Schema;
  readonly options?: readonly Schema[];
  readonly items?: readonly Schema[];
  readonly valueType?: Schema;
  readonly in?: Schema;
}
interface Schema {
  readonly _zod: { readonly def: Def };
}

const minuteMs = 60_000;
const formats: Readonly<Record<string, (n: number) => string>> = {
  datetime: (n) => new Date(Date.now() - (n + 1) * 17 * minuteMs).toISOString(),
  date: (n) => new Date(Date.now() - n * 1440 * minuteMs).toISOString().slice(0, 10),
  email: (n) => `person-${n}@acme.example`,
  url: (n) => `https://acme.example/${n}`,
};

/** Stands in addresses, where there are no blanks. */
const isKey = /^(id|connection|dataset|record|object)$|Id$/;

/**
 * An answer made of its schema alone: every field is there, and a list has every kind of member and every word of an
 * enumeration, so that a page shows all that the API may ever tell it.
 */
export function sampleOf(schema: z.ZodType): object {
  const made = sample(schema as unknown as Schema, "it", 0);
  schema.parse(made);
  return made as object;
}

function sample(schema: Schema, name: string, n: number): unknown {
  const { def } = schema._zod;
  const { element, innerType, options, shape, entries, values, valueType } = def;
  switch (def.type) {
    case "string":
      return (formats[def.format ?? ""] ?? (() => `${name}${isKey.test(name) ? "_" : " "}${n + 1}`))(n);
    case "number":
      return 41 + 7 * n;
    case "boolean":
      return n % 2 === 0;
    case "enum":
      return pick(Object.values(entries ?? {}), n);
    case "literal":
      return pick(values ?? [], n);
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
    case "nonoptional":
      return innerType && sample(innerType, name, n);
    case "pipe":
      return def.in && sample(def.in, name, n);
    case "union":
      return sample(pick(options ?? [], n), name, Math.floor(n / (options?.length ?? 1)));
    case "array":
      return element && Array.from({ length: kinds(element) }, (_, one) => sample(element, name, n + one));
    case "tuple":
      return (def.items ?? []).map((item, one) => sample(item, name, n + one));
    case "record":
      return valueType && { first: sample(valueType, name, n), second: sample(valueType, name, n + 1) };
    case "object":
      return Object.fromEntries(Object.entries(shape ?? {}).map(([key, part]) => [key, sample(part, key, n)]));
    case "unknown":
    case "any":
      return `${name} ${n + 1}`;
    case "null":
      return null;
    default:
      throw new TypeError(`no sample of a schema of the type ${def.type}`);
  }
}

function pick<Kind>(kinds: readonly Kind[], n: number): Kind {
  const one = kinds[n % kinds.length];
  if (one === undefined) throw new RangeError("nothing to choose from");
  return one;
}

/** How many members show every kind that a list may have: three at least, twelve at most. */
function kinds(schema: Schema): number {
  const { def } = schema._zod;
  const { innerType, options = [], shape = {}, entries = {} } = def;
  const here = Math.max(options.length, Object.keys(entries).length);
  const parts = innerType ? [innerType] : Object.values(shape);
  return Math.min(12, Math.max(3, here, ...parts.map((part) => kinds(part))));
}
