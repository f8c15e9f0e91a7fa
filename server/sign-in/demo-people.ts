import type { TenantId } from "../../core/types.ts";
import type { Store } from "../store/open.ts";
import { knowPerson } from "../store/people.ts";
import type { Role } from "./roles.ts";
import { createSession, type NewSession, type SignedIn } from "./session.ts";

/** Who works in the demo workspace. Nobody else can be signed in this way. */
const people: Readonly<Record<Role, { readonly name: string; readonly mail: string }>> = {
  owner: { name: "Olivia Owner", mail: "olivia@northwind.example" },
  admin: { name: "Adam Admin", mail: "adam@northwind.example" },
  viewer: { name: "Vera Viewer", mail: "vera@northwind.example" },
};

/** Enters the sandbox's demo workspace in this role, without asking anybody. */
export async function enterDemo(
  { db }: Pick<Store, "db">,
  tenantId: TenantId,
  role: Role,
  instead: SignedIn | undefined,
  now: Date,
): Promise<NewSession> {
  return await db.transaction().execute(async (trx) => {
    const person = await knowPerson(trx, { issuer: "stagewire:sandbox", subject: role, ...people[role] }, now);
    await trx
      .insertInto("member")
      .values({ tenant_id: tenantId, person_id: person.id, role, joined_at: now })
      // Whatever has become of the role since, the name says what it is.
      .onConflict((conflict) => conflict.columns(["tenant_id", "person_id"]).doUpdateSet({ role }))
      .execute();
    return await createSession(trx, { personId: person.id, tenantId, ...(instead && { instead }) }, now);
  });
}
