import type { Person } from "../../people.ts";
import type { Instance } from "../instance.ts";
import type { Fields, Moment, Value } from "./org.ts";
import { leadStages } from "./stages.ts";

export interface LeadChoices {
  readonly status?: string | undefined;
  readonly consent?: boolean;
  readonly ownerId?: string | null;
}

export function createLead(instance: Instance, person: Person, choices: LeadChoices, moment: Moment): string {
  const { org, settings } = instance;
  const status = choices.status ?? String(leadStages(org).find((each) => each.IsDefault)?.ApiName);
  return org.transaction(() => {
    const values = { ...leadFields(person), Consent__c: choices.consent ?? true, OwnerId: choices.ownerId ?? null };
    const id = org.insert("Lead", { ...values, Status: status }, moment, choices.ownerId ?? null);
    if (settings.now.tracking) noteLeadChange(instance, id, "created", null, null, moment);
    enterStatus(instance, id, status, moment);
    return id;
  });
}

/** False when the lead was in that status already. */
export function setStatus(instance: Instance, id: string, status: string, moment: Moment, also: Fields = {}): boolean {
  const { org, settings } = instance;
  const before = org.current(id);
  if (before?.IsConverted) throw new Error(`lead ${id} is converted: its status is final`);
  if (isConvertedStatus(instance, status) && !also.IsConverted)
    throw new Error(`${status} is for converted leads only`);
  return org.transaction(() => {
    org.update(id, { ...also, Status: status }, moment);
    if (before?.Status === status) return false;
    if (settings.now.tracking) noteLeadChange(instance, id, "Status", before?.Status ?? null, status, moment);
    enterStatus(instance, id, status, moment);
    return true;
  });
}

export const isConvertedStatus = ({ org }: Instance, status: string): boolean =>
  leadStages(org).some((stage) => stage.ApiName === status && stage.IsConverted);

/** A row of LeadHistory; `field` may be one of its own names such as `created` and `leadConverted`. */
export function noteLeadChange(
  instance: Instance,
  leadId: string,
  field: string,
  oldValue: Value,
  newValue: Value,
  moment: Moment,
): void {
  const row = { LeadId: leadId, Field: field, DataType: "Text", OldValue: oldValue, NewValue: newValue };
  instance.org.insert("LeadHistory", row, moment);
}

function enterStatus({ org }: Instance, id: string, stage: string, moment: Moment): void {
  const metaLeadId = String(org.current(id)?.Meta_Lead_ID__c ?? "");
  org.enter({ object: "Lead", pipeline: "Lead", id, stage, enteredAt: moment.at, metaLeadId });
}

function leadFields(person: Person): Fields {
  const orNull = (text: string): string | null => (text === "" ? null : text);
  return {
    FirstName: person.firstName,
    LastName: person.lastName,
    Name: `${person.firstName} ${person.lastName}`,
    Company: person.company,
    Email: orNull(person.email),
    Phone: orNull(person.phone),
    City: orNull(person.city),
    State: orNull(person.state),
    PostalCode: orNull(person.zip),
    Country: orNull(person.country),
    LeadSource: person.metaLeadId ? "Facebook" : "Web",
    Meta_Lead_ID__c: orNull(person.metaLeadId),
    Meta_Click_ID__c: orNull(person.fbclid.slice(0, 255)),
    // What a web form asks of some: how much they mean to spend.
    Expected_Value__c: person.metaLeadId === "" ? null : 250 * person.company.length,
  };
}
