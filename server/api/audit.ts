import { z } from "zod";
import { instant } from "./schema.ts";

/** What is written down of what people, and vendors, do here: `noun.deed`. */
export const deeds = {
  "workspace.made": "The workspace was installed",
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
  "test_event.sent": "A test event was sent",
  "connection.fields": "The CRM fields that tell who a lead is, and what a record is worth, were chosen",
  "mapping.saved": "A stage mapping was saved",
  "ingest_key.made": "A key to push with was made",
  "ingest_key.rotated": "A key to push with was replaced",
  "ingest_key.ended": "A key to push with was ended",
  "signing_secret.made": "A new signing secret was made; the one before has ended",
  "connection.check_asked": "Somebody had a CRM looked at",
  "problem.acknowledged": "Somebody has seen a problem",
  "problem.muted": "A problem was muted",
  "problem.unmuted": "A problem is told of again",
  "problem.sent_again": "Events of a problem were sent again",
  "task.stopped": "Long work was ended before its time",
  "delivery.sent_again": "An event was sent again",
  "delivery.exported": "Deliveries were saved as a file",
  "view.saved": "A view of the deliveries was saved",
  "view.removed": "A view of the deliveries was removed",
  "person.looked_for": "What is held of a person was looked for",
  "person.erased": "A person was erased",
  "person.exported": "What is held of a person was downloaded",
  "audit.exported": "The audit log was downloaded",
} as const;

/** What deeds are about: what may be looked for. */
type NounOf<Deed> = Deed extends `${infer Noun}.${string}` ? Noun : never;
export type AuditNoun = NounOf<keyof typeof deeds>;

const filters = {
  what: z
    .string()
    .regex(/^[a-z_]{1,40}(\.[a-z_]{1,40})?$/)
    .optional()
    .describe("A deed, or all of a noun: `member.role`, `member`."),
  who: z
    .string()
    .regex(/^[a-z0-9_]{1,60}$/)
    .optional()
    .describe("A member, or who else acts here: `hubspot`, `meta`, `upkeep`, `operator`, `stranger`."),
};

/** `?what=member&who=usr_…&limit=100&before=aud_…` */
export const auditQuery = z.strictObject({
  ...filters,
  limit: z.coerce.number().int().min(1).max(500).default(100),
  before: z
    .string()
    .regex(/^aud_[a-z0-9]{1,40}$/)
    .optional()
    .describe("Entries that are older than this one."),
});
/** `GET /api/v1/audit.csv?what=member&who=usr_…` */
export const auditFileQuery = z.strictObject(filters);

/** `GET /api/v1/audit`: the latest first. */
export const auditView = z.object({
  entries: z.array(
    z.object({
      id: z.string(),
      at: instant,
      who: z.string().describe("A member, or who else did it."),
      what: z.string(),
      words: z.string().optional().describe("The deed in words, where it is known."),
      change: z
        .object({
          what: z.string().optional().describe("What of it, in words."),
          before: z.string().nullable(),
          after: z.string().nullable(),
        })
        .optional()
        .describe("How it was, and how it is since, in words."),
      about: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
  names: z.record(z.string(), z.string()).describe("What the people, connections and datasets in it are called."),
  people: z
    .array(z.string())
    .optional()
    .describe("Everybody who ever did something here; with the latest entries only."),
});
export type AuditView = z.infer<typeof auditView>;
