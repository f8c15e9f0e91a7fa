import { invalid } from "./answer.ts";
import type { Associations } from "./associations.ts";
import { type ObjectType, objectType } from "./objects.ts";
import { type Property, show } from "./properties.ts";
import type { CrmRecord } from "./record.ts";

export interface Filter {
  readonly propertyName?: unknown;
  readonly operator?: unknown;
  readonly value?: unknown;
  readonly highValue?: unknown;
  readonly values?: unknown;
}
export type Test = (record: CrmRecord) => boolean;

/** One filter of a search as a test over records (docs: search-the-crm, "Filter search results"). */
export function filterTest(
  filter: Filter,
  type: ObjectType,
  properties: ReadonlyMap<string, Property>,
  associations: Associations,
): Test {
  const name = String(filter.propertyName ?? "");
  if (name.startsWith("associations.")) return associationTest(filter, name, associations);
  const property = properties.get(name);
  if (!property)
    throw invalid(`There was a problem with the request: property "${name}" does not exist on ${type.name}`);
  const order = ordering(property);
  const stored = (record: CrmRecord): string | null => show(properties, record, name) ?? null;
  const one = (): string | number => order(text(filter.value, name));
  const compared = (test: (difference: number) => boolean): Test => {
    const wanted = one();
    return (record) => {
      const value = stored(record);
      return value !== null && test(compare(order(value), wanted));
    };
  };
  switch (filter.operator) {
    case "EQ":
      return compared((difference) => difference === 0);
    case "NEQ":
      return compared((difference) => difference !== 0);
    case "LT":
      return compared((difference) => difference < 0);
    case "LTE":
      return compared((difference) => difference <= 0);
    case "GT":
      return compared((difference) => difference > 0);
    case "GTE":
      return compared((difference) => difference >= 0);
    case "BETWEEN": {
      const low = one();
      const high = order(text(filter.highValue, name));
      return (record) => {
        const value = stored(record);
        return value !== null && compare(order(value), low) >= 0 && compare(order(value), high) <= 0;
      };
    }
    case "IN":
    case "NOT_IN": {
      const wanted = list(filter.values, name).map((value) => raw(property, value));
      return (record) => {
        const value = stored(record);
        return value !== null && wanted.includes(order(value)) === (filter.operator === "IN");
      };
    }
    case "HAS_PROPERTY":
      return (record) => stored(record) !== null;
    case "NOT_HAS_PROPERTY":
      return (record) => stored(record) === null;
    case "CONTAINS_TOKEN":
    case "NOT_CONTAINS_TOKEN": {
      const token = tokenTest(text(filter.value, name));
      return (record) => tokens(stored(record) ?? "").some(token) === (filter.operator === "CONTAINS_TOKEN");
    }
    default:
      throw invalid(`Invalid input JSON: Cannot deserialize operator "${String(filter.operator)}"`);
  }
}

/** `associations.contact` EQ id. */
function associationTest(filter: Filter, name: string, associations: Associations): Test {
  const to = objectType(name.slice("associations.".length));
  const ids = filter.operator === "IN" ? list(filter.values, name) : [text(filter.value, name)];
  return (record) => associations.of(record, to.id).some(({ id }) => ids.includes(id));
}

/** Text is compared without case, enumerations with; numbers by size; times as epoch milliseconds. */
function ordering(property: Property): (value: string) => string | number {
  if (property.type === "datetime")
    return (value) => {
      const at = /^-?\d+$/.test(value) ? Number(value) : Date.parse(value);
      if (Number.isNaN(at))
        throw invalid(`"${value}" is not a valid date for property ${property.name}: expected epoch milliseconds`);
      return at;
    };
  if (property.type === "number")
    return (value) => {
      const number = Number(value);
      if (value === "" || Number.isNaN(number))
        throw invalid(`"${value}" is not a number for property ${property.name}`);
      return number;
    };
  return property.type === "string" ? (value) => value.toLowerCase() : (value) => value;
}

/** `IN` on text properties takes the values as they are: they must be lower case to match (docs: search-the-crm). */
const raw = (property: Property, value: string): string | number =>
  property.type === "string" ? value : ordering(property)(value);

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

export const tokens = (value: string): string[] =>
  value
    .toLowerCase()
    .split(/[\s@.,;]+/)
    .filter(Boolean);

function tokenTest(pattern: string): (token: string) => boolean {
  const wanted = pattern.toLowerCase();
  const bare = wanted.replaceAll("*", "");
  if (wanted.startsWith("*") && wanted.endsWith("*")) return (token) => token.includes(bare);
  if (wanted.startsWith("*")) return (token) => token.endsWith(bare);
  if (wanted.endsWith("*")) return (token) => token.startsWith(bare);
  return (token) => tokens(wanted).includes(token);
}

function text(value: unknown, name: string): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  throw invalid(`Invalid input JSON: filter on "${name}" needs a value`);
}
function list(values: unknown, name: string): string[] {
  if (Array.isArray(values) && values.length > 0) return values.map(String);
  throw invalid(`Invalid input JSON: filter on "${name}" needs values`);
}
