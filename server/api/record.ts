import { z } from "zod";
import { count, instant } from "./schema.ts";

/** What becomes of one record of the CRM, and what became of its events. */

const record = z.object({ object: z.string(), id: z.string() });

/** A code of the catalogue with its words. */
export const reason = z.object({ code: z.string(), title: z.string(), fix: z.string() });
export type Reason = z.infer<typeof reason>;

/** A place in the database has no room for control characters, and no CRM's name has any. */
const name = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^\P{Cc}*$/u);

/** `?object=deal&record=9911` */
export const explainQuery = z.object({ object: name(64).regex(/^[^:]*$/), record: name(256) });

/** `GET /api/v1/connections/:id/explain` */
export const explanationView = z.object({
  asOf: instant,
  record,
  /** Known to the CRM, to us only, or to nobody. */
  found: z.enum(["in_crm", "in_ledger", "nowhere"]),
  gone: z.enum(["deleted", "merged", "blocked"]).optional(),
  /** `not_kept`: it was pushed to us, and contact data is not kept longer than its event. */
  person: z.enum(["found", "missing", "not_kept"]),
  /** What Meta would recognise the person by: `lead_id`, `fbc`, `em` … */
  keys: z.array(z.string()),
  /** What the CRM holds and Meta would not get, as `key:why`. */
  leftOut: z.array(z.string()),
  mappingVersion: count,
  /** Oldest first. */
  entries: z.array(
    z.object({
      pipelineId: z.string(),
      stageId: z.string(),
      eventName: z.string().optional(),
      enteredAt: instant,
      timeQuality: z.enum(["exact", "day", "modified", "observed"]),
      /** Sent although the lead jumped over it, so that Meta sees every stage. */
      filled: z.boolean(),
      /** What we noted when we read it; absent: not read yet. `outcome`: `event`, or the reason for not sending. */
      ledger: z.object({ place: count, outcome: z.string(), title: z.string().optional() }).optional(),
      /** Where its event is now. */
      delivery: z
        .object({
          datasetId: z.string(),
          seq: count,
          state: z.enum(["accepted", "waiting", "refused"]),
          reason: reason.optional(),
        })
        .optional(),
      /** What the next reading would note, where that is news. */
      next: z.string().optional(),
      /** What would become of it if it were new now: `event`, or the reason. Absent: the person is not kept. */
      ifNew: z.string().optional(),
      /** In their order; the first that fails decides. */
      rules: z.array(
        z.object({
          rule: z.string(),
          title: z.string(),
          fix: z.string(),
          answer: z.enum(["ok", "fails", "unreached"]),
        }),
      ),
      /** The event as it would leave: the exact text. */
      payload: z.string().optional(),
    }),
  ),
});
export type ExplanationView = z.infer<typeof explanationView>;

const nullable = z.int().nullable();

/** `GET /api/v1/deliveries/:dataset/:seq` */
export const deliveryDetail = z.object({
  connectionId: z.string(),
  record,
  crmUrl: z.url().optional().describe("Where people look at the record in the CRM."),
  pipelineId: z.string(),
  stageId: z.string(),
  stage: z.string().optional().describe("What the CRM called the stage when the mapping was saved last."),
  eventName: z.string(),
  eventId: z.string(),
  enteredAt: instant,
  timeQuality: z.enum(["exact", "day", "modified", "observed"]),
  filled: z.boolean(),
  mappingVersion: count,
  datasetId: z.string(),
  /** Its number now: it gets another when it is sent again. */
  seq: count,
  state: z.enum(["accepted", "waiting", "refused"]),
  reason: reason.optional(),
  /** Meta takes it no later than this. */
  deadlineAt: instant,
  payload: z.string(),
  sentWithout: z
    .array(z.string())
    .optional()
    .describe("Match keys that were left out when Meta took it, since it had refused them: `lead_id`."),
  /** Oldest first. */
  timeline: z.array(
    z.discriminatedUnion("what", [
      z.object({ what: z.literal("changed"), at: instant }),
      z.object({ what: z.enum(["kept", "set_aside", "sent_again"]), at: instant, seq: count }),
      z.object({
        what: z.literal("request"),
        at: instant,
        tookMs: count,
        /** Events in the request. */
        events: count,
        verdict: z.enum(["accepted", "retry", "refused", "unknown", "blocked"]),
        reason: reason.optional(),
        status: nullable,
        code: nullable,
        subcode: nullable,
        traceId: z.string().nullable(),
        /** Meta's own words, where the request was neither accepted nor refused. */
        words: z.string().optional(),
      }),
      z.object({
        what: z.literal("given_up"),
        at: instant,
        reason,
        code: nullable,
        subcode: nullable,
        /** Meta's own words. */
        words: z.string().nullable(),
        traceId: z.string().nullable(),
      }),
    ]),
  ),
});
export type DeliveryDetail = z.infer<typeof deliveryDetail>;

/** `GET /api/v1/deliveries/:dataset/:seq/redrive` */
export const redrivePreview = z.object({
  datasetId: z.string(),
  seq: count,
  eventId: z.string(),
  deadlineAt: instant,
  itWas: z.string(),
  /** As the CRM's data and the mapping would make it now; absent where they would not. */
  rebuilt: z.string().optional(),
  /** From `itWas` to `rebuilt`; hashes are shortened. */
  differences: z.array(z.object({ field: z.string(), before: z.string().optional(), after: z.string().optional() })),
  /** Why it would not be sent now. */
  heldBack: reason.optional(),
  /** Why it cannot be rebuilt although nothing holds it back: the CRM does not answer, or the person is not kept. */
  unknown: z.string().optional(),
});
export type RedrivePreview = z.infer<typeof redrivePreview>;

export const redriveAsked = z.strictObject({ as: z.enum(["it_was", "rebuilt"]) });
/** `POST /api/v1/deliveries/:dataset/:seq/redrive` */
export const redriven = z.object({ datasetId: z.string(), seq: count });
