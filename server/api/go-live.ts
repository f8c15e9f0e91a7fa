import { z } from "zod";
import { count, instant } from "./schema.ts";

/** Switching sending on, account by account. */

/** `GET /api/v1/connections/:id/go-live` */
export const goLiveView = z.object({
  asOf: instant,
  /** Its changes are sent already. */
  live: z.boolean(),
  /** The dataset that its events go to; absent: none is chosen yet. */
  dataset: z.string().optional(),
  /** Those that are connected. */
  datasets: z.array(z.object({ id: z.string(), name: z.string(), metaId: z.string() })),
  /** The account, and what of its stages is sent, in funnel order. */
  account: z.object({ crmName: z.string(), name: z.string() }),
  stages: z.object({
    mappingVersion: count.describe("0: nothing is mapped yet"),
    sent: z.array(z.object({ pipelineId: z.string(), eventName: z.string() })),
    ignored: count,
  }),
  /** How many events each choice would send at once; both then send what comes. */
  events: z.object({
    now: z.literal(0),
    lastSevenDays: count.describe("At most so many: leads that Meta could not recognise are left out"),
    /** The first reading is not through, or there are more records than are counted: it may become more. */
    partial: z.boolean(),
  }),
});
export type GoLiveView = z.infer<typeof goLiveView>;

/** `POST /api/v1/connections/:id/go-live` */
export const goLiveAsked = z.strictObject({
  /** Changes from this moment on, or also those that are young enough for Meta. */
  from: z.enum(["now", "last-7-days"]),
  /** Absent: the one that its events go to already. */
  dataset: z
    .string()
    .regex(/^dst_[a-z0-9]{1,40}$/)
    .optional(),
});
export type GoLiveAsked = z.infer<typeof goLiveAsked>;

export const wentLive = z.object({ live: z.literal(true), dataset: z.string() });
