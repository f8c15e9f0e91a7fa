import { z } from "zod";
import { count, instant } from "./schema.ts";

/** What an admin sees and does about the running service. */

/** Bodies of deeds that need no further word. */
export const nothing = z.strictObject({});

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
