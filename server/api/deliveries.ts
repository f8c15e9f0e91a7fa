import { z } from "zod";
import { reason } from "./record.ts";
import { count, instant } from "./schema.ts";

const text = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^\P{Cc}*$/u);

export const states = ["accepted", "waiting", "refused", "not_sent"] as const;
/** Steps on the way from the CRM to Meta's yes, which is a state. */
export const passed = ["read", "mapped", "in_time", "identified", "sent"] as const;

/** Which deliveries are meant: what a saved view keeps. */
const filter = {
  state: z.enum(states).optional(),
  reason: z
    .string()
    .regex(/^[a-z_,]{1,400}$/)
    .optional()
    .describe("Codes of the catalogue, with commas between: why nothing was sent, or why an event was given up."),
  connection: z
    .string()
    .regex(/^con_[a-z0-9]{1,40}$/)
    .optional(),
  dataset: z
    .string()
    .regex(/^dst_[a-z0-9]{1,40}$/)
    .optional(),
  pipeline: text(256).optional().describe("The pipeline's id in the CRM."),
  stage: text(256).optional().describe("The stage's id in the CRM."),
  event: text(100).optional().describe("The name under which Meta received it."),
  step: z
    .enum(passed)
    .optional()
    .describe("Those that came as far as this step of the overview, or further; none is from before going live."),
};
export const viewFilter = z.strictObject(filter);
export type ViewFilter = z.infer<typeof viewFilter>;

const told = z.string().optional();
/** The same in an answer, which promises no form that only questions must have. */
export const toldFilter = z.object({
  state: filter.state,
  reason: told.describe("Codes of the catalogue, with commas between."),
  connection: told,
  dataset: told,
  pipeline: told,
  stage: told,
  event: told,
  step: filter.step,
});

const asked = {
  ...filter,
  from: instant.optional().describe("Kept at or after this instant."),
  to: instant.optional().describe("Kept before this instant."),
  q: text(256)
    .optional()
    .describe("A record's id (`9911` or `deal:9911`), a Meta lead id, an event id or a Meta trace id; exactly."),
};
export const deliveriesFilter = z.strictObject(asked);
export type DeliveriesFilter = z.infer<typeof deliveriesFilter>;

/** `?state=refused&limit=50&before=…` */
export const deliveriesQuery = z.strictObject({
  ...asked,
  limit: z.coerce.number().int().min(1).max(100).default(50),
  before: z.string().max(3_000).optional().describe("`next` of the answer before: what comes after it."),
});

const listedDelivery = z.object({
  /** The same for as long as it is kept, whatever becomes of it. */
  id: z.string(),
  connectionId: z.string(),
  datasetId: z.string().optional().describe("Absent where nothing was to be sent."),
  seq: count.optional().describe("Its number in the dataset now: it gets another when it is sent again."),
  eventName: z.string().optional(),
  pipelineId: z.string(),
  stageId: z.string(),
  /** What the CRM called the stage when the mapping was saved; absent where no mapping knows it. */
  stage: z.string().optional(),
  record: z.object({ object: z.string(), id: z.string() }).describe("`erased` and a hash once its person was erased."),
  state: z.enum(states),
  reason: reason.optional().describe("Why it was not sent, or was given up."),
  changedAt: instant.describe("When the lead entered the stage, as the CRM says."),
  timeQuality: z.enum(["exact", "day", "modified", "observed"]),
  keptAt: instant.describe("When we had read it, or were told to send it again: the order of the list."),
  filled: z.boolean().describe("The lead jumped over the stage; it was sent so that Meta sees every stage."),
  mappingVersion: count,
  settledAt: instant.optional().describe("Meta's answer, or our decision not to send."),
  traceId: z.string().optional().describe("Meta's `fbtrace_id`."),
  waits: z
    .object({
      attempts: count.describe("Requests that it was in."),
      nextTryAt: instant.optional().describe("Absent: when somebody resumes it."),
      deadlineAt: instant.describe("Meta takes it no later than this."),
      for: reason.optional().describe("What holds it up."),
    })
    .optional()
    .describe("Of one that waits."),
});
export type ListedDelivery = z.infer<typeof listedDelivery>;

/** `GET /api/v1/deliveries`: newest first. */
export const deliveriesView = z.object({
  asOf: instant,
  deliveries: z.array(listedDelivery),
  next: z.string().optional().describe("Where to go on; absent: there is nothing further."),
  searchedTo: instant
    .optional()
    .describe("Time was up before the page was full: all that was kept after this instant was looked at."),
  keptFrom: instant.describe("The list goes back to here: payloads are not kept longer."),
  foundBy: z.enum(["record", "event", "lead", "trace"]).optional().describe("What `q` turned out to be."),
});
export type DeliveriesView = z.infer<typeof deliveriesView>;

/** `GET /api/v1/deliveries/choices`: what can be filtered by. */
export const deliveryChoices = z.object({
  reasons: z
    .array(z.object({ code: z.string(), title: z.string(), refused: z.boolean() }))
    .describe(
      "Those that occurred since `keptFrom`, the most frequent first. `refused`: an event was given up for it.",
    ),
  stages: z
    .array(
      z.object({
        connectionId: z.string(),
        pipelineId: z.string(),
        pipeline: z.string(),
        stageId: z.string(),
        stage: z.string(),
      }),
    )
    .describe("Those of the newest mappings, in the order of their funnels."),
  counts: z.object({ waiting: count, refused: count.describe("Given up since `keptFrom` and not sent again.") }),
  keptFrom: instant,
});
export type DeliveryChoices = z.infer<typeof deliveryChoices>;

/** `GET /api/v1/deliveries.csv`: rows at most. */
export const exportedAtMost = 100_000;

const savedView = z.object({
  id: z.string(),
  name: z.string(),
  filter: toldFilter.describe("As it was asked for when it was saved."),
});
export type SavedView = z.infer<typeof savedView>;

/** `GET /api/v1/views` */
export const savedViews = z.object({ views: z.array(savedView) });

/** `POST /api/v1/views` */
export const viewAsked = z.strictObject({ name: text(60).trim().min(1), filter: viewFilter });
export const viewSaved = savedView;
export const viewRemoved = z.object({ removed: z.literal(true) });
