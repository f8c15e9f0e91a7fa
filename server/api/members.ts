import { z } from "zod";
import { instant } from "./schema.ts";
import { role } from "./session.ts";

/** Who is in a workspace, and who is invited. */

/** `GET /api/v1/members` */
export const membersView = z.object({
  members: z.array(
    z.object({
      id: z.string(),
      name: z.string().optional(),
      mail: z.string().optional(),
      role,
      joinedAt: instant,
      /** It is whoever asks. */
      you: z.boolean(),
    }),
  ),
});
export type MembersView = z.infer<typeof membersView>;

/** `POST /api/v1/members/:id/role` */
export const roleAsked = z.strictObject({ role });
export const memberView = z.object({ id: z.string(), role });

/** `POST /api/v1/members/:id/remove` */
export const memberRemoved = z.object({ removed: z.literal(true) });

const invitation = z.object({
  id: z.string(),
  mail: z.string(),
  role,
  /** The member who invited. */
  invitedBy: z.string(),
  createdAt: instant,
  endsAt: instant,
});

/** `GET /api/v1/invitations` */
export const invitationsView = z.object({ invitations: z.array(invitation) });
export type InvitationsView = z.infer<typeof invitationsView>;

/** `POST /api/v1/invitations` */
export const invitationAsked = z.strictObject({ mail: z.email().max(254), role });
export const invited = invitation.extend({
  /** Whoever opens it can join, once; it is shown now and never again. */
  link: z.string(),
  /** The mail server has taken it; else the link is to be handed on in another way. */
  mailed: z.boolean(),
});
export type Invited = z.infer<typeof invited>;

/** `POST /api/v1/invitations/:id/withdraw` */
export const invitationWithdrawn = z.object({ withdrawn: z.literal(true) });

/** `POST /api/v1/invitations/accept`: the part of the invitation's link after `#token=`. */
export const invitationAccepted = z.strictObject({ token: z.string().max(200) });
