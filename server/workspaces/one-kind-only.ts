import { Failure } from "../../core/errors.ts";
import type { Log } from "../../core/ports.ts";
import type { Store } from "../store/open.ts";
import { forgetTenant, listTenants } from "../store/tenants.ts";
import { demoName } from "./demo.ts";

/**
 * A folder serves simulated vendors or real ones. The demo workspace gives way to real accounts; real accounts are never handed
 * to simulated vendors.
 *
 * @throws Failure `config_invalid`
 */
export async function oneKindOnly(store: Store, sandbox: boolean, log: Log): Promise<void> {
  for (const tenant of await listTenants(store.db)) {
    if (sandbox && tenant.name !== demoName)
      throw new Failure(
        "config_invalid",
        "this database holds a real workspace; set its credentials, or another DATA_DIR for the demo",
      );
    if (sandbox || tenant.name !== demoName) continue;
    log.info("Real accounts are configured: the demo workspace is removed");
    await forgetTenant(store.db, tenant.id);
  }
}
