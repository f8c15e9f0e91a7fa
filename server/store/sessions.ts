import type { Kysely } from "kysely";
import type { PersonId, TenantId } from "../../core/types.ts";
import { type Person, toPerson } from "./people.ts";
import type { Tables } from "./tables.ts";
import type { Role } from "./tables-people.ts";

/** A session as it is kept; `id` is the hash of its token and opens nothing. */
export interface KeptSession {
  readonly id: string;
  readonly person: Person;
  readonly seenAt: Date;
  readonly endsAt: Date;
  /** The workspace that is open, while the person is a member of it. */
  readonly open?: { readonly tenantId: TenantId; readonly role: Role };
}

export async function addSession(
  db: Kysely<Tables>,
  session: { readonly id: string; readonly personId: PersonId; readonly tenantId?: TenantId; readonly endsAt: Date },
  now: Date,
): Promise<void> {
  const { id, personId, tenantId = null, endsAt } = session;
  const times = { created_at: now, seen_at: now, ends_at: endsAt };
  await db
    .insertInto("session")
    .values({ ...times, token_hash: id, person_id: personId, tenant_id: tenantId })
    .execute();
}

export async function findKept(db: Kysely<Tables>, id: string): Promise<KeptSession | undefined> {
  const row = await db
    .selectFrom("session")
    .innerJoin("person", "person.id", "session.person_id")
    .leftJoin("member", (join) =>
      join.onRef("member.tenant_id", "=", "session.tenant_id").onRef("member.person_id", "=", "session.person_id"),
    )
    .select(["person.id as id", "person.name as name", "person.mail as mail"])
    .select(["session.seen_at as seenAt", "session.ends_at as endsAt", "session.tenant_id as tenantId"])
    .select("member.role as role")
    .where("session.token_hash", "=", id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { tenantId, role, seenAt, endsAt } = row;
  const open = tenantId !== null && role !== null && { tenantId: tenantId as TenantId, role };
  return { id, person: toPerson(row), seenAt, endsAt, ...(open && { open }) };
}

export async function touchSession(db: Kysely<Tables>, id: string, now: Date): Promise<void> {
  await db.updateTable("session").set({ seen_at: now }).where("token_hash", "=", id).execute();
}

export async function dropSession(db: Kysely<Tables>, id: string): Promise<void> {
  await db.deleteFrom("session").where("token_hash", "=", id).execute();
}

/** All of a person, all that have a workspace open, or both together; `but`: this one stays. */
export async function dropSessionsOf(
  db: Kysely<Tables>,
  of: { readonly personId?: PersonId; readonly tenantId?: TenantId; readonly but?: string },
): Promise<void> {
  const { personId, tenantId, but } = of;
  if (personId === undefined && tenantId === undefined) return;
  let sessions = db.deleteFrom("session");
  if (personId !== undefined) sessions = sessions.where("person_id", "=", personId);
  if (tenantId !== undefined) sessions = sessions.where("tenant_id", "=", tenantId);
  if (but !== undefined) sessions = sessions.where("token_hash", "<>", but);
  await sessions.execute();
}

/** Those that have ended, or have not been used since `idleSince`. */
export async function purgeSessions(db: Kysely<Tables>, now: Date, idleSince: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("session")
    .where(({ eb, or }) => or([eb("ends_at", "<=", now), eb("seen_at", "<=", idleSince)]))
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
