import type { Kysely, Selectable } from "kysely";
import type { PersonId, TenantId } from "../../core/types.ts";
import { newId } from "./ids.ts";
import type { Tables } from "./tables.ts";
import type { InvitationTable, Role } from "./tables-people.ts";

/** A way into a workspace, for whoever holds its link: once, and not for ever. */
export interface Invitation {
  readonly tenantId: TenantId;
  readonly id: string;
  /** Where it was sent; empty: nowhere, the operator was shown it. */
  readonly mail: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly createdAt: Date;
  readonly endsAt: Date;
}

/** Who invited, where it was no member. */
export const atStart = "start";

export async function addInvitation(
  db: Kysely<Tables>,
  invitation: Omit<Invitation, "id" | "createdAt"> & { readonly tokenHash: string },
  now: Date,
): Promise<Invitation> {
  const { tokenHash, ...about } = invitation;
  const made: Invitation = { ...about, id: newId("inv"), createdAt: now };
  await db
    .insertInto("invitation")
    .values({
      tenant_id: made.tenantId,
      id: made.id,
      mail: made.mail,
      role: made.role,
      token_hash: tokenHash,
      invited_by: made.invitedBy,
      created_at: now,
      ends_at: made.endsAt,
    })
    .execute();
  return made;
}

/** Those of members that are open, the latest first. */
export async function openInvitations(
  db: Kysely<Tables>,
  tenantId: TenantId,
  now: Date,
): Promise<readonly Invitation[]> {
  const rows = await db
    .selectFrom("invitation")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("accepted_at", "is", null)
    .where("ends_at", ">", now)
    .where("invited_by", "<>", atStart)
    .orderBy("created_at", "desc")
    .orderBy("id")
    .execute();
  return rows.map(toInvitation);
}

/** Uses it up. Undefined: there is none with this token that is open, and of the right kind. */
export async function takeInvitation(
  db: Kysely<Tables>,
  tokenHash: string,
  by: "member" | "start",
  now: Date,
): Promise<Invitation | undefined> {
  const found = await db.selectFrom("invitation").selectAll().where("token_hash", "=", tokenHash).executeTakeFirst();
  if (!found || (found.invited_by === atStart) !== (by === "start")) return undefined;
  const { numUpdatedRows } = await db
    .updateTable("invitation")
    .set({ accepted_at: now })
    .where("tenant_id", "=", found.tenant_id)
    .where("id", "=", found.id)
    .where("accepted_at", "is", null)
    .where("ends_at", ">", now)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n ? toInvitation(found) : undefined;
}

/** @returns whether there was one that was open */
export async function withdrawInvitation(db: Kysely<Tables>, tenantId: TenantId, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("invitation")
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .where("accepted_at", "is", null)
    .where("invited_by", "<>", atStart)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** A member's open invitations end with the membership: what a removed owner sent out lets nobody in. */
export async function withdrawInvitationsBy(
  db: Kysely<Tables>,
  tenantId: TenantId,
  invitedBy: PersonId | typeof atStart,
): Promise<void> {
  await db
    .deleteFrom("invitation")
    .where("tenant_id", "=", tenantId)
    .where("invited_by", "=", invitedBy)
    .where("accepted_at", "is", null)
    .execute();
}

/** Those that ended before this instant, accepted or not. */
export async function purgeInvitations(db: Kysely<Tables>, before: Date): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom("invitation").where("ends_at", "<=", before).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

const toInvitation = (row: Selectable<InvitationTable>): Invitation => ({
  tenantId: row.tenant_id as TenantId,
  id: row.id,
  mail: row.mail,
  role: row.role,
  invitedBy: row.invited_by,
  createdAt: row.created_at,
  endsAt: row.ends_at,
});
