import { errorBody, Refusal } from "./answer.ts";

export type TypeId = "0-1" | "0-3" | "0-136";

/** One kind of record: its names, where its stage lives, what is returned unasked, who may read it. */
export interface ObjectType {
  readonly id: TypeId;
  readonly name: "contact" | "deal" | "lead";
  readonly plural: string;
  readonly stage: string;
  /** Absent for contacts: their stages are the options of `lifecyclestage`. */
  readonly pipeline?: string;
  /** Contacts say `lastmodifieddate`, all others `hs_lastmodifieddate` (docs: search-the-crm). */
  readonly modified: string;
  readonly scope: string;
  readonly defaults: readonly string[];
  /** Returned even when other properties are asked for. */
  readonly always: readonly string[];
  /** Versions of a property that HubSpot keeps. */
  readonly versions: number;
}

const contact: ObjectType = {
  id: "0-1",
  name: "contact",
  plural: "contacts",
  stage: "lifecyclestage",
  modified: "lastmodifieddate",
  scope: "crm.objects.contacts.read",
  defaults: ["firstname", "lastname", "email", "lastmodifieddate", "hs_object_id", "createdate"],
  always: ["createdate", "lastmodifieddate", "hs_object_id"],
  versions: 45,
};
const deal: ObjectType = {
  id: "0-3",
  name: "deal",
  plural: "deals",
  stage: "dealstage",
  pipeline: "pipeline",
  modified: "hs_lastmodifieddate",
  scope: "crm.objects.deals.read",
  defaults: [
    "dealname",
    "amount",
    "closedate",
    "pipeline",
    "dealstage",
    "createdate",
    "hs_lastmodifieddate",
    "hs_object_id",
  ],
  always: ["createdate", "hs_lastmodifieddate", "hs_object_id"],
  versions: 20,
};
const lead: ObjectType = {
  id: "0-136",
  name: "lead",
  plural: "leads",
  stage: "hs_pipeline_stage",
  pipeline: "hs_pipeline",
  modified: "hs_lastmodifieddate",
  scope: "crm.objects.leads.read",
  defaults: ["createdate", "hs_lastmodifieddate", "hs_object_id"],
  always: ["createdate", "hs_lastmodifieddate", "hs_object_id"],
  versions: 20,
};

export const objectTypes: readonly ObjectType[] = [contact, deal, lead];
const byName = new Map(objectTypes.flatMap((type) => [type.id, type.name, type.plural].map((name) => [name, type])));

/** Paths and actions name an object by singular, plural or type id. */
export function objectType(name: string): ObjectType {
  const type = byName.get(name.toLowerCase());
  if (type) return type;
  throw new Refusal({
    status: 400,
    body: errorBody("VALIDATION_ERROR", `Unable to infer object type from: ${name}`),
  });
}

export const typeOf = (id: TypeId): ObjectType => objectType(id);
