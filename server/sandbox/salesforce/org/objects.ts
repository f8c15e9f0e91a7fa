import type { Field, FieldType, SObject } from "./schema.ts";

/** The objects of the demo org: the standard ones a connector of lead stages needs, with the demo's custom fields. */

const field = (name: string, type: FieldType, length = 0, label = spaced(name)): Field => ({
  name,
  label,
  type,
  length,
});
const text = (name: string, length: number, label?: string): Field => field(name, "string", length, label);
const flag = (name: string): Field => field(name, "boolean");
const pick = (name: string, label?: string): Field => field(name, "picklist", 255, label);
const time = (name: string): Field => field(name, "datetime");
const refer = (name: string, referenceTo: string, relationship = name.slice(0, -2)): Field => ({
  ...field(name, "reference", 18),
  referenceTo,
  relationship,
});

const id: Field = { ...field("Id", "id", 18), label: "Record ID" };
const name = text("Name", 255);
const created = [time("CreatedDate"), refer("CreatedById", "User")];
const system = [...created, time("LastModifiedDate"), refer("LastModifiedById", "User"), time("SystemModstamp")];
const address = (prefix = ""): Field[] => [
  field(`${prefix}Street`, "textarea", 255),
  text(`${prefix}City`, 40),
  text(`${prefix}State`, 80),
  text(`${prefix}PostalCode`, 20),
  text(`${prefix}Country`, 80),
];
const person = [
  text("FirstName", 40),
  text("LastName", 80),
  name,
  field("Email", "email", 80),
  field("Phone", "phone", 40),
  field("MobilePhone", "phone", 40),
];
const metaLeadId = text("Meta_Lead_ID__c", 32, "Meta Lead ID");

export const objects: readonly SObject[] = [
  object("Lead", "Leads", "00Q", [
    flag("IsDeleted"),
    refer("MasterRecordId", "Lead"),
    ...person,
    text("Company", 255),
    ...address(),
    pick("LeadSource"),
    pick("Status"),
    refer("OwnerId", "User"),
    flag("HasOptedOutOfEmail"),
    flag("DoNotCall"),
    flag("IsConverted"),
    field("ConvertedDate", "date"),
    refer("ConvertedAccountId", "Account"),
    refer("ConvertedContactId", "Contact"),
    refer("ConvertedOpportunityId", "Opportunity"),
    ...system,
    metaLeadId,
    text("Meta_Click_ID__c", 255, "Meta Click ID"),
    flag("Consent__c"),
    field("AnnualRevenue", "currency"),
    field("NumberOfEmployees", "int"),
    field("Expected_Value__c", "currency"),
    { ...pick("CurrencyIsoCode"), label: "Lead Currency" },
  ]),
  object("Opportunity", "Opportunities", "006", [
    flag("IsDeleted"),
    refer("AccountId", "Account"),
    name,
    pick("StageName", "Stage"),
    field("Amount", "currency"),
    field("Probability", "percent"),
    field("ExpectedRevenue", "currency"),
    field("CloseDate", "date"),
    flag("IsClosed"),
    flag("IsWon"),
    pick("ForecastCategory"),
    pick("ForecastCategoryName"),
    pick("LeadSource"),
    refer("OwnerId", "User"),
    refer("ContactId", "Contact"),
    { ...pick("CurrencyIsoCode"), label: "Opportunity Currency" },
    ...system,
    time("LastStageChangeDate"),
    metaLeadId,
    field("First_Year_Revenue__c", "currency"),
    field("Contract_Months__c", "double"),
  ]),
  object("Contact", "Contacts", "003", [
    flag("IsDeleted"),
    refer("MasterRecordId", "Contact"),
    refer("AccountId", "Account"),
    ...person,
    ...address("Mailing"),
    field("Birthdate", "date"),
    refer("OwnerId", "User"),
    flag("HasOptedOutOfEmail"),
    ...system,
    metaLeadId,
  ]),
  object("Account", "Accounts", "001", [flag("IsDeleted"), name, refer("OwnerId", "User"), ...system]),
  object("OpportunityContactRole", "Opportunity Contact Roles", "00K", [
    flag("IsDeleted"),
    refer("OpportunityId", "Opportunity"),
    refer("ContactId", "Contact"),
    pick("Role"),
    flag("IsPrimary"),
    ...system,
  ]),
  object("OpportunityHistory", "Opportunity: Stage History", "008", [
    flag("IsDeleted"),
    refer("OpportunityId", "Opportunity"),
    pick("StageName", "Stage"),
    field("Amount", "currency"),
    field("PrevAmount", "currency"),
    field("ExpectedRevenue", "currency"),
    field("CloseDate", "date"),
    field("PrevCloseDate", "date"),
    field("Probability", "percent"),
    pick("ForecastCategory"),
    ...created,
    time("SystemModstamp"),
  ]),
  object("LeadHistory", "Lead History", "017", [
    flag("IsDeleted"),
    refer("LeadId", "Lead"),
    ...created,
    pick("Field"),
    pick("DataType"),
    field("OldValue", "anyType", 255),
    field("NewValue", "anyType", 255),
  ]),
  object("LeadStatus", "Lead Statuses", "01J", [
    text("MasterLabel", 255),
    text("ApiName", 255),
    field("SortOrder", "int"),
    flag("IsDefault"),
    flag("IsConverted"),
    ...system,
  ]),
  object("OpportunityStage", "Opportunity Stages", "01J", [
    text("MasterLabel", 255),
    text("ApiName", 255),
    flag("IsActive"),
    field("SortOrder", "int"),
    flag("IsClosed"),
    flag("IsWon"),
    pick("ForecastCategory"),
    pick("ForecastCategoryName"),
    field("DefaultProbability", "percent"),
    text("Description", 255),
    ...system,
  ]),
  object("User", "Users", "005", [
    text("Username", 80),
    text("FirstName", 40),
    text("LastName", 80),
    name,
    field("Email", "email", 80),
    flag("IsActive"),
    ...system,
  ]),
  object("Organization", "Organizations", "00D", [
    name,
    text("OrganizationType", 40),
    text("InstanceName", 5),
    flag("IsSandbox"),
    text("NamespacePrefix", 15),
    text("TimeZoneSidKey", 40),
    text("Country", 80),
    time("TrialExpirationDate"),
    ...system,
  ]),
  // The next two have no records: their rows are made from this list (tables.ts).
  object("EntityDefinition", "Entity Definitions", "4ie", [
    text("DurableId", 255),
    text("QualifiedApiName", 255),
    text("Label", 255),
  ]),
  object("FieldDefinition", "Field Definitions", "4fe", [
    text("DurableId", 255),
    text("QualifiedApiName", 255),
    text("Label", 255),
    text("DataType", 255),
    refer("EntityDefinitionId", "EntityDefinition"),
    flag("IsFieldHistoryTracked"),
  ]),
];

function object(name: string, labelPlural: string, prefix: string, fields: readonly Field[]): SObject {
  return { name, label: spaced(name), labelPlural, prefix, fields: [id, ...fields] };
}

/** `LastModifiedDate` → `Last Modified Date` */
function spaced(name: string): string {
  return name
    .replace(/__c$/, "")
    .replaceAll("_", " ")
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2");
}
