import { RestError } from "../errors.ts";
import type { Instance } from "../instance.ts";
import { readId } from "../org/ids.ts";
import { findField, type SObject, visibleFields } from "../org/schema.ts";
import type { Column } from "../soql/columns.ts";
import { renderRecord } from "./records.ts";

/** `GET /sobjects/<object>/<id>?fields=a,b` */
export function retrieveOne(
  instance: Instance,
  version: string,
  object: SObject,
  id: string,
  fields: string | null,
): object {
  const columns = columnsOf(instance, object, fields?.split(","));
  const row = instance.org.find(readId(id) ?? "", instance.now());
  if (!row || instance.org.objectOf(String(row.Id)) !== object.name)
    throw new RestError(404, "NOT_FOUND", `Provided external ID field does not exist or is not accessible: ${id}`);
  if (row.IsDeleted) throw new RestError(404, "ENTITY_IS_DELETED", "entity is deleted");
  return renderRecord(instance, version, object.name, columns, row);
}

/** `POST /composite/sobjects/<object>` with `ids` and `fields`: null stands for what is not there. */
export function retrieveMany(instance: Instance, version: string, object: SObject, body: unknown): unknown {
  const { ids, fields } = (body ?? {}) as { ids?: unknown; fields?: unknown };
  if (!isTexts(ids) || !isTexts(fields))
    throw new RestError(400, "INVALID_INPUT", "ids and fields have to be specified");
  if (ids.length > 2000) throw new RestError(400, "INVALID_INPUT", "cannot retrieve more than 2000 records at once");
  const columns = columnsOf(instance, object, fields);
  return ids.map((id) => {
    const row = instance.org.find(readId(id) ?? "", instance.now());
    const isThere = row && !row.IsDeleted && instance.org.objectOf(String(row.Id)) === object.name;
    return isThere ? renderRecord(instance, version, object.name, columns, row) : null;
  });
}

function columnsOf({ settings }: Instance, object: SObject, names: readonly string[] | undefined): readonly Column[] {
  if (!names) return visibleFields(object, settings.hidden).map((field) => ({ way: [], field }));
  return names.map((name) => {
    const field = findField(object, name.trim(), settings.hidden);
    if (field) return { way: [], field };
    throw new RestError(400, "INVALID_FIELD", `No such column '${name}' on sobject of type ${object.name}`);
  });
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");
