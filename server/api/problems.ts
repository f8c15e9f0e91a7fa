import { z } from "zod";
import { acts, count, instant } from "./schema.ts";
import { taskView } from "./tasks.ts";

/** What is wrong, or was, and what an admin does about it. All words that are not in an instant are the catalogue's. */

/** An IANA time zone, in which instants within sentences are told. */
const zone = z
  .string()
  .max(64)
  .refine(isZone, "no time zone")
  .default("UTC")
  .describe("An IANA time zone, such as Europe/Berlin: instants within sentences are told in it.");

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false; // a RangeError: there is no zone of this name
  }
}

/** `?state=resolved&before=prb_…&zone=Europe/Berlin` */
export const problemsQuery = z.strictObject({
  state: z
    .enum(["open", "muted", "resolved"])
    .default("open")
    .describe("`open`: those that somebody has acknowledged as well."),
  before: z
    .string()
    .regex(/^prb_[a-z0-9]{1,40}$/)
    .optional()
    .describe("The `next` of the answer before."),
  zone,
});
export const problemQuery = z.strictObject({ zone });

const by = z.object({ id: z.string(), name: z.string().optional() });

export const problemView = z.object({
  id: z.string(),
  code: z.string(),
  kind: z
    .enum(["blocked", "delayed", "reading", "refused", "drift", "expiring", "ending", "unmapped"])
    .describe("What `affected` counts and what `deadlineAt` ends depends on it."),
  state: z.enum(["open", "acknowledged", "muted", "resolved"]),
  title: z.string(),
  sentence: z.string().describe("What happened, in numbers, and until when nothing is lost: as in the mails."),
  numbers: z.string().describe("The sentence without the title."),
  effect: z.string(),
  fix: z.string(),
  acts,
  meanwhile: z.string().optional().describe("What we do until it is mended."),
  about: z.string().optional().describe("The connection or the dataset."),
  name: z.string().optional().describe("Its name."),
  crmName: z.string().optional(),
  connector: z.string().optional(),
  affected: count.describe("Events; of `drift` and `unmapped` stage changes."),
  since: instant.describe("Since when it has been so."),
  openedAt: instant,
  closedAt: instant.optional(),
  ended: z.enum(["mended", "too_old"]).optional(),
  deadlineAt: instant.optional().describe("The first event is lost then."),
  acknowledged: z.object({ at: instant, by }).optional(),
  muted: z.object({ at: instant, until: instant, by }).optional().describe("Until then no mails tell of it."),
  standsStill: z.boolean().describe("Its connection or dataset goes on only once somebody resumes it."),
  canRedrive: z.boolean().describe("Its events can be sent again."),
  words: z.string().optional().describe("Meta's own words about one of them."),
});
export type ProblemView = z.infer<typeof problemView>;

/** `GET /api/v1/problems` */
export const problemsView = z.object({
  problems: z.array(problemView),
  next: z.string().optional().describe("There are more: ask again with `before`."),
});
export type ProblemsView = z.infer<typeof problemsView>;

/** `GET /api/v1/problems/:id` */
export const problemDetail = problemView.extend({
  steps: z.array(
    z.object({
      words: z.string(),
      place: z
        .enum([
          ...["connect_meta", "connect_crm", "connections", "mapping", "settings", "deliveries"],
          ...["resume", "check_now", "send_again"],
        ] as const)
        .optional()
        .describe("Where it is done."),
    }),
  ),
  examples: z
    .array(
      z.object({
        datasetId: z.string(),
        seq: count,
        connectionId: z.string(),
        record: z.object({ object: z.string(), id: z.string() }),
        eventName: z.string(),
        eventTime: instant,
        words: z.string().optional().describe("Meta's own, where it refused it."),
      }),
    )
    .describe("Up to five of its events."),
  history: z
    .array(
      z.object({
        at: instant,
        what: z.enum(["opened", "mailed", "acknowledged", "muted", "unmuted", "sent_again", "resolved"]),
        by: by.optional().describe("Absent: it came by itself."),
        occasion: z.enum(["opened", "day", "deadline", "closed"]).optional().describe("What the mail told of."),
        people: count.optional().describe("How many people were written to."),
        until: instant.optional().describe("How long it was muted."),
        worse: z.boolean().optional().describe("It is no longer muted because it became worse."),
        task: z.string().optional().describe("The sending again; see `GET /tasks`."),
        taken: count.optional().describe("Events; absent while they are being sent again."),
        ended: z.enum(["mended", "too_old"]).optional(),
      }),
    )
    .describe("Oldest first."),
  estimateMs: count.optional().describe("How long Meta takes for its events, as fast as it has been taking them."),
  task: taskView.optional().describe("Its events are being sent again, or were within the last day."),
});
export type ProblemDetail = z.infer<typeof problemDetail>;

export const problemRedriveAsked = z.strictObject({
  as: z
    .enum(["it_was", "rebuilt"])
    .default("it_was")
    .describe("As they were, or of the CRM's data and the mapping as they are now."),
});
export const problemMuteAsked = z.strictObject({ days: z.int().min(1).max(30) });
