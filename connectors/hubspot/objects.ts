/**
 * The three kinds of record that move through stages, and how HubSpot names their parts.
 * https://developers.hubspot.com/docs/api-reference/latest/crm/using-object-apis
 */
export const objectNames = ["deal", "contact", "lead"] as const;
export type ObjectName = (typeof objectNames)[number];

export interface ObjectKind {
  readonly name: ObjectName;
  readonly typeId: string;
  /** As in `/crm/objects/<version>/<path>`. */
  readonly path: string;
  readonly stage: string;
  /** Contacts have none: their one pipeline is the property `lifecyclestage` itself. */
  readonly pipeline?: string;
  /** The search index knows it under another name for contacts. */
  readonly modified: string;
  readonly scope: string;
}

export const objects: Readonly<Record<ObjectName, ObjectKind>> = {
  deal: {
    name: "deal",
    typeId: "0-3",
    path: "deals",
    stage: "dealstage",
    pipeline: "pipeline",
    modified: "hs_lastmodifieddate",
    scope: "crm.objects.deals.read",
  },
  contact: {
    name: "contact",
    typeId: "0-1",
    path: "contacts",
    stage: "lifecyclestage",
    modified: "lastmodifieddate",
    scope: "crm.objects.contacts.read",
  },
  lead: {
    name: "lead",
    typeId: "0-136",
    path: "leads",
    stage: "hs_pipeline_stage",
    pipeline: "hs_pipeline",
    modified: "hs_lastmodifieddate",
    scope: "crm.objects.leads.read",
  },
};

export const lifecyclePipeline = "lifecyclestage";

export const isObjectName = (name: string): name is ObjectName => (objectNames as readonly string[]).includes(name);
