import type { Fields, Moment, Org } from "./org.ts";

/** The stages of the demo org: gaps in SortOrder, labels that differ from API names, one stage that is no longer used. */
const leadStatuses: readonly Fields[] = [
  { ApiName: "Open - Not Contacted", MasterLabel: "New", SortOrder: 1, IsDefault: true },
  { ApiName: "Working - Contacted", MasterLabel: "Working", SortOrder: 4 },
  { ApiName: "Nurturing", MasterLabel: "Nurturing", SortOrder: 5 },
  { ApiName: "Closed - Converted", MasterLabel: "Converted", SortOrder: 9, IsConverted: true },
  { ApiName: "Closed - Not Converted", MasterLabel: "Unqualified", SortOrder: 12 },
];
const opportunityStages: readonly Fields[] = [
  { ApiName: "Prospecting", SortOrder: 1, DefaultProbability: 10, ForecastCategory: "Pipeline" },
  { ApiName: "Qualification", SortOrder: 2, DefaultProbability: 20, ForecastCategory: "Pipeline" },
  {
    ApiName: "Perception Analysis",
    SortOrder: 3,
    DefaultProbability: 30,
    ForecastCategory: "Pipeline",
    IsActive: false,
  },
  { ApiName: "Needs Analysis", SortOrder: 6, DefaultProbability: 40, ForecastCategory: "Pipeline" },
  { ApiName: "Proposal/Price Quote", SortOrder: 7, DefaultProbability: 65, ForecastCategory: "BestCase" },
  { ApiName: "Negotiation/Review", SortOrder: 10, DefaultProbability: 85, ForecastCategory: "Forecast" },
  {
    ApiName: "Closed Won",
    SortOrder: 14,
    DefaultProbability: 100,
    ForecastCategory: "Closed",
    IsWon: true,
    IsClosed: true,
  },
  { ApiName: "Closed Lost", SortOrder: 15, DefaultProbability: 0, ForecastCategory: "Omitted", IsClosed: true },
];

const FORECAST: Readonly<Record<string, string>> = { BestCase: "Best Case", Forecast: "Commit" };
const forecastName = (category: string): string => FORECAST[category] ?? category;

export function createStages(org: Org, moment: Moment): void {
  for (const status of leadStatuses) org.insert("LeadStatus", status, moment);
  for (const stage of opportunityStages) {
    const ForecastCategoryName = forecastName(String(stage.ForecastCategory));
    const labelled = { MasterLabel: String(stage.ApiName), IsActive: true, ...stage, ForecastCategoryName };
    org.insert("OpportunityStage", labelled, moment);
  }
}

const byOrder = (a: Fields, b: Fields): number => Number(a.SortOrder) - Number(b.SortOrder);
export const leadStages = (org: Org): readonly Fields[] => [...org.all("LeadStatus")].toSorted(byOrder);
export const dealStages = (org: Org): readonly Fields[] => [...org.all("OpportunityStage")].toSorted(byOrder);

export const stagesOf = (org: Org, object: string): readonly Fields[] =>
  object === "Lead" ? leadStages(org) : dealStages(org).filter((stage) => stage.IsActive);

/** What an opportunity is, from the stage it is in; a stage nobody has heard of counts as open. */
export function stageFields(org: Org, stageName: string, amount: number | null): Fields {
  const stage = dealStages(org).find((each) => each.ApiName === stageName);
  const probability = Number(stage?.DefaultProbability ?? 0);
  return {
    StageName: stageName,
    IsWon: stage?.IsWon ?? false,
    IsClosed: stage?.IsClosed ?? false,
    Probability: probability,
    ForecastCategory: stage?.ForecastCategory ?? "Pipeline",
    ForecastCategoryName: stage?.ForecastCategoryName ?? "Pipeline",
    ExpectedRevenue: amount === null ? null : (amount * probability) / 100,
  };
}
