import type { Instance } from "../instance.ts";
import type { Fields, Value } from "../org/org.ts";
import type { Field } from "../org/schema.ts";
import { recordOf } from "../org/tables.ts";
import type { Column } from "../soql/columns.ts";
import { formatDatetime } from "../times.ts";

/** A record as the REST API shows it: attributes, then the fields in the order they were asked for, nulls included. */
export function renderRecord(
  instance: Instance,
  version: string,
  object: string,
  columns: readonly Column[],
  row: Fields,
): object {
  const url = `/services/data/${version}/sobjects/${object}/${row.Id ?? row.DurableId}`;
  const record: Record<string, unknown> = { attributes: { type: object, url } };
  for (const { way, field } of columns) {
    const [reference] = way;
    if (!reference) record[field.name] = renderValue(field, row[field.name] ?? null);
    else record[reference.relationship ?? ""] ??= renderParent(reference);
  }
  return record;

  function renderParent(reference: Field): object | null {
    const object = reference.referenceTo ?? "";
    const id = row[reference.name] ?? null;
    const parent = id === null ? undefined : recordOf(instance, object, String(id));
    const throughIt = columns.filter((column) => column.way[0] === reference);
    const shorter = throughIt.map(({ way, field }) => ({ way: way.slice(1), field }));
    return parent ? renderRecord(instance, version, object, shorter, parent) : null;
  }
}

function renderValue(field: Field, value: Value): Value {
  return field.type === "datetime" && typeof value === "number" ? formatDatetime(value) : value;
}
