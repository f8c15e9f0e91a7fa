import { z } from "zod";
import { instant } from "./schema.ts";

/** What is written down of what people, and vendors, do here: `noun.deed`. */
export const deeds = {
  "workspace.made": "An account was installed into a new workspace",
  "workspace.ending": "The workspace is to be erased",
  "workspace.kept": "The workspace is kept after all",
  "settings.changed": "A setting of the workspace was changed",
  "account.connected": "An account was connected",
  "account.reconnected": "The access to an account was renewed",
  "account.disconnected": "An account was disconnected",
  "account.farewell": "The vendor of a disconnected account was told",
  "account.taken_over": "Another workspace took over an account that was lost for a week",
  "account.refused": "Somebody else tried to connect an account of this workspace",
  "session.started": "Somebody signed in by connecting",
  "session.operator": "Somebody signed in with the operator's link",
  "member.joined": "A member joined",
  "member.role": "A member was given another role",
  "member.removed": "A member was removed",
  "invitation.sent": "Somebody was invited",
  "invitation.withdrawn": "An invitation was withdrawn",
  "meta.signed_in": "Somebody signed in at Meta",
  "dataset.connected": "A dataset was connected",
  "dataset.disconnected": "A dataset was disconnected",
  "dataset.access_withdrawn": "The access to a dataset was withdrawn at Meta",
  "dataset.paused": "Sending to a dataset was paused",
  "dataset.resumed": "Sending to a dataset was resumed",
  "connection.paused": "Reading a connection was paused",
  "connection.resumed": "Reading a connection was resumed",
  "connection.live": "Sending was switched on",
  "ingest_key.made": "A key to push with was made",
  "ingest_key.rotated": "A key to push with was replaced",
  "ingest_key.ended": "A key to push with was ended",
  "connection.check_asked": "Somebody had a CRM looked at",
  "problem.dismissed": "A problem was dismissed",
  "problem.sent_again": "Events of a problem were sent again",
  "delivery.sent_again": "An event was sent again",
  "person.erased": "A person was erased",
} as const;

/** `?limit=100&before=aud_…&what=member&who=usr_…`; `what`: a deed, or all of a noun. */
export const auditQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  before: z
    .string()
    .regex(/^aud_[a-z0-9]{1,40}$/)
    .optional(),
  what: z
    .string()
    .regex(/^[a-z_]{1,40}(\.[a-z_]{1,40})?$/)
    .optional(),
  who: z
    .string()
    .regex(/^[a-z0-9_]{1,60}$/)
    .optional(),
});

/** `GET /api/v1/audit`: the latest first. */
export const auditView = z.object({
  entries: z.array(
    z.object({
      id: z.string(),
      at: instant,
      /** A member, or who else did it: `hubspot`, `meta`, `upkeep`, `operator`, `stranger`. */
      who: z.string(),
      what: z.string(),
      /** The deed in words, where it is known. */
      words: z.string().optional(),
      about: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
});
export type AuditView = z.infer<typeof auditView>;
