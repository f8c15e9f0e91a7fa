import { z } from "zod";
import { count, instant } from "./schema.ts";

/** The way from nothing to live: which steps there are, how each stands, and what was ticked off by hand. */

export const setupStepName = z.enum(["crm", "meta", "mapping", "preview", "live"]);
export type SetupStepName = z.infer<typeof setupStepName>;

const step = z.object({
  step: setupStepName,
  /** `blocked`: a step before it comes first. `attention`: it is red, and `fix` says how it is mended. */
  state: z.enum(["todo", "done", "attention", "blocked"]),
  /** How it stands, in one sentence. */
  words: z.string(),
  fix: z.string().optional(),
});
export type SetupStepView = z.infer<typeof step>;

/** What an admin ticks off: that the preview was seen or left out, and what was done at Meta, where we cannot look. */
export const setupMarks = ["preview", "meta_funnel", "meta_learning", "meta_campaign"] as const;
const markName = z.enum(setupMarks);
export type SetupMarkName = z.infer<typeof markName>;

/** `GET /api/v1/setup?connection=con_…` */
export const setupQuery = z.strictObject({
  connection: z.string().max(60).optional().describe("The account that is set up; absent: the first that is not live"),
});
export const setupView = z.object({
  asOf: instant,
  /** Accounts that can be set up; an in-house CRM only once it has pushed something. */
  connections: z.array(
    z.object({
      id: z.string(),
      connector: z.string(),
      crmName: z.string(),
      name: z.string(),
      live: z.boolean(),
      /** A test account of the vendor. */
      sandbox: z.boolean(),
    }),
  ),
  /** The account that `steps` are about; absent: none is connected yet. */
  connection: z.string().optional(),
  /** In their order. */
  steps: z.array(step),
  /** The first that is not done; absent: all are. */
  current: setupStepName.optional(),
  /** Where its events go, or would go. */
  dataset: z
    .object({
      id: z.string(),
      name: z.string(),
      metaId: z.string(),
      accessEndsAt: instant.optional().describe("Absent: it has no end, or Meta does not tell"),
    })
    .optional(),
  /** Stage entries read so far, and when the CRM was last asked; `reading`: the first reading is not through. */
  reading: z.object({ read: count, lastReadAt: instant.optional(), first: z.boolean() }).optional(),
  live: z
    .object({
      /** Entries before this instant are not sent. */
      sendFrom: instant,
      /** When somebody pressed the button; absent: before anybody wrote it down. */
      since: instant.optional(),
      firstAcceptedAt: instant
        .optional()
        .describe("When Meta first accepted an event of this account; told for a week after it went live"),
    })
    .optional(),
  marks: z.array(z.object({ mark: markName, how: z.enum(["done", "skipped"]), at: instant })),
});
export type SetupView = z.infer<typeof setupView>;

/** `GET /api/v1/setup/check?connection=con_…`: the vendors are asked. */
export const setupCheck = z.object({
  asOf: instant,
  checks: z.array(
    z.object({
      step: setupStepName,
      /** `unseen`: nobody can tell just now, and nothing speaks against it. */
      state: z.enum(["ok", "failed", "unseen"]),
      words: z.string(),
      fix: z.string().optional(),
    }),
  ),
});
export type SetupCheck = z.infer<typeof setupCheck>;

/** `POST /api/v1/connections/:id/setup-marks` */
export const setupMarking = z.strictObject({
  mark: markName,
  /** `open`: it is not done after all. */
  as: z.enum(["done", "skipped", "open"]),
});
export type SetupMarking = z.infer<typeof setupMarking>;
export const setupMarked = z.object({ mark: markName, as: z.enum(["done", "skipped", "open"]) });
