import type { Person } from "../people.ts";
import type { Action } from "../simulator.ts";
import { momentNow } from "./instance.ts";
import { nextPerson } from "./life.ts";
import { bulkMove } from "./org/bulk.ts";
import { convertLead } from "./org/conversion.ts";
import { createLead, isConvertedStatus, setStatus } from "./org/lead.ts";
import { changeOpportunity } from "./org/opportunity.ts";
import type { Fields, Value } from "./org/org.ts";
import { deleteRecord, eraseRecord, mergeLeads, undeleteRecord } from "./org/removal.ts";
import { ownObject } from "./org/schema.ts";
import { stagesOf } from "./org/stages.ts";
import type { Rest } from "./rest/rest.ts";
import { MINUTE } from "./times.ts";

type Actions = Readonly<Record<string, Action>>;
type StageObject = "Lead" | "Opportunity";

/** What people do with records: as if somebody worked in Salesforce's own pages. */
export function recordActions(rest: Rest): Actions {
  const { org } = rest;
  const idOf = (input: { id?: unknown }): string => {
    const id = String(input.id);
    if (!org.current(id)) throw new Error(`no record ${id}`);
    return id;
  };
  return {
    /** {object?, stage?, person?, at?, consent?}: a lead, or an opportunity with the lead it is converted from. */
    create: (input: { object?: string; stage?: string; person?: Partial<Person>; at?: string; consent?: boolean }) => {
      const object = stageObject(input.object ?? "Lead");
      const moment = momentNow(rest, input.at);
      const who = { ...nextPerson(rest), ...input.person };
      const consent = input.consent ?? true;
      const toConvert = object === "Opportunity" || isConvertedStatus(rest, input.stage ?? "");
      if (!toConvert) return { object, id: createLead(rest, who, { status: input.stage, consent }, moment) };
      return org.transaction(() => {
        const leadId = createLead(rest, who, { consent }, { ...moment, at: moment.at - 10 * MINUTE });
        const choice = object === "Lead" ? { status: input.stage } : { stage: input.stage };
        const { opportunityId } = convertLead(rest, leadId, choice, moment);
        return object === "Lead" ? { object, id: leadId, opportunityId } : { object, id: opportunityId, leadId };
      });
    },
    /** {id, stage, at?}; a lead that is moved to a converted status is converted. */
    move: (input: { id?: string; stage?: string; at?: string }) => {
      const id = idOf(input);
      const stage = String(input.stage ?? "");
      const object = stageObject(org.objectOf(id) ?? "");
      if (stage === "") throw new Error("a stage has to be named");
      const moment = momentNow(rest, input.at);
      if (object === "Opportunity") changeOpportunity(rest, id, { StageName: stage }, moment);
      else if (isConvertedStatus(rest, stage)) convertLead(rest, id, { status: stage }, moment);
      else setStatus(rest, id, stage, moment);
      return { object, id };
    },
    /** {id, fields, at?}: any fields by API name; dates as YYYY-MM-DD. */
    update: (input: { id?: string; fields?: Fields; at?: string }) => {
      const id = idOf(input);
      const object = org.objectOf(id) ?? "";
      const fields = knownFields(object, input.fields ?? {});
      const moment = momentNow(rest, input.at);
      const { Status, ...others } = fields;
      if (object === "Opportunity") changeOpportunity(rest, id, fields, moment);
      else if (object === "Lead" && Status !== undefined) setStatus(rest, id, String(Status), moment, others);
      else org.update(id, fields, moment);
      return { object, id };
    },
    /** {leadId, opportunity?, at?} */
    convert: (input: { leadId?: string; opportunity?: boolean; stage?: string; at?: string }) => {
      const { opportunity = true, stage, at } = input;
      return convertLead(rest, idOf({ id: input.leadId }), { opportunity, stage }, momentNow(rest, at));
    },
    /** {id}: a job of Salesforce's own; SystemModstamp moves, LastModifiedDate does not. */
    touch: (input: { id?: string }) => org.update(idOf(input), {}, momentNow(rest), "system"),
    /** {object, count, stage}: one data load; all get the same stamp. Makes records when there are too few. */
    bulk: (input: { object?: string; count?: number; stage?: string }) =>
      bulkMove(
        rest,
        stageObject(input.object ?? "Lead"),
        Number(input.count ?? 1),
        String(input.stage),
        momentNow(rest),
      ),
    /** {id, hard?}: into the recycle bin, or gone for good. */
    delete: (input: { id?: string; hard?: boolean }) =>
      input.hard ? eraseRecord(rest, idOf(input)) : deleteRecord(rest, idOf(input), momentNow(rest)),
    undelete: (input: { id?: string }) => undeleteRecord(rest, idOf(input), momentNow(rest)),
    /** {from, into} */
    merge: (input: { from?: string; into?: string }) =>
      mergeLeads(rest, idOf({ id: input.into }), idOf({ id: input.from }), momentNow(rest)),
    history: () =>
      [...org.entries()]
        .toSorted((a, b) => a.enteredAt - b.enteredAt)
        .map((entry) => ({ ...entry, enteredAt: new Date(entry.enteredAt).toISOString() })),
    /** {limit}: what can be moved next, last changed first. */
    recent: ({ limit = 20 }: { limit?: number }) =>
      (["Lead", "Opportunity"] as const)
        .flatMap((object) => [...org.all(object)].map((fields) => ({ object, fields })))
        .filter(({ fields }) => !fields.IsDeleted && !fields.IsConverted)
        .toSorted((a, b) => Number(b.fields.SystemModstamp) - Number(a.fields.SystemModstamp))
        .slice(0, limit)
        .map(({ object, fields }) => ({
          object,
          id: fields.Id,
          name: fields.Name,
          pipeline: object,
          stage: object === "Lead" ? fields.Status : fields.StageName,
          stages: stagesOf(org, object).map((stage) => ({ id: stage.ApiName, label: stage.MasterLabel })),
        })),
  };
}

/** `lead`, `Lead` … */
function stageObject(name: string): StageObject {
  const object = (["Lead", "Opportunity"] as const).find((each) => each.toLowerCase() === name.toLowerCase());
  if (!object) throw new Error(`only leads and opportunities have stages, not "${name}"`);
  return object;
}

function knownFields(object: string, fields: Fields): Fields {
  const known = ownObject(object).fields.map((field) => field.name);
  const strange = Object.keys(fields).find((name) => !known.includes(name) || name === "Id");
  if (strange !== undefined) throw new Error(`${object} has no field ${strange} to set`);
  const emptyIsNull = ([name, value]: [string, Value]) => [name, value === "" ? null : value] as const;
  return Object.fromEntries(Object.entries(fields).map(emptyIsNull));
}
