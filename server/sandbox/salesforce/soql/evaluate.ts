import { malformed } from "../errors.ts";
import type { Instance } from "../instance.ts";
import type { Fields } from "../org/org.ts";
import { isFilterable, type SObject } from "../org/schema.ts";
import { type Reach, rowsOf } from "../org/tables.ts";
import { type Column, findColumn, findTable, invalidField, readColumn } from "./columns.ts";
import { comparable, holds, inOrder, rangeOf } from "./compare.ts";
import type { Condition, Path, Query } from "./query.ts";

export interface Found {
  readonly object: SObject;
  /** Empty for `SELECT COUNT()`. */
  readonly columns: readonly Column[];
  readonly rows: readonly Fields[];
}

/** Checks every name and type first, as Salesforce does, then reads. */
export function evaluate(instance: Instance, query: Query, reach: Reach): Found {
  const object = findTable(instance, query);
  const column = (path: Path) => findColumn(instance, query, object, path);
  const columns = query.select === "count" ? [] : query.select.map(column);
  refuseRepeats(query);
  if (object.name === "FieldDefinition") needFilter(query);
  const matches = query.where ? compile(query.where) : () => true;
  const orders = query.order.map((order) => ({ ...order, column: filterable(order.path, "sorted") }));
  const rows = [...rowsOf(instance, object.name, reach)].filter(matches).sort(compareRows);
  return { object, columns, rows: rows.slice(query.offset, query.offset + (query.limit ?? rows.length)) };

  function compareRows(a: Fields, b: Fields): number {
    for (const { column, descending, nullsLast } of orders) {
      const order = inOrder(read(a, column), read(b, column), descending, nullsLast);
      if (order !== 0) return order;
    }
    return 0;
  }

  function compile(condition: Condition): (row: Fields) => boolean {
    if ("terms" in condition) {
      const terms = condition.terms.map(compile);
      return condition.kind === "and"
        ? (row) => terms.every((term) => term(row))
        : (row) => terms.some((term) => term(row));
    }
    if (condition.kind === "not") {
      const term = compile(condition.term);
      return (row) => !term(row);
    }
    const column = filterable(condition.path, "filtered");
    if (condition.kind === "like")
      return (row) => {
        const value = read(row, column);
        return value !== null && condition.pattern.test(String(value));
      };
    if (condition.kind === "in") {
      const ranges = condition.values.map((value) => rangeOf(query, column.field, value, instance.now()));
      const single = new Set(ranges.filter((range) => range.to === undefined).map((range) => range.from));
      const days = ranges.filter((range) => range.to !== undefined);
      const isIn = (row: Fields) => {
        const value = read(row, column);
        return single.has(value) || days.some((range) => holds(value, "=", range));
      };
      return (row) => isIn(row) !== condition.negated;
    }
    const range = rangeOf(query, column.field, condition.value, instance.now());
    return (row) => holds(read(row, column), condition.comparison, range);
  }

  function filterable(path: Path, how: "filtered" | "sorted"): Column {
    const found = column(path);
    if (isFilterable(found.field)) return found;
    throw invalidField(query, path, `field '${found.field.name}' can not be ${how} in a query call`);
  }

  function read(row: Fields, column: Column) {
    return comparable(column.field, readColumn(instance, row, column));
  }
}

function refuseRepeats(query: Query): void {
  if (query.select === "count") return;
  const names = query.select.map((path) => path.text.toLowerCase());
  const twice = query.select.find((path, at) => names.indexOf(path.text.toLowerCase()) < at);
  if (twice) throw malformed(`duplicate field selected: ${twice.text}`);
}

/** Its rows are made while asking, so it insists on being asked about certain fields only. */
function needFilter({ where }: Query): void {
  const names = where ? pathsOf(where).map((path) => path.steps[0]?.toLowerCase()) : [];
  if (!names.some((name) => name === "durableid" || name?.startsWith("entitydefinition")))
    throw malformed(
      "When querying the FieldDefinition object, you must filter on EntityDefinitionId or DurableId: a filter on a reified column is required [EntityDefinitionId,DurableId]",
    );
}

function pathsOf(condition: Condition): readonly Path[] {
  if (condition.kind === "not") return pathsOf(condition.term);
  return "terms" in condition ? condition.terms.flatMap(pathsOf) : [condition.path];
}
