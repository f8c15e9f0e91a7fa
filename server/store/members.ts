import type { Kysely, Transaction } from "kysely";
import type { PersonId, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";
import type { Role } from "./tables-people.ts";

export interface Member {
  readonly personId: PersonId;
  readonly role: Role;
  readonly joinedAt: Date;
}

/** Whoever is a member already keeps the role. */
export async function addMember(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { personId, role }: Pick<Member, "personId" | "role">,
  now: Date,
): Promise<void> {
  await db
    .insertInto("member")
    .values({ tenant_id: tenantId, person_id: personId, role, joined_at: now })
    .onConflict((conflict) => conflict.columns(["tenant_id", "person_id"]).doNothing())
    .execute();
}

export async function listMembers(db: Kysely<Tables>, tenantId: TenantId): Promise<readonly Member[]> {
  const rows = await db
    .selectFrom("member")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .orderBy("joined_at")
    .orderBy("person_id")
    .execute();
  return rows.map(({ person_id, role, joined_at }) => ({ personId: person_id as PersonId, role, joinedAt: joined_at }));
}

export async function roleIn(db: Kysely<Tables>, tenantId: TenantId, personId: PersonId): Promise<Role | undefined> {
  const row = await db
    .selectFrom("member")
    .select("role")
    .where("tenant_id", "=", tenantId)
    .where("person_id", "=", personId)
    .executeTakeFirst();
  return row?.role;
}

export interface Workspace {
  readonly id: TenantId;
  readonly name: string;
  readonly role: Role;
}

/** The workspaces that a person is a member of, in the order of joining. */
export async function workspacesOf(db: Kysely<Tables>, personId: PersonId): Promise<readonly Workspace[]> {
  const rows = await db
    .selectFrom("member")
    .innerJoin("tenant", "tenant.id", "member.tenant_id")
    .select(["tenant.id as id", "tenant.name as name", "member.role as role"])
    .where("member.person_id", "=", personId)
    .orderBy("member.joined_at")
    .orderBy("tenant.id")
    .execute();
  return rows.map(({ id, ...workspace }) => ({ ...workspace, id: id as TenantId }));
}

/**
 * Another role, or none. Undefined: there is no such member; `last_owner`: nobody would be left who may do everything. Owners
 * who change each other at the same moment take turns.
 */
export async function changeMember(
  trx: Transaction<Tables>,
  tenantId: TenantId,
  personId: PersonId,
  role: Role | "none",
): Promise<Role | "last_owner" | undefined> {
  const owners = await trx
    .selectFrom("member")
    .select("person_id")
    .where("tenant_id", "=", tenantId)
    .where("role", "=", "owner")
    .orderBy("person_id")
    .forUpdate()
    .execute();
  const before = await roleIn(trx, tenantId, personId);
  if (before === undefined) return undefined;
  if (role !== "owner" && owners.every(({ person_id }) => person_id === personId)) return "last_owner";
  if (role === "none")
    await trx.deleteFrom("member").where("tenant_id", "=", tenantId).where("person_id", "=", personId).execute();
  else
    await trx
      .updateTable("member")
      .set({ role })
      .where("tenant_id", "=", tenantId)
      .where("person_id", "=", personId)
      .execute();
  return before;
}
