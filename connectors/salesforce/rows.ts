import { z } from "zod";
import type { Kind } from "./config.ts";
import { isId } from "./soql.ts";

/** The shapes of what is read, each the shape of one query's rows. */

export const id = z.string().refine(isId, "not an id");
/** `2026-11-22T10:00:00.000+0000`, whole seconds. */
export const instant = z.string().transform((text, context) => {
  const at = new Date(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  if (!Number.isNaN(at.getTime())) return at;
  context.addIssue({ code: "custom", message: "not an instant" });
  return z.NEVER;
});

/** A record and the stage it is in, whatever it is. */
export interface StagedRow {
  readonly kind: Kind;
  readonly id: string;
  readonly stageId: string;
  readonly createdAt: Date;
  /** Last change by a person or an interface. */
  readonly modifiedAt: Date;
  /** Last change by anybody, the order in which records are read. */
  readonly stampedAt: Date;
  /** When the current stage was entered, where the record itself says so. */
  readonly enteredAt?: Date;
  readonly gone?: "deleted" | "merged";
}

interface Source {
  readonly sobject: string;
  readonly pipelineId: string;
  readonly fields: readonly string[];
  readonly row: z.ZodType<StagedRow>;
}

const system = {
  Id: id,
  IsDeleted: z.boolean(),
  CreatedDate: instant,
  LastModifiedDate: instant,
  SystemModstamp: instant,
};

export const sources: Readonly<Record<Kind, Source>> = {
  lead: {
    sobject: "Lead",
    pipelineId: "Lead",
    fields: [...Object.keys(system), "Status", "MasterRecordId"],
    row: z.object({ ...system, Status: z.string().nullable(), MasterRecordId: id.nullable() }).transform((row) => ({
      ...common(row),
      kind: "lead" as const,
      stageId: row.Status ?? "",
      ...(row.IsDeleted ? { gone: row.MasterRecordId ? ("merged" as const) : ("deleted" as const) } : {}),
    })),
  },
  opportunity: {
    sobject: "Opportunity",
    pipelineId: "Opportunity",
    fields: [...Object.keys(system), "StageName", "LastStageChangeDate"],
    row: z
      .object({ ...system, StageName: z.string().nullable(), LastStageChangeDate: instant.nullable() })
      .transform((row) => ({
        ...common(row),
        kind: "opportunity" as const,
        stageId: row.StageName ?? "",
        // Empty until the first change after the creation.
        enteredAt: row.LastStageChangeDate ?? row.CreatedDate,
        ...(row.IsDeleted ? { gone: "deleted" as const } : {}),
      })),
  },
};

function common(row: z.output<z.ZodObject<typeof system>>) {
  return { id: row.Id, createdAt: row.CreatedDate, modifiedAt: row.LastModifiedDate, stampedAt: row.SystemModstamp };
}

export const leadHistoryRow = z.object({
  Id: id,
  LeadId: id,
  OldValue: z.string().nullable(),
  NewValue: z.string().nullable(),
  CreatedDate: instant,
});
export type LeadHistoryRow = z.output<typeof leadHistoryRow>;

export const opportunityHistoryRow = z.object({
  Id: id,
  OpportunityId: id,
  StageName: z.string().nullable(),
  CreatedDate: instant,
});
export type OpportunityHistoryRow = z.output<typeof opportunityHistoryRow>;
