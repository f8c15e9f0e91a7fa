import type { Clock } from "../../core/ports.ts";
import type { Tenant } from "../../core/types.ts";
import type { Role } from "../../server/sign-in/roles.ts";
import { createSession } from "../../server/sign-in/session.ts";
import type { Store } from "../../server/store/open.ts";
import { knowPerson, type Person } from "../../server/store/people.ts";
import { listTenants } from "../../server/store/tenants.ts";

/** `nobody`: not signed in. `stranger`: signed in, member of no workspace. */
export type Asker = Role | "nobody" | "stranger";
export type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** People at browsers, signed in as the tests want them. */
export function createPeople(address: { readonly url: string }, store: Store, clock: Clock) {
  /** One person per workspace and role. */
  async function person(asker: Role | "stranger", tenant?: Tenant): Promise<Person> {
    const subject = `${tenant?.id ?? "none"}/${asker}`;
    const mail = `${subject.replace("/", ".")}@people.example`;
    const known = await knowPerson(store.db, { issuer: "test", subject, name: `The ${asker}`, mail }, clock.now());
    if (tenant && asker !== "stranger") {
      const member = { tenant_id: tenant.id, person_id: known.id, role: asker, joined_at: clock.now() };
      await store.db
        .insertInto("member")
        .values(member)
        .onConflict((conflict) => conflict.columns(["tenant_id", "person_id"]).doUpdateSet({ role: asker }))
        .execute();
    }
    return known;
  }
  const first = async (): Promise<Tenant> => {
    const [tenant] = await listTenants(store.db);
    if (!tenant) throw new Error("there is no workspace yet");
    return tenant;
  };

  /** The `Cookie` header of a new session: each call has one of its own, so tests may move the clock as they like. */
  async function cookie(asker: Asker, tenant?: Tenant): Promise<string | undefined> {
    if (asker === "nobody") return undefined;
    const of = asker === "stranger" ? undefined : (tenant ?? (await first()));
    const { id } = await person(asker, of);
    const { token } = await createSession(store.db, { personId: id, ...(of && { tenantId: of.id }) }, clock.now());
    return `session=${token}`;
  }
  /** `path`: from the slash on, or absolute. Redirects are answers. The workspace is the first one if none is named. */
  const as =
    (asker: Asker, tenant?: Tenant): Ask =>
    async (path, init = {}) => {
      const headers = new Headers(init.headers);
      const signedIn = await cookie(asker, tenant);
      if (signedIn) headers.append("cookie", signedIn);
      return await fetch(new URL(path, address.url), { redirect: "manual", ...init, headers });
    };
  return { as, cookie, person };
}
