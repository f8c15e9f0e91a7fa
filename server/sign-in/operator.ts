import type { Kysely } from "kysely";
import type { TenantId } from "../../core/types.ts";
import { addInvitation, atStart, takeInvitation, withdrawInvitationsBy } from "../store/invitations.ts";
import { addMember } from "../store/members.ts";
import type { Store } from "../store/open.ts";
import { knowPerson, type Person } from "../store/people.ts";
import type { Tables } from "../store/tables.ts";
import { createSession, type NewSession, type SignedIn } from "./session.ts";
import { newToken, tokenHash } from "./token.ts";

const linkLivesMs = 30 * 60_000;

/**
 * The key with which whoever started the server comes into its workspace: once, within 30 minutes. It goes after the `#` of a
 * link, which browsers send to nobody. A new one ends those before it.
 */
export async function operatorKeyFor(store: Pick<Store, "db">, tenantId: TenantId, now: Date): Promise<string> {
  const key = newToken();
  await store.db.transaction().execute(async (trx) => {
    await withdrawInvitationsBy(trx, tenantId, atStart);
    const endsAt = new Date(now.getTime() + linkLivesMs);
    const about = { tenantId, mail: "", role: "owner" as const, invitedBy: atStart, endsAt };
    await addInvitation(trx, { ...about, tokenHash: tokenHash(key) }, now);
  });
  return key;
}

/** Undefined: the key is none, was used, or has ended. */
export async function enterAsOperator(
  store: Pick<Store, "db">,
  key: string,
  instead: SignedIn | undefined,
  now: Date,
): Promise<(NewSession & { readonly person: Person; readonly tenantId: TenantId }) | undefined> {
  return await store.db.transaction().execute(async (trx: Kysely<Tables>) => {
    const invitation = await takeInvitation(trx, tokenHash(key), "start", now);
    if (!invitation) return undefined;
    const { tenantId, role } = invitation;
    const person = await knowPerson(trx, { issuer: "stagewire", subject: "operator", name: "Operator" }, now);
    await addMember(trx, tenantId, { personId: person.id, role }, now);
    const made = await createSession(trx, { personId: person.id, tenantId, ...(instead && { instead }) }, now);
    return { ...made, person, tenantId };
  });
}
