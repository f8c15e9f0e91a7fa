import type { Instance } from "../instance.ts";
import { DAY, formatDate } from "../times.ts";
import { noteLeadChange, setStatus } from "./lead.ts";
import { createOpportunity } from "./opportunity.ts";
import type { Fields, Moment } from "./org.ts";
import { leadStages } from "./stages.ts";

export interface Converted {
  readonly leadId: string;
  readonly accountId: string;
  readonly contactId: string;
  readonly opportunityId?: string;
}
export interface ConversionChoices {
  /** False: only an account and a contact. */
  readonly opportunity?: boolean;
  readonly status?: string | undefined;
  readonly stage?: string | undefined;
}

/**
 * Makes an account, a contact and, unless declined, an opportunity with the contact in a primary role. Standard fields are
 * mapped; of the custom ones only Meta_Lead_ID__c is (metadata reference, "LeadConvertSettings").
 */
export function convertLead(instance: Instance, id: string, choices: ConversionChoices, moment: Moment): Converted {
  const { org, settings } = instance;
  const lead = org.current(id);
  if (!lead || org.objectOf(id) !== "Lead") throw new Error(`no lead ${id}`);
  if (lead.IsConverted) throw new Error(`lead ${id} is converted already`);
  const status = choices.status ?? String(leadStages(org).find((each) => each.IsConverted)?.ApiName);
  return org.transaction(() => {
    const accountId = org.insert("Account", { Name: lead.Company ?? null, OwnerId: lead.OwnerId ?? null }, moment);
    const contactId = org.insert("Contact", { ...contactFields(lead), AccountId: accountId }, moment);
    const opportunityId = choices.opportunity === false ? undefined : openDeal(choices.stage, accountId, contactId);
    setStatus(instance, id, status, moment, {
      IsConverted: true,
      ConvertedDate: formatDate(moment.at),
      ConvertedAccountId: accountId,
      ConvertedContactId: contactId,
      ConvertedOpportunityId: opportunityId ?? null,
    });
    if (settings.now.tracking) noteLeadChange(instance, id, "leadConverted", null, null, moment);
    return { leadId: id, accountId, contactId, ...(opportunityId && { opportunityId }) };
  });

  function openDeal(stage: string | undefined, accountId: string, contactId: string): string {
    const values = {
      Name: `${lead?.Company}-`, // what the conversion page suggests
      AccountId: accountId,
      OwnerId: lead?.OwnerId ?? null,
      LeadSource: lead?.LeadSource ?? null,
      CloseDate: formatDate(moment.at + 60 * DAY),
      Meta_Lead_ID__c: lead?.Meta_Lead_ID__c ?? null,
      ...(stage !== undefined && { StageName: stage }),
    };
    const opportunityId = createOpportunity(instance, values, moment, String(lead?.Meta_Lead_ID__c ?? ""));
    const role = { OpportunityId: opportunityId, ContactId: contactId, IsPrimary: true };
    org.insert("OpportunityContactRole", role, moment);
    return opportunityId;
  }
}

function contactFields(lead: Fields): Fields {
  const same = ["FirstName", "LastName", "Name", "Email", "Phone", "MobilePhone", "OwnerId", "HasOptedOutOfEmail"];
  const address = ["Street", "City", "State", "PostalCode", "Country"];
  return {
    ...Object.fromEntries(same.map((name) => [name, lead[name] ?? null])),
    ...Object.fromEntries(address.map((name) => [`Mailing${name}`, lead[name] ?? null])),
    Meta_Lead_ID__c: lead.Meta_Lead_ID__c ?? null,
  };
}
