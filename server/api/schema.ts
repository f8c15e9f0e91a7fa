import { z } from "zod";

/**
 * What the API answers, as the console, the OpenAPI page and every other client read it. Instants are ISO 8601 in UTC,
 * counts are whole numbers, and labels are the customer's own words: text, never markup.
 */
export const instant = z.iso.datetime();
export const count = z.int().nonnegative();

/** Who must do something next; `nobody` also where it mends itself. */
export const acts = z.enum(["you", "us", "meta", "crm", "nobody"]);
export type Acts = z.infer<typeof acts>;

const tone = z.enum(["live", "waiting", "problem", "setup", "paused"]);
export type Tone = z.infer<typeof tone>;

export const statusView = z.object({
  /** One true sentence, the same in the console, the mails and the CRM's settings page. */
  sentence: z.string(),
  tone,
  acts,
  /** Nothing is lost before this instant. */
  deadlineAt: instant.optional(),
});
export type StatusView = z.infer<typeof statusView>;

const connectionView = z.object({
  id: z.string(),
  /** Which connector reads it: `hubspot`, `salesforce`, `http` … */
  connector: z.string(),
  /** The CRM as people call it: "HubSpot". */
  crmName: z.string(),
  /** The account as its owner calls it. */
  name: z.string(),
  state: z.enum(["reading", "live", "ready", "disconnected", "paused", "limited"]),
  /** The code of what it stands still for; `by_admin`: until somebody resumes it. */
  pausedCode: z.string().optional(),
  lastReadAt: instant.optional(),
  lastChangeAt: instant.optional(),
  /** Stage observations read so far, the silent baseline included. */
  read: count,
});
export type ConnectionView = z.infer<typeof connectionView>;

const datasetView = z.object({
  id: z.string(),
  /** Meta's number of the dataset, as text: it does not fit a JavaScript number. */
  metaId: z.string(),
  name: z.string(),
  waiting: count,
  /** The title of the problem that it waits for, in words. */
  pausedReason: z.string().optional(),
  /** Its code; `by_admin`: until somebody resumes it. */
  pausedCode: z.string().optional(),
  nextTryAt: instant.optional(),
  lastAcceptedAt: instant.optional(),
});
export type DatasetView = z.infer<typeof datasetView>;

/** `GET /api/v1/overview` */
export const overview = z.object({
  asOf: instant,
  workspace: z.object({
    name: z.string(),
    demo: z.boolean(),
    endsAt: instant.optional().describe("It is erased then, with all that is in it; absent: it stays."),
  }),
  status: statusView,
  connections: z.array(connectionView),
  datasets: z.array(datasetView),
  /** Open ones. */
  problems: count.optional(),
  /** Somebody has paused reading or sending here. */
  pausedByAdmin: z.boolean().optional(),
});
export type Overview = z.infer<typeof overview>;
