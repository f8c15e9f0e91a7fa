import { type Answer, errorBody, invalid, notFound } from "./answer.ts";
import type { ObjectType } from "./objects.ts";
import type { Portal } from "./portal.ts";
import { type Property, show, showHistory } from "./properties.ts";
import type { CrmRecord } from "./record.ts";

export interface Readable {
  readonly type: ObjectType;
  readonly properties: ReadonlyMap<string, Property>;
}
interface Wanted {
  readonly properties: readonly string[];
  readonly history?: readonly string[];
}

/** A record as the API shows it: values are text or null; a property that does not exist is left out. */
export function recordJson({ type, properties }: Readable, record: CrmRecord, wanted: Wanted): unknown {
  const values = [...new Set(wanted.properties)].map((name) => [name, show(properties, record, name)] as const);
  const history = (wanted.history ?? []).filter((name) => properties.has(name));
  return {
    id: record.id,
    properties: Object.fromEntries(values.filter(([, value]) => value !== undefined)),
    ...(history.length > 0
      ? { propertiesWithHistory: Object.fromEntries(history.map((name) => [name, showHistory(type, record, name)])) }
      : {}),
    createdAt: new Date(record.createdAt).toISOString(),
    updatedAt: new Date(record.updatedAt).toISOString(),
    archived: record.archivedAt !== undefined,
    ...(record.archivedAt === undefined ? {} : { archivedAt: new Date(record.archivedAt).toISOString() }),
  };
}

const asked = (type: ObjectType, properties: readonly string[], history: readonly string[]): Wanted => ({
  properties: properties.length > 0 ? [...properties, ...history, ...type.always] : [...type.defaults, ...history],
  history,
});
const names = (query: URLSearchParams, key: string): string[] =>
  query
    .getAll(key)
    .flatMap((list) => list.split(","))
    .filter(Boolean);

/** A merged-away id counts as the winner's, a purged record as never there. */
function visible(portal: Portal, type: ObjectType, id: string, archived: boolean): CrmRecord | undefined {
  const record = portal.find(type.id, id);
  return record && !record.purged && (record.archivedAt !== undefined) === archived ? record : undefined;
}

/** `GET /crm/objects/2026-09/{type}/{id}`. */
export function readOne(portal: Portal, source: Readable, id: string, query: URLSearchParams): Answer {
  const record = visible(portal, source.type, id, query.get("archived") === "true");
  if (!record) throw notFound();
  return {
    status: 200,
    body: recordJson(
      source,
      record,
      asked(source.type, names(query, "properties"), names(query, "propertiesWithHistory")),
    ),
  };
}

/** `GET /crm/objects/2026-09/{type}`: by id, 100 a page, 50 with history. */
export function readList(portal: Portal, source: Readable, query: URLSearchParams): Answer {
  const history = names(query, "propertiesWithHistory");
  const most = history.length > 0 ? 50 : 100;
  const limit = Number(query.get("limit") ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > most) throw invalid(`limit must be between 1 and ${most}.`);
  const archived = query.get("archived") === "true";
  const after = Number(query.get("after") ?? 0);
  const rest = portal
    .of(source.type)
    .filter((record) => !record.purged && !record.mergedInto && (record.archivedAt !== undefined) === archived)
    .filter(({ id }) => Number(id) > after)
    .sort((a, b) => Number(a.id) - Number(b.id));
  const page = rest.slice(0, limit);
  const wanted = asked(source.type, names(query, "properties"), history);
  return {
    status: 200,
    body: {
      results: page.map((record) => recordJson(source, record, wanted)),
      ...(rest.length > limit ? { paging: { next: { after: page.at(-1)?.id } } } : {}),
    },
  };
}

interface Batch {
  readonly inputs?: readonly { readonly id?: unknown }[];
  readonly properties?: readonly string[];
  readonly propertiesWithHistory?: readonly string[];
  readonly idProperty?: string;
}

/** `POST /crm/objects/2026-09/{type}/batch/read`: 100 ids, 50 with history; 207 when some are missing. */
export function readBatch(portal: Portal, source: Readable, body: unknown, query: URLSearchParams): Answer {
  const { inputs, properties = [], propertiesWithHistory: history = [], idProperty } = (body ?? {}) as Batch;
  if (!Array.isArray(inputs)) throw invalid("Invalid input JSON: some required fields were not set: [inputs]");
  if (history.length > 0 && inputs.length > 50)
    throw invalid(
      "The maximum number of inputs supported in a batch request for property histories is 50. Try removing the propertiesWithHistory or reduce the number of inputs.",
    );
  if (inputs.length > 100)
    throw invalid(
      `The maximum number of inputs supported in a batch request is 100. There were ${inputs.length} inputs.`,
    );
  if (idProperty && idProperty !== "hs_object_id") throw invalid(`The property "${idProperty}" is not unique.`);
  const ids = [...new Set(inputs.map(({ id }) => String(id)))];
  const archived = query.get("archived") === "true";
  const found = ids.map((id) => [id, visible(portal, source.type, id, archived)] as const);
  const records = new Set(found.flatMap(([, record]) => (record ? [record] : [])));
  const missing = found.filter(([, record]) => !record).map(([id]) => id);
  const at = new Date().toISOString();
  const wanted = asked(source.type, properties, history);
  const done = {
    status: "COMPLETE",
    // Never in the order of the question.
    results: [...records]
      .sort((a, b) => Number(b.id) - Number(a.id))
      .map((record) => recordJson(source, record, wanted)),
    requestedAt: at,
    startedAt: at,
    completedAt: at,
  };
  if (missing.length === 0) return { status: 200, body: done };
  const what = source.type.name.toUpperCase();
  const message = `Could not get some ${what} objects, they may be deleted or not exist. Check that ids are valid.`;
  const errors = [errorBody("OBJECT_NOT_FOUND", message, { context: { ids: missing } })];
  return { status: 207, body: { ...done, numErrors: errors.length, errors } };
}
