import { z } from "zod";
import { passed, toldFilter } from "./deliveries.ts";
import { count, instant } from "./schema.ts";

/** The figures of the overview: what was read, what became of it, and how good it is for Meta. */

export const range = z.enum(["24h", "7d", "28d"]);
export type Range = z.infer<typeof range>;

/** `?range=7d&connection=con_…&pipeline=default` */
export const figuresQuery = z.strictObject({
  range: range.default("7d").describe("The last 24 hours, or 7 or 28 days of UTC; the last one is not over yet."),
  connection: z.string().max(60).optional(),
  pipeline: z.string().max(256).optional().describe("Of the connection: ids of pipelines are a CRM account's own."),
});

const counted = z.object({
  count,
  before: count.describe("In the time before, up to the same moment."),
  filter: toldFilter
    .pick({ state: true, reason: true, step: true })
    .describe(
      "`GET /api/v1/deliveries` lists exactly the counted changes, with the answer's `from` and `to` beside it.",
    ),
});
const loss = counted.extend({ reason: z.string(), title: z.string() });
export type LossView = z.infer<typeof loss>;

const step = counted.extend({
  step: z.enum([...passed, "accepted"]),
  losses: z.array(loss).describe("What was left behind on the way here from the step before, the largest first."),
});
export type StepView = z.infer<typeof step>;

const losses = z.object({
  steps: z.array(step),
  waiting: counted.describe("Made into events, and not sent yet: no loss."),
  earlier: counted
    .extend({ losses: z.array(loss) })
    .describe("Entered before you went live: counted apart, and in no step."),
});
export type LossesView = z.infer<typeof losses>;

const share = z.object({ count, of: count });
export type ShareView = z.infer<typeof share>;

const stage = z.object({
  stageId: z.string(),
  eventName: z.string(),
  accepted: count,
  before: count,
  next: share
    .optional()
    .describe("Of the leads that entered this stage, how many have entered the next one; absent for the last stage."),
  leadIds: share.describe("Events that carry Meta's lead id, of those that were looked at."),
});
export type StageFigures = z.infer<typeof stage>;

const funnel = z.object({
  connectionId: z.string(),
  pipelineId: z.string(),
  stages: z.array(stage).describe("Those that are sent, in the order of the funnel."),
});
export type FunnelFigures = z.infer<typeof funnel>;

const point = z.object({ at: instant, accepted: count, waiting: count, refused: count, notSent: count });
export type PointView = z.infer<typeof point>;

const coverage = z.object({
  eventName: z.string(),
  of: count.describe("Events that were looked at."),
  keys: z
    .record(z.string(), count)
    .describe("How many of them carry it, by Meta's name: `lead_id`, `fbc`, `em`, `ph` …"),
});
export type CoverageView = z.infer<typeof coverage>;

const source = z.object({
  connectionId: z.string(),
  lastReadAt: instant.optional(),
  stale: z.boolean().describe("It should have been read by now."),
  of: count.describe("Events whose way was measured: the last ones accepted in this time, 1,000 a dataset at most."),
  medianMs: count.optional().describe("From the change in the CRM to Meta's yes; absent where none was accepted."),
  p95Ms: count.optional(),
});
export type SourceView = z.infer<typeof source>;

const requirement = z.object({
  code: z.enum(["leads", "days", "stages", "rate", "window", "lead_ids", "daily"]),
  state: z.enum(["met", "not_yet", "unknown"]),
  seen: z.number().optional().describe("Leads, days, stages, hours, or a share from 0 to 1; absent: cannot be told."),
  of: count.optional().describe("What a share is of."),
  stage: z.string().optional().describe("The event name that it was seen at."),
});
export type RequirementView = z.infer<typeof requirement>;

/** `GET /api/v1/figures` */
export const figuresView = z.object({
  asOf: instant,
  range,
  from: instant,
  to: instant,
  before: z.object({ from: instant, to: instant }),
  bucket: z
    .enum(["hour", "day"])
    .describe("Hours, or days of UTC, by when a change was read, or its event was to be sent again."),
  liveSince: instant.optional().describe("Sending began then; absent: it has not."),
  connections: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        crmName: z.string(),
        pipelines: z
          .array(
            z.object({
              id: z.string(),
              label: z.string().describe("As the CRM called it when the mapping was saved."),
            }),
          )
          .describe("Those that the mapping knows."),
      }),
    )
    .describe("What can be chosen from."),
  losses,
  series: z.array(point),
  funnels: z.array(funnel),
  sample: share.describe(
    "Events that shares between stages and of match keys rest on, of all events of this time: all, or 2,000 spread over it.",
  ),
  coverage: z.array(coverage),
  sources: z.array(source),
  readiness: z
    .object({ days: z.literal(28), requirements: z.array(requirement) })
    .describe("Meta's requirements for Conversion Leads, and what was seen in the last 28 days, whatever was chosen."),
});
export type Figures = z.infer<typeof figuresView>;
