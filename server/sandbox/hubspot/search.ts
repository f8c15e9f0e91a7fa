import { type Answer, invalid } from "./answer.ts";
import type { Associations } from "./associations.ts";
import { type Filter, filterTest, type Test, tokens } from "./filter.ts";
import type { ObjectType } from "./objects.ts";
import { type Property, show } from "./properties.ts";
import { recordJson } from "./read.ts";
import type { CrmRecord } from "./record.ts";

const CAP = 10_000;

interface Asked {
  readonly filterGroups?: readonly { readonly filters?: readonly Filter[] }[];
  readonly sorts?: readonly (string | { readonly propertyName?: string; readonly direction?: string })[];
  readonly properties?: readonly string[];
  readonly query?: string;
  readonly limit?: unknown;
  readonly after?: unknown;
}

export interface Searchable {
  /** What the index holds now, oldest record first. */
  readonly records: readonly CrmRecord[];
  readonly type: ObjectType;
  readonly properties: ReadonlyMap<string, Property>;
  readonly associations: Associations;
}

/** `POST /crm/objects/2026-09/{type}/search` with every documented limit (docs: search-the-crm). */
export function search(source: Searchable, body: unknown, bodyLength: number): Answer {
  if (bodyLength > 3000)
    throw invalid("The request body is too long: the maximum length of a search request is 3,000 characters.");
  const asked = (body ?? {}) as Asked;
  const limit = count(asked.limit ?? 10, "limit");
  if (limit < 1 || limit > 200) throw invalid(`Invalid input: limit must be between 1 and 200, was ${limit}.`);
  const after = count(asked.after || 0, "after");
  if (after + limit > CAP)
    throw invalid("Paging through results beyond 10,000 is not supported: narrow the search with filters.");
  const test = groupsTest(asked, source);
  const found = sorted(source.records.filter(test), asked, source);
  const page = found.slice(after, after + limit);
  const next = after + page.length;
  const names = asked.properties?.length ? [...asked.properties, ...source.type.always] : source.type.defaults;
  return {
    status: 200,
    body: {
      total: found.length,
      results: page.map((record) => recordJson(source, record, { properties: names })),
      ...(next < found.length ? { paging: { next: { after: String(next) } } } : {}),
    },
  };
}

/** Groups are joined by OR, the filters of a group by AND. */
function groupsTest(asked: Asked, { type, properties, associations }: Searchable): Test {
  const groups = asked.filterGroups ?? [];
  if (!Array.isArray(groups)) throw invalid("Invalid input JSON: filterGroups must be a list");
  const sizes = groups.map(({ filters }) => filters?.length ?? 0);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (groups.length > 5) throw invalid(`Too many filterGroups: ${groups.length}, the maximum is 5.`);
  if (sizes.some((size) => size > 6)) throw invalid("Too many filters in a filterGroup: the maximum is 6.");
  if (total > 18) throw invalid(`Too many filters: ${total}, the maximum is 18.`);
  const tests = groups.map(({ filters }) =>
    (filters ?? []).map((filter: Filter) => filterTest(filter, type, properties, associations)),
  );
  const words = tokens(asked.query ?? "");
  return (record) =>
    (tests.length === 0 || tests.some((all) => all.every((test: Test) => test(record)))) &&
    (words.length === 0 || mentions(record, words, type, properties));
}

/** `query` looks through the default properties. */
function mentions(
  record: CrmRecord,
  words: readonly string[],
  type: ObjectType,
  properties: ReadonlyMap<string, Property>,
): boolean {
  const held = type.defaults.flatMap((name) => tokens(show(properties, record, name) ?? ""));
  return words.every((word) => held.some((token) => token.startsWith(word)));
}

/** One sort only; oldest first without one. Records without the value come last. */
function sorted(records: CrmRecord[], { sorts = [] }: Asked, { properties }: Searchable): CrmRecord[] {
  if (sorts.length > 1) throw invalid("Only one sort is supported.");
  const [sort] = sorts;
  if (sort === undefined) return records.sort((a, b) => a.createdAt - b.createdAt || Number(a.id) - Number(b.id));
  const name = typeof sort === "string" ? sort.replace(/^-/, "") : (sort.propertyName ?? "");
  const property = properties.get(name);
  if (!property) throw invalid(`There was a problem with the request: cannot sort by unknown property "${name}"`);
  const descending = typeof sort === "string" ? sort.startsWith("-") : sort.direction === "DESCENDING";
  const key = (record: CrmRecord): string | number | null => {
    const value = show(properties, record, name) ?? null;
    if (value === null) return null;
    return property.type === "number"
      ? Number(value)
      : property.type === "datetime"
        ? Date.parse(value)
        : value.toLowerCase();
  };
  const rows = records.map((record) => ({ record, key: key(record) }));
  rows.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
    const way = a.key < b.key ? -1 : a.key > b.key ? 1 : Number(a.record.id) - Number(b.record.id);
    return a.key !== b.key && descending ? -way : way;
  });
  return rows.map(({ record }) => record);
}

function count(value: unknown, name: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0)
    throw invalid(`Invalid input: ${name} must be a whole number, was "${String(value)}".`);
  return number;
}
