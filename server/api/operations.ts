import { z } from "zod";
import { acts, count, instant } from "./schema.ts";

/** What an admin sees and does about the running service. */

/** Bodies of deeds that need no further word. */
export const nothing = z.strictObject({});

/** `?state=open` */
export const problemsQuery = z.object({ state: z.enum(["open", "closed"]).default("open") });

const problemView = z.object({
  id: z.string(),
  code: z.string(),
  /** What happened, in numbers, and until when nothing is lost: the same sentence as in the mails. */
  sentence: z.string(),
  title: z.string(),
  effect: z.string(),
  fix: z.string(),
  acts,
  /** What we do until it is mended. */
  meanwhile: z.string().optional(),
  /** The connection or the dataset. */
  about: z.string().optional(),
  /** Its name. */
  name: z.string().optional(),
  /** Events. */
  affected: count,
  /** Since when it has been so. */
  since: instant,
  openedAt: instant,
  closedAt: instant.optional(),
  /** The first event is lost then. */
  deadlineAt: instant.optional(),
  /** Somebody wanted to hear no more of it. */
  dismissedAt: instant.optional(),
  /** Its events can be sent again. */
  canRedrive: z.boolean(),
  canDismiss: z.boolean(),
  /** Meta's own words about one of them. */
  words: z.string().optional(),
});
/** `GET /api/v1/problems` */
export const problemsView = z.object({ problems: z.array(problemView) });
export type ProblemsView = z.infer<typeof problemsView>;

/** As they were, or of the CRM's data and the mapping as they are now. `after`: the `next` of the answer before. */
export const problemRedriveAsked = z.strictObject({
  as: z.enum(["it_was", "rebuilt"]).default("it_was"),
  after: z.int().nonnegative().default(0),
});
/** `POST /api/v1/problems/:id/redrive` */
export const problemRedriven = z.object({
  /** Events that will be sent again. */
  taken: count,
  tooOld: count,
  /** A rule says by now that they are not to be sent. */
  heldBack: count,
  /** The CRM did not answer for them, or the person is not kept. */
  unknown: count,
  /** Time was up: ask again from here. */
  next: count.optional(),
});
/** `POST /api/v1/problems/:id/dismiss` */
export const problemDismissed = z.object({ dismissed: z.literal(true) });

/** `POST …/pause`, `…/resume`: how it stands now. */
export const laneView = z.object({ paused: z.boolean(), pausedCode: z.string().optional() });
/** `POST /api/v1/connections/:id/check-now` */
export const checkAsked = z.object({ asked: z.literal(true) });

/** `GET /api/v1/connections/:id/reconciliation` */
export const reconciliationView = z.object({
  /** The latest first; as it was when the day was last compared with the CRM. */
  days: z.array(
    z.object({
      day: z.iso.date(),
      /** Stage entries that the CRM has of this day. */
      seen: count,
      /** Those of them that we had not heard of before we compared. */
      missed: count,
      accepted: count,
      waiting: count,
      refused: count,
      notSent: z.array(z.object({ reason: z.string(), title: z.string(), count })),
      /** Whether all that was seen is accounted for. */
      addsUp: z.boolean(),
      checkedAt: instant,
    }),
  ),
});
export type ReconciliationView = z.infer<typeof reconciliationView>;

export type { AuditView } from "./audit.ts";
