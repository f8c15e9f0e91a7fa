/**
 * Safe building of SOQL: names are checked, ids and literals are quoted here and nowhere else.
 *
 * Limits: https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_api.htm
 */
const whereLimit = 4000;
/** 21 characters each in the WHERE clause, 27 once they are encoded in the address. */
const idsPerQuery = 150;

const namePattern = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?$/;
const idPattern = /^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/;

export interface Query {
  readonly fields: readonly string[];
  readonly from: string;
  /** Joined by AND. */
  readonly where?: readonly string[];
  readonly orderBy?: readonly string[];
  readonly limit?: number;
}

export function soql({ fields, from, where = [], orderBy = [], limit }: Query): string {
  for (const name of [...fields, from, ...orderBy])
    if (!namePattern.test(name)) throw new TypeError(`"${name}" is not a name`);
  const conditions = where.join(" AND ");
  if (conditions.length > whereLimit) throw new TypeError(`a WHERE clause of ${conditions.length} characters`);
  return [
    `SELECT ${fields.length > 0 ? [...new Set(fields)].join(",") : "COUNT()"} FROM ${from}`,
    conditions && ` WHERE ${conditions}`,
    orderBy.length > 0 && ` ORDER BY ${orderBy.join(",")}`,
    limit !== undefined && ` LIMIT ${limit}`,
  ]
    .filter((part) => typeof part === "string")
    .join("");
}

export const isId = (text: string): boolean => idPattern.test(text);
/** The part of an id that identifies; the last three of 18 characters only guard upper and lower case. */
export const sameId = (id: string): string => id.slice(0, 15);

export function text(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

export function among(field: string, ids: readonly string[]): string {
  for (const id of ids) if (!isId(id)) throw new TypeError(`"${id}" is not an id`);
  return `${field} IN (${ids.map(text).join(",")})`;
}

/** Portions that fit into one query. */
export function portions(ids: Iterable<string>): readonly (readonly string[])[] {
  const all = [...new Set(ids)];
  return Array.from({ length: Math.ceil(all.length / idsPerQuery) }, (_, at) =>
    all.slice(at * idsPerQuery, (at + 1) * idsPerQuery),
  );
}

/** Datetime literals stand without quotes. */
export const instant = (at: Date): string => at.toISOString();

/** What comes after this row in the order of last change; hundreds may share one instant. */
export const after = (at: Date, id: string): string =>
  `((SystemModstamp = ${instant(at)} AND Id > ${text(id)}) OR SystemModstamp > ${instant(at)})`;
