import { z } from "zod";

/** Switching sending on, account by account. */

/** `GET /api/v1/connections/:id/go-live` */
export const goLiveView = z.object({
  /** Its changes are sent already. */
  live: z.boolean(),
  /** The dataset that its events go to; absent: none is chosen yet. */
  dataset: z.string().optional(),
  /** Those that are connected. */
  datasets: z.array(z.object({ id: z.string(), name: z.string(), metaId: z.string() })),
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
