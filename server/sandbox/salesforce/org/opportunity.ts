import type { Instance } from "../instance.ts";
import type { Fields, Moment } from "./org.ts";
import { dealStages, stageFields } from "./stages.ts";

export function createOpportunity(instance: Instance, values: Fields, moment: Moment, metaLeadId = ""): string {
  const { org } = instance;
  const stageName = String(values.StageName ?? dealStages(org)[0]?.ApiName);
  const amount = numberOrNull(values.Amount);
  return org.transaction(() => {
    const id = org.insert("Opportunity", { ...values, ...stageFields(org, stageName, amount) }, moment);
    noteOpportunity(instance, id, undefined, moment);
    enterStage(instance, id, stageName, metaLeadId, moment);
    return id;
  });
}

/**
 * Writes a row of OpportunityHistory when stage, amount, probability or close date changed (object reference,
 * "OpportunityHistory"), so the same stage appears in several rows.
 */
export function changeOpportunity(instance: Instance, id: string, changes: Fields, moment: Moment): void {
  const { org } = instance;
  const before = org.current(id);
  if (!before) throw new Error(`no opportunity ${id}`);
  const stageName = String(changes.StageName ?? before.StageName);
  const moved = stageName !== before.StageName;
  const amount = numberOrNull(changes.Amount === undefined ? before.Amount : changes.Amount);
  org.transaction(() => {
    const fromStage = moved ? { ...stageFields(org, stageName, amount), LastStageChangeDate: moment.at } : {};
    org.update(id, { ...fromStage, ...changes, ...revenue({ ...before, ...fromStage, ...changes }) }, moment);
    const after = org.current(id);
    const watched = ["StageName", "Amount", "Probability", "CloseDate"];
    if (watched.some((name) => after?.[name] !== before[name])) noteOpportunity(instance, id, before, moment);
    if (moved) enterStage(instance, id, stageName, metaLeadIdOf(instance, id), moment);
  });
}

function noteOpportunity({ org }: Instance, id: string, before: Fields | undefined, moment: Moment): void {
  const after = org.current(id) ?? {};
  const copied = ["StageName", "Amount", "ExpectedRevenue", "CloseDate", "Probability", "ForecastCategory"];
  const row: Fields = Object.fromEntries(copied.map((name) => [name, after[name] ?? null]));
  const previous = { PrevAmount: before?.Amount ?? null, PrevCloseDate: before?.CloseDate ?? null };
  org.insert("OpportunityHistory", { ...row, ...previous, OpportunityId: id }, moment);
}

function enterStage({ org }: Instance, id: string, stage: string, metaLeadId: string, moment: Moment): void {
  org.enter({ object: "Opportunity", pipeline: "Opportunity", id, stage, enteredAt: moment.at, metaLeadId });
}

/** The lead it was converted from says it; the copy on the opportunity may be missing or wrong. */
function metaLeadIdOf({ org }: Instance, id: string): string {
  for (const lead of org.all("Lead")) if (lead.ConvertedOpportunityId === id) return String(lead.Meta_Lead_ID__c ?? "");
  return "";
}

const numberOrNull = (value: Fields[string] | undefined): number | null => (value == null ? null : Number(value));
function revenue(fields: Fields): Fields {
  const amount = numberOrNull(fields.Amount);
  return { ExpectedRevenue: amount === null ? null : (amount * Number(fields.Probability)) / 100 };
}
