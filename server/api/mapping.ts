import { z } from "zod";
import { count, instant } from "./schema.ts";

/** Which stages of a CRM are sent to Meta, and as what. */

const reason = z.object({ code: z.string(), title: z.string(), fix: z.string() });

/** Who saved a version: a member, us by the stages' names, or the file that declares an in-house CRM. */
const savedBy = z.object({
  by: z.enum(["person", "suggestion", "file"]),
  name: z.string().optional().describe("Of a person; absent where nobody knows it any more"),
});
export type SavedBy = z.infer<typeof savedBy>;

const outcome = z.enum(["open", "won", "lost"]);
const entries = z.enum(["first", "every"]).describe("Send a lead's first entry into the stage only, or every one");
const rule = z.object({
  eventName: z.string().describe("What Meta receives as event_name"),
  send: z.boolean(),
  entries,
});

const issue = z.object({
  severity: z.enum(["error", "warning"]).describe("Errors stand in the way of saving; warnings are to be looked at"),
  code: z.enum([
    "two_rows",
    "unknown_stage",
    "no_name",
    "long_name",
    "unclean_name",
    "same_name",
    "gone_sent",
    "few_stages",
  ]),
  pipelineId: z.string().optional(),
  stageId: z.string().optional(),
  message: z.string(),
});
export type MappingIssueView = z.infer<typeof issue>;

const stage = z.object({
  id: z.string(),
  label: z.string().describe("As the CRM has it now, or had it when it was saved last"),
  outcome,
  active: z.boolean().describe("Records can enter it"),
  state: z
    .enum(["mapped", "new", "gone"])
    .describe("new: in the CRM, not in the mapping, so not sent; gone: in the mapping, not in the CRM"),
  entered: count.optional().describe("Entries of the last 28 days; absent while there are too many to count at once"),
  rule: rule.optional().describe("What the mapping says; absent where the stage is new"),
  suggestion: rule
    .pick({ eventName: true, send: true })
    .optional()
    .describe("By its name; absent where the CRM has it no more"),
  doubt: z
    .enum(["sounds_lost", "no_name", "cut", "same_name"])
    .optional()
    .describe("Why the suggestion is a guess, as long as nobody has decided"),
});
export type StageView = z.infer<typeof stage>;

const pipeline = z.object({
  id: z.string(),
  label: z.string(),
  object: z.string().optional().describe("The kind of record that moves through it: deal, contact, lead …"),
  stages: z.array(stage).describe("In the CRM's order"),
});
export type PipelineView = z.infer<typeof pipeline>;

const switches = {
  fillSkipped: z.boolean().describe("Also send the open stages that a lead jumped over"),
  sendValue: z.boolean().describe("Send the record's value and currency with each event"),
};

/** Whether the CRM answered when it was asked a moment ago. */
export const crmView = z.object({ answered: z.boolean(), reason: reason.optional() });

/** `GET /api/v1/connections/:id/mapping` */
export const mappingView = z.object({
  asOf: instant,
  connection: z.object({ id: z.string(), connector: z.string(), crmName: z.string(), name: z.string() }),
  live: z.boolean().describe("Stage changes are sent; before that, going live decides by the newest version"),
  version: count.describe("0: nothing is saved yet, and what is shown is suggested"),
  savedAt: instant.optional(),
  savedBy: savedBy.optional(),
  ...switches,
  crm: crmView.describe(
    "Where it did not answer, stages are as they were saved, and nothing tells what is new or gone",
  ),
  pipelines: z.array(pipeline),
  namesInUse: z.array(z.string()).describe("Event names that this workspace sends, of all connections"),
  issues: z.array(issue),
  behind: z
    .array(z.string())
    .describe("What the CRM has changed since it was saved (order, outcome); the next version follows it"),
});
export type MappingView = z.infer<typeof mappingView>;

const id = z.string().min(1).max(256);
const draft = {
  rules: z
    .array(
      z.strictObject({ pipelineId: id, stageId: id, eventName: z.string().max(1_000), send: z.boolean(), entries }),
    )
    .max(2_000)
    .describe("Stages that are not named stay as they are"),
  ...switches,
};
/** `POST /api/v1/connections/:id/mapping/check` */
export const mappingDraft = z.strictObject(draft);
export type MappingDraft = z.infer<typeof mappingDraft>;
export const mappingChecked = z.object({
  version: count.describe("The newest that is saved"),
  issues: z.array(issue),
  changes: z.array(z.string()).describe("What saving would change, in sentences; empty: nothing"),
  sent: count,
  stages: count,
});
export type MappingChecked = z.infer<typeof mappingChecked>;

/** `POST /api/v1/connections/:id/mapping` */
export const mappingAsked = z.strictObject({
  from: z.int().nonnegative().describe("The version that it was made from; 409 when there is a newer one"),
  ...draft,
});
const saved = {
  version: count,
  savedAt: instant,
  savedBy,
  changes: z.array(z.string()).describe("Against the version before, in sentences"),
  sent: count,
  stages: count,
};
export const mappingSaved = z.object(saved);
export type MappingSaved = z.infer<typeof mappingSaved>;

/** `?limit=20&cursor=…` */
export const versionsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z
    .string()
    .regex(/^v\d{1,9}$/)
    .optional()
    .describe("The `next` of the answer before"),
});
/** `GET /api/v1/connections/:id/mapping/versions`: newest first. */
export const versionsView = z.object({ versions: z.array(z.object(saved)), next: z.string().optional() });
export type VersionsView = z.infer<typeof versionsView>;

/** `GET /api/v1/connections/:id/mapping/versions/:version` */
export const versionView = z.object({
  ...saved,
  ...switches,
  pipelines: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      stages: z.array(rule.extend({ id: z.string(), label: z.string(), outcome })),
    }),
  ),
});
export type VersionView = z.infer<typeof versionView>;
