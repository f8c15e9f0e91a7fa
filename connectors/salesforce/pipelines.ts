import { z } from "zod";
import type { Access } from "../../core/connector.ts";
import type { Pipeline, Stage } from "../../core/types.ts";
import { openClient } from "./client.ts";
import type { Config, Kind } from "./config.ts";
import { sources } from "./rows.ts";

/** Salesforce's own labels end at 255: a longer one would only fill our tables and screens. */
const named = { ApiName: z.string(), MasterLabel: z.string().transform((text) => text.slice(0, 256)) };
const stage = (row: z.output<z.ZodObject<typeof named>>, outcome: Stage["outcome"], active: boolean): Stage => ({
  id: row.ApiName,
  label: row.MasterLabel,
  outcome,
  active,
});

interface Table {
  readonly label: string;
  readonly from: string;
  readonly fields: readonly string[];
  readonly row: z.ZodType<Stage>;
}

const tables: Readonly<Record<Kind, Table>> = {
  lead: {
    label: "Lead status",
    from: "LeadStatus",
    fields: [...Object.keys(named), "SortOrder", "IsConverted"],
    // A lead's statuses know no "lost": one named Unqualified is open to Salesforce. A converted lead is won.
    row: z
      .object({ ...named, IsConverted: z.boolean() })
      .transform((row) => stage(row, row.IsConverted ? "won" : "open", true)),
  },
  opportunity: {
    label: "Opportunity stage",
    from: "OpportunityStage",
    fields: [...Object.keys(named), "SortOrder", "IsActive", "IsClosed", "IsWon"],
    row: z
      .object({ ...named, IsActive: z.boolean(), IsClosed: z.boolean(), IsWon: z.boolean() })
      .transform((row) => stage(row, row.IsWon ? "won" : row.IsClosed ? "lost" : "open", row.IsActive)),
  },
};

/** One pipeline per kind of record, in Salesforce's order (SortOrder has gaps); ids are API names, which a new label keeps. */
export async function pipelines(access: Access<Config>): Promise<readonly Pipeline[]> {
  const client = openClient(access);
  const found: Pipeline[] = [];
  for (const object of access.config.objects) {
    const { label, from, fields, row } = tables[object];
    const { rows: stages } = await client.page({ fields, from, orderBy: ["SortOrder"] }, row);
    found.push({ id: sources[object].pipelineId, label, object, stages });
  }
  return found;
}
