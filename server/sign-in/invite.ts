import { Failure, isFailure } from "../../core/errors.ts";
import type { Log } from "../../core/ports.ts";
import type { PersonId, Tenant, TenantId } from "../../core/types.ts";
import type { SendMail } from "../mail/mail.ts";
import { writeAudit } from "../store/audit.ts";
import { addInvitation, type Invitation, takeInvitation } from "../store/invitations.ts";
import { addMember } from "../store/members.ts";
import type { Store } from "../store/open.ts";
import type { Role } from "./roles.ts";
import { createSession, type NewSession, type SignedIn } from "./session.ts";
import { newToken, tokenHash } from "./token.ts";

const invitationLivesMs = 7 * 86_400_000;

export interface Invite {
  readonly tenant: Tenant;
  readonly mail: string;
  readonly role: Role;
  readonly invitedBy: PersonId;
}

/** Its token goes after the `#` of the link, which browsers send to nobody and no log gets to see. */
export async function invite(
  { tenant, mail, role, invitedBy }: Invite,
  publicUrl: string,
  store: Pick<Store, "web">,
  now: Date,
): Promise<Invitation & { readonly link: string }> {
  const token = newToken();
  const endsAt = new Date(now.getTime() + invitationLivesMs);
  const about = { tenantId: tenant.id, mail, role, invitedBy, endsAt, tokenHash: tokenHash(token) };
  const made = await store.web(tenant.id, async (trx) => {
    const invitation = await addInvitation(trx, about, now);
    const deed = { who: invitedBy, what: "invitation.sent", about: { invitation: invitation.id, role } };
    await writeAudit(trx, tenant.id, deed, now);
    return invitation;
  });
  return { ...made, link: `${publicUrl}/invitation#token=${token}` };
}

/** Whether the mail server has taken it; if not, the owner has the link and can hand it on. */
export async function mailInvitation(
  { id, mail, role, link, endsAt }: Invitation & { readonly link: string },
  workspace: string,
  send: SendMail | undefined,
  log: Log,
): Promise<boolean> {
  if (!send) return false;
  const text = [
    `You are invited to join the workspace “${workspace}” of Stagewire as ${role === "viewer" ? "a" : "an"} ${role}.`,
    `Open this link, sign in with your CRM, and join:\n${link}`,
    `The link works once, until ${endsAt.toISOString().slice(0, 16).replace("T", " ")} UTC. If you did not expect it, leave it be: nothing happens.`,
  ].join("\n\n");
  try {
    await send({ id, to: mail, subject: `${workspace}: you are invited`, text });
    return true;
  } catch (error) {
    if (!isFailure(error)) throw error;
    log.warn("An invitation was not mailed", { code: error.code });
    return false;
  }
}

/**
 * Makes the person a member and opens the workspace, once. Whoever is a member already keeps the role.
 *
 * @throws Failure `not_found` when the invitation was used, withdrawn, has ended, or never was
 */
export async function acceptInvitation(
  token: string,
  session: SignedIn,
  store: Pick<Store, "db">,
  now: Date,
): Promise<NewSession & { readonly tenantId: TenantId }> {
  return await store.db.transaction().execute(async (trx) => {
    const invitation = await takeInvitation(trx, tokenHash(token), "member", now);
    if (!invitation) throw new Failure("not_found", "the invitation was used, was withdrawn, or has ended");
    const { tenantId, role, id } = invitation;
    const who = session.person.id;
    await addMember(trx, tenantId, { personId: who, role }, now);
    await writeAudit(trx, tenantId, { who, what: "member.joined", about: { invitation: id, role } }, now);
    return { ...(await createSession(trx, { personId: who, tenantId, instead: session }, now)), tenantId };
  });
}
