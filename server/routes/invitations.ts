import { Failure } from "../../core/errors.ts";
import { invitationAccepted, invitationAsked, invitationsView, invitationWithdrawn, invited } from "../api/members.ts";
import { nothing } from "../api/operations.ts";
import { opened } from "../api/session.ts";
import { acceptInvitation, invite, mailInvitation } from "../sign-in/invite.ts";
import { writeAudit } from "../store/audit.ts";
import { type Invitation, openInvitations, withdrawInvitation } from "../store/invitations.ts";
import { type ApiParts, apiRoute, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

/** How others are let into the workspace. */
export const invitationRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/invitations",
      who: "admin",
      summary: "Invitations that are open",
      answer: invitationsView,
      handle: async ({ tenant, now }) => ({
        invitations: (await parts.store.web(tenant.id, (trx) => openInvitations(trx, tenant.id, now))).map(view),
      }),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/invitations",
      who: "owner",
      summary: "Invite somebody",
      limit: "mail",
      body: invitationAsked,
      answer: invited,
      handle: async ({ tenant, who, now, body }) => {
        const { store, log } = parts;
        const made = await invite({ tenant, ...body, invitedBy: who }, parts.publicUrl(), store, now);
        const mailed = await mailInvitation(made, tenant.name, parts.sendMail(), log);
        return { ...view(made), link: made.link, mailed };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/invitations/:id/withdraw",
      who: "owner",
      summary: "Withdraw an invitation",
      body: nothing,
      answer: invitationWithdrawn,
      handle: async ({ tenant, who, now, params }) => {
        const id = idIn<string>(params, "id", "inv");
        await parts.store.web(tenant.id, async (trx) => {
          if (!(await withdrawInvitation(trx, tenant.id, id))) throw new Failure("not_found", `invitation ${id}`);
          await writeAudit(trx, tenant.id, { who, what: "invitation.withdrawn", about: { invitation: id } }, now);
        });
        return { withdrawn: true as const };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/invitations/accept",
      who: "person",
      summary: "Join a workspace by its invitation",
      limit: "sign_in",
      body: invitationAccepted,
      answer: opened,
      handle: async ({ session, now, body, cookies }) => {
        const { token, lastsMs, tenantId } = await acceptInvitation(body.token, session, parts.store, now);
        cookies.give("session", token, lastsMs);
        return { workspace: tenantId };
      },
    },
    parts,
  ),
];

const view = ({ id, mail, role, invitedBy, createdAt, endsAt }: Invitation) => ({
  id,
  mail,
  role,
  invitedBy,
  createdAt: createdAt.toISOString(),
  endsAt: endsAt.toISOString(),
});
