import type { Transaction } from "kysely";
import { Failure } from "../../core/errors.ts";
import type { PersonId } from "../../core/types.ts";
import { memberRemoved, membersView, memberView, roleAsked } from "../api/members.ts";
import { nothing } from "../api/operations.ts";
import type { Role } from "../sign-in/roles.ts";
import { createSession, endSessionsOf } from "../sign-in/session.ts";
import { writeAudit } from "../store/audit.ts";
import { withdrawInvitationsBy } from "../store/invitations.ts";
import { changeMember, listMembers } from "../store/members.ts";
import { findPeople } from "../store/people.ts";
import type { Tables } from "../store/tables.ts";
import { type ApiParts, apiRoute, type Call, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

/** Who is in the workspace, and what each may do. */
export const memberRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/members",
      who: "viewer",
      summary: "Who is in the workspace",
      answer: membersView,
      handle: async ({ tenant, who }) => {
        const members = await parts.store.web(tenant.id, (trx) => listMembers(trx, tenant.id));
        // People are in no workspace of their own: the web role cannot see them, so it asks for those it found.
        const ids = members.map(({ personId }) => personId);
        const people = await findPeople(parts.store.db, ids);
        return {
          members: members.map(({ personId, role, joinedAt }) => ({
            ...people.get(personId),
            id: personId,
            role,
            joinedAt: joinedAt.toISOString(),
            you: personId === who,
          })),
        };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/members/:id/role",
      who: "owner",
      summary: "Give a member another role",
      body: roleAsked,
      answer: memberView,
      handle: async (call) => {
        const { role } = call.body;
        const id = await change(call, role, parts, async () => {});
        return { id, role };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/members/:id/remove",
      who: "owner",
      summary: "Remove a member from the workspace",
      body: nothing,
      answer: memberRemoved,
      handle: async (call) => {
        await change(call, "none", parts, (trx, id) => withdrawInvitationsBy(trx, call.tenant.id, id));
        return { removed: true as const };
      },
    },
    parts,
  ),
];

/**
 * One change of a membership, written down. What the member could do before ends at once: each of their sessions in this
 * workspace does, and whoever changes their own role goes on with a new token.
 */
async function change(
  { tenant, who, now, params, cookies, session }: Call<unknown, unknown>,
  role: Role | "none",
  { store }: ApiParts,
  also: (trx: Transaction<Tables>, id: PersonId) => Promise<void>,
): Promise<PersonId> {
  const id = idIn<PersonId>(params, "id", "usr");
  await store.web(tenant.id, async (trx) => {
    const before = await changeMember(trx, tenant.id, id, role);
    if (before === undefined) throw new Failure("not_found", `member ${id}`);
    if (before === "last_owner") throw new Failure("conflict", "the workspace would have no owner; name another first");
    if (before === role) return;
    const deed = { who, what: role === "none" ? "member.removed" : "member.role", about: { member: id, before, role } };
    await writeAudit(trx, tenant.id, deed, now);
    await also(trx, id);
  });
  await endSessionsOf(store.db, { personId: id, tenantId: tenant.id });
  if (id === who) {
    const open = role === "none" ? {} : { tenantId: tenant.id };
    const { token, lastsMs } = await createSession(store.db, { personId: who, ...open, instead: session }, now);
    cookies.give("session", token, lastsMs);
  }
  return id;
}
