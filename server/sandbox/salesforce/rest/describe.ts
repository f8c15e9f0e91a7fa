import type { Instance } from "../instance.ts";
import { objects } from "../org/objects.ts";
import { type Field, findObject, isCustom, isFilterable, type SObject, visibleFields } from "../org/schema.ts";
import { dealStages, leadStages } from "../org/stages.ts";

/** What the connected user may know of an object: hidden fields are not there at all. */
export function describeObject(instance: Instance, version: string, object: SObject): object {
  return {
    ...summarize(version, object),
    fields: visibleFields(object, instance.settings.hidden).map((field) => describeField(instance, object, field)),
    recordTypeInfos: [
      {
        name: "Master",
        developerName: "Master",
        available: true,
        active: true,
        master: true,
        recordTypeId: "012000000000000AAA",
      },
    ],
    childRelationships: [],
  };
}

export function summarize(version: string, { name, label, labelPlural, prefix }: SObject): object {
  const path = `/services/data/${version}/sobjects/${name}`;
  const isRecord = ["Lead", "Opportunity", "Contact", "Account"].includes(name);
  return {
    name,
    label,
    labelPlural,
    keyPrefix: prefix,
    custom: false,
    customSetting: false,
    createable: isRecord,
    updateable: isRecord,
    deletable: isRecord,
    undeletable: isRecord,
    mergeable: isRecord && name !== "Opportunity",
    queryable: true,
    replicateable: isRecord || name === "OpportunityHistory",
    retrieveable: true,
    searchable: isRecord,
    triggerable: isRecord,
    urls: { sobject: path, describe: `${path}/describe`, rowTemplate: `${path}/{ID}` },
  };
}

export const describeAll = ({ settings }: Instance, version: string): object => ({
  encoding: "UTF-8",
  maxBatchSize: 200,
  sobjects: objects
    .filter((object) => findObject(object.name, settings.hidden))
    .map((object) => summarize(version, object)),
});

function describeField(instance: Instance, object: SObject, field: Field): object {
  const { name, label, type, length } = field;
  return {
    name,
    label,
    type: type === "anyType" ? "anyType" : type,
    length,
    byteLength: length * 3,
    soapType: SOAP_TYPES[type] ?? "xsd:string",
    custom: isCustom(field),
    nillable: !["Id", "LastName", "Company", "Status", "StageName", "CloseDate"].includes(name) && type !== "boolean",
    filterable: isFilterable(field),
    sortable: isFilterable(field),
    groupable: isFilterable(field) && !["datetime", "currency", "percent", "double"].includes(type),
    createable: isCustom(field),
    updateable: isCustom(field),
    externalId: name === "Meta_Lead_ID__c",
    idLookup: name === "Id" || name === "Meta_Lead_ID__c",
    unique: false,
    calculated: false,
    nameField: name === "Name",
    defaultValue: type === "boolean" ? false : null,
    referenceTo: field.referenceTo ? [field.referenceTo] : [],
    relationshipName: field.relationship ?? null,
    restrictedPicklist: false,
    picklistValues: type === "picklist" ? picklistOf(instance, object, name) : [],
  };
}

const SOAP_TYPES: Readonly<Record<string, string>> = {
  id: "tns:ID",
  reference: "tns:ID",
  boolean: "xsd:boolean",
  datetime: "xsd:dateTime",
  date: "xsd:date",
  int: "xsd:int",
  double: "xsd:double",
  currency: "xsd:double",
  percent: "xsd:double",
  anyType: "xsd:anyType",
};

function picklistOf({ org }: Instance, object: SObject, field: string): readonly object[] {
  if (object.name === "Lead" && field === "Status")
    return leadStages(org).map((stage) => option(stage.ApiName, stage.MasterLabel, true, stage.IsDefault));
  if (field === "StageName")
    return dealStages(org).map((stage) => option(stage.ApiName, stage.MasterLabel, stage.IsActive, false));
  const fixed = field === "LeadSource" ? ["Facebook", "Web", "Partner Referral", "Other"] : [];
  return fixed.map((value) => option(value, value, true, false));
}

const option = (value: unknown, label: unknown, active: unknown, defaultValue: unknown): object => ({
  value,
  label,
  active,
  defaultValue,
  validFor: null,
});
