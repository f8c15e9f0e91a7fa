import { Failure } from "../../core/errors.ts";
import type { Tenant } from "../../core/types.ts";
import type { Store } from "../store/open.ts";
import { listTenants } from "../store/tenants.ts";

/** Whose workspace a caller of the console's API is in: the one that was made first. */
export async function tenantOfCaller(store: Store): Promise<Tenant> {
  const [tenant] = await listTenants(store.db);
  if (!tenant) throw new Failure("not_found", "no workspace is set up yet");
  return tenant;
}

/** Who it is, for the audit log. */
export const caller = "operator";
