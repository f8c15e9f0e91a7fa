import { z } from "zod";
import { count, instant } from "./schema.ts";

/** Ending things: accounts, datasets, the workspace itself. */

/** `POST /api/v1/connections/:id/disconnect` */
export const connectionDisconnected = z.object({
  disconnected: z.literal(true),
  /** Taken away at the CRM. */
  removed: z.array(z.string()),
  /** Still there, and how it is taken away. */
  left: z.array(z.object({ what: z.string(), howTo: z.string() })),
  /** The CRM did not answer; it is told as soon as it does. Here it is over all the same. */
  pending: z.boolean(),
});
export type ConnectionDisconnected = z.infer<typeof connectionDisconnected>;

/** `confirm`: the number of events that wait, as it was told. */
export const datasetDisconnectAsked = z.strictObject({ confirm: count.optional() });
/** `POST /api/v1/datasets/:id/disconnect` */
export const datasetDisconnected = z.object({
  /** False: so many events wait; ask again with that number. */
  disconnected: z.boolean(),
  waiting: count,
});
export type DatasetDisconnected = z.infer<typeof datasetDisconnected>;

/** `GET /api/v1/workspace` */
export const workspaceView = z.object({
  name: z.string(),
  /** When it, and all that is in it, is erased; absent: it stays. */
  endsAt: instant.optional(),
  holds: z
    .object({ connections: count, datasets: count, members: count, changes: count, waiting: count })
    .describe("What is in it: `changes` are stage changes that were read, `waiting` events that are to be sent."),
});
export type WorkspaceView = z.infer<typeof workspaceView>;

/** `name`: the workspace's, as it is written. */
export const workspaceEraseAsked = z.strictObject({ name: z.string().max(500), graceDays: z.int().min(0).max(30) });
/** `POST /api/v1/workspace/erase` */
export const workspaceEnding = z.object({ endsAt: instant, receipt: z.string() });
export type WorkspaceEnding = z.infer<typeof workspaceEnding>;

/** `POST /api/v1/workspace/keep` */
export const workspaceKept = z.object({ kept: z.literal(true) });
