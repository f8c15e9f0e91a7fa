import { objects } from "./objects.ts";

export type FieldType =
  | "id"
  | "reference"
  | "string"
  | "picklist"
  | "email"
  | "phone"
  | "textarea"
  | "boolean"
  | "datetime"
  | "date"
  | "double"
  | "currency"
  | "percent"
  | "int"
  | "anyType";

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly length: number;
  /** Only for references: the object it points to and the name of the way there in SOQL. */
  readonly referenceTo?: string;
  readonly relationship?: string;
}

export interface SObject {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  /** The first three characters of its ids. */
  readonly prefix: string;
  readonly fields: readonly Field[];
}

/** What the connected user may not see: `Lead` or `Lead.Meta_Lead_ID__c` (field-level security). */
export type Hidden = ReadonlySet<string>;

/** Names are found in any case. */
export function findObject(name: string, hidden: Hidden): SObject | undefined {
  const object = objects.find((each) => each.name.toLowerCase() === name.toLowerCase());
  return object && !hidden.has(object.name) ? object : undefined;
}

export function visibleFields(object: SObject, hidden: Hidden): readonly Field[] {
  return object.fields.filter((field) => !hidden.has(`${object.name}.${field.name}`));
}

export function findField(object: SObject, name: string, hidden: Hidden): Field | undefined {
  return visibleFields(object, hidden).find((field) => field.name.toLowerCase() === name.toLowerCase());
}

export function findRelationship(object: SObject, name: string, hidden: Hidden): Field | undefined {
  return visibleFields(object, hidden).find((field) => field.relationship?.toLowerCase() === name.toLowerCase());
}

export const isCustom = (field: Field): boolean => field.name.endsWith("__c");
/** History values are of any type, and such fields refuse WHERE and ORDER BY (object reference, "LeadHistory"). */
export const isFilterable = (field: Field): boolean => field.type !== "anyType" && field.type !== "textarea";

export function ownObject(name: string): SObject {
  const object = objects.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (!object) throw new Error(`no object ${name}`);
  return object;
}
