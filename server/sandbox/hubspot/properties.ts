import { createHash } from "node:crypto";
import type { ObjectType, TypeId } from "./objects.ts";
import type { Pipelines } from "./pipelines.ts";
import { type CrmRecord, currentValue, type Version } from "./record.ts";

type Kind = "string" | "enumeration" | "number" | "datetime" | "bool";
interface Option {
  readonly label: string;
  readonly value: string;
}
/** A property definition; `compute` where HubSpot calculates the value from the record. */
export interface Property {
  readonly name: string;
  readonly label: string;
  readonly type: Kind;
  readonly custom?: true;
  /** Shown with the sign of its currency. */
  readonly money?: true;
  readonly options?: readonly Option[];
  readonly compute?: (record: CrmRecord) => string | null;
}

const iso = (at: number): string => new Date(at).toISOString();
const yesNo = [
  { label: "Yes", value: "true" },
  { label: "No", value: "false" },
];
const leadStatus = "NEW OPEN IN_PROGRESS OPEN_DEAL UNQUALIFIED ATTEMPTED_TO_CONTACT CONNECTED BAD_TIMING".split(" ");

/** Name, label, and what is special. */
type Row = readonly [name: string, label: string, type?: Kind, more?: Partial<Property>];
const stored: Readonly<Record<TypeId, readonly Row[]>> = {
  "0-1": [
    ...(
      [
        "First name",
        "Last name",
        "Email",
        "Phone",
        "Mobile phone",
        "City",
        "State",
        "Zip",
        "Country",
        "Company",
      ] as const
    ).map((label): Row => [label.toLowerCase().replace(" ", ""), label]),
    ["hs_additional_emails", "Additional email addresses"],
    ["date_of_birth", "Date of birth"],
    ["gender", "Gender"],
    ["hs_facebook_click_id", "Facebook click id"],
    ["hs_facebookid", "Facebook ID"],
    ["hs_analytics_source", "Original traffic source"],
    ["hs_lead_status", "Lead status", "enumeration", { options: leadStatus.map((value) => ({ label: value, value })) }],
    ["meta_lead_id", "Meta lead ID", "string", { custom: true }],
    ["ads_consent", "Consent to advertising", "enumeration", { custom: true, options: yesNo }],
    ["lifetime_value", "Lifetime value", "number", { custom: true, money: true }],
  ],
  "0-3": [
    ["dealname", "Deal name"],
    ["amount", "Amount", "number", { money: true }],
    ["hs_acv", "Annual contract value", "number", { money: true }],
    ["hs_tcv", "Total contract value", "number", { money: true }],
    ["first_year_margin", "First-year margin", "number", { custom: true, money: true }],
    ["contract_months", "Contract months", "number", { custom: true }],
    ["num_notes", "Number of sales activities", "number"],
    ["deal_currency_code", "Currency"],
    ["closedate", "Close date", "datetime"],
  ],
  "0-136": [
    ["hs_lead_name", "Lead name"],
    ["hs_lead_type", "Lead type"],
    ["hs_lead_label", "Lead label"],
    ["hs_primary_contact_id", "Primary contact", "number"],
    ["hs_associated_contact_email", "Primary contact's email"],
    ["expected_value", "Expected value", "number", { custom: true, money: true }],
  ],
};

/** All properties of an object by name, with those that follow from its pipelines. Kept until the pipelines change. */
export class Properties {
  readonly #pipelines: Pipelines;
  readonly #kept = new Map<TypeId, { revision: number; all: ReadonlyMap<string, Property> }>();

  constructor(pipelines: Pipelines) {
    this.#pipelines = pipelines;
  }

  of(type: ObjectType): ReadonlyMap<string, Property> {
    const kept = this.#kept.get(type.id);
    if (kept?.revision === this.#pipelines.revision) return kept.all;
    const all = new Map(this.#build(type).map((property) => [property.name, property]));
    this.#kept.set(type.id, { revision: this.#pipelines.revision, all });
    return all;
  }

  #build(type: ObjectType): readonly Property[] {
    const pipelines = this.#pipelines.of(type.id);
    const stages = pipelines.flatMap((pipeline) => pipeline.stages);
    const options = (list: readonly { id: string; label: string }[]): readonly Option[] =>
      list.map(({ id, label }) => ({ label, value: id }));
    const outcome = (record: CrmRecord) => stages.find(({ id }) => id === currentValue(record, type.stage))?.outcome;
    return [
      ...stored[type.id].map(([name, label, kind = "string", more = {}]) => ({ name, label, type: kind, ...more })),
      {
        name: type.stage,
        label: type.pipeline ? "Stage" : "Lifecycle stage",
        type: "enumeration",
        options: options(stages),
      },
      ...(type.pipeline
        ? [{ name: type.pipeline, label: "Pipeline", type: "enumeration" as const, options: options(pipelines) }]
        : []),
      { name: "createdate", label: "Create date", type: "datetime", compute: (record) => iso(record.createdAt) },
      {
        name: type.modified,
        label: "Last modified date",
        type: "datetime",
        compute: (record) => iso(record.updatedAt),
      },
      { name: "hs_object_id", label: "Record ID", type: "number", compute: (record) => record.id },
      {
        name: "hs_merged_object_ids",
        label: "Merged record IDs",
        type: "enumeration",
        compute: (record) => record.mergedIds?.join(";") ?? null,
      },
      ...(type.name === "deal"
        ? [
            computed("hs_is_closed", "Is closed", "bool", (record) => String(outcome(record) !== "open")),
            computed("hs_is_closed_won", "Is closed won", "bool", (record) => String(outcome(record) === "won")),
            computed("amount_in_home_currency", "Amount in company currency", "number", inHomeCurrency),
          ]
        : []),
      ...(type.name === "lead"
        ? [computed("hs_createdate", "Object create date", "datetime", (record) => iso(record.createdAt))]
        : []),
      ...stages.map(({ id, label }) =>
        computed(`hs_v2_date_entered_${suffix(id)}`, `Date entered "${label}"`, "datetime", (record) => {
          const latest = record.values[type.stage]?.find(({ value }) => value === id);
          return latest ? iso(latest.at) : null;
        }),
      ),
    ];
  }
}

/** The one rate of this world: 1.1 to the account's currency, whichever it is. */
function inHomeCurrency(record: CrmRecord): string | null {
  const amount = currentValue(record, "amount");
  if (!amount) return null;
  return currentValue(record, "deal_currency_code") === "EUR" ? (Number(amount) * 1.1).toFixed(2) : amount;
}

const computed = (name: string, label: string, type: Kind, compute: Property["compute"] & {}): Property => ({
  name,
  label,
  type,
  compute,
});

/** Ids with other characters than letters, digits and `_` are cleaned and get a hash: the names cannot be built (seen in portals). */
const suffix = (id: string): string =>
  /^\w+$/.test(id)
    ? id
    : `${id.replaceAll(/\W/g, "_")}_${createHash("sha256").update(id).digest().readUInt32BE(0) >>> 1}`;

/** The value to show: null for a known property without one, undefined for a property that does not exist. */
export function show(
  properties: ReadonlyMap<string, Property>,
  record: CrmRecord,
  name: string,
): string | null | undefined {
  const property = properties.get(name);
  if (!property) return undefined;
  return property.compute ? property.compute(record) : currentValue(record, name) || null;
}

/** Versions as the API shows them: newest first, no more than HubSpot keeps. */
export function showHistory(type: ObjectType, record: CrmRecord, name: string): readonly unknown[] {
  return (record.values[name] ?? []).slice(0, type.versions).map((version: Version) => ({
    value: version.value,
    timestamp: iso(version.at),
    sourceType: version.source,
    ...(version.sourceId
      ? { sourceId: version.sourceId, updatedByUserId: Number(version.sourceId.split(":")[1]) }
      : {}),
  }));
}

export function propertyJson(property: Property): unknown {
  const own = property.custom !== true;
  return {
    name: property.name,
    label: property.label,
    type: property.type,
    description: "",
    fieldType: property.compute ? "calculation_equation" : property.type === "enumeration" ? "select" : "text",
    groupName: own ? "contactinformation" : "meta_lead_ads",
    options: (property.options ?? []).map((option, displayOrder) => ({
      label: option.label,
      value: option.value,
      displayOrder,
      hidden: false,
    })),
    displayOrder: -1,
    calculated: property.compute !== undefined,
    externalOptions: false,
    hasUniqueValue: false,
    hidden: false,
    hubspotDefined: own,
    showCurrencySymbol: property.money === true,
    formField: !property.compute,
    archived: false,
    modificationMetadata: { archivable: !own, readOnlyDefinition: own, readOnlyValue: property.compute !== undefined },
  };
}
