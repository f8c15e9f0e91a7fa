import { z } from "zod";
import { explanationView } from "./record.ts";

/** Where a line of an event comes from. */
const origin = z.discriminatedUnion("from", [
  /** The stage mapping, in the version that the answer names. */
  z.object({ from: z.literal("mapping") }),
  /** When the CRM says that the stage was entered; how well that is known stands with the entry. */
  z.object({ from: z.literal("stage_time") }),
  /** Made of the stage entry itself, so that the same entry always has the same id. */
  z.object({ from: z.literal("entry") }),
  /** Meta wants it so of every CRM event. */
  z.object({ from: z.literal("fixed") }),
  /** The CRM's name. */
  z.object({ from: z.literal("crm") }),
  z.object({
    from: z.literal("field"),
    /** The kind of record that has the fields: `contact`. */
    of: z.string(),
    /** The CRM's own names of the fields, the first filled one first. */
    names: z.array(z.string()),
    /** The account's own field, which serves where the record's are empty. */
    ofAccount: z.string().optional(),
    /** `here`: what leaves is its SHA-256. `before`: the CRM holds a SHA-256 already. `no`: as it is. */
    hashed: z.enum(["here", "before", "no"]),
  }),
  /** An admin chose it for all records of the account. */
  z.object({ from: z.literal("choice") }),
  /** It came with the change that was pushed to us. */
  z.object({ from: z.literal("pushed"), hashed: z.enum(["here", "before", "no"]) }),
]);
export type Origin = z.infer<typeof origin>;

/** `GET /api/v1/connections/:id/preview?object=deal&record=9911` */
export const previewView = explanationView.extend({
  /** The account is not live: the rules answer as if it were, from ever. */
  asIfLive: z.boolean(),
  /** By the path of the line: `event_name`, `user_data.em`. */
  origins: z.array(z.object({ path: z.string(), origin })),
});
export type PreviewView = z.infer<typeof previewView>;
